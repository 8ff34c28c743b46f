# SPDX-License-Identifier: MIT
"""Claude Code is fetched from an npm registry for native sessions on a machine that has none."""

import contextlib
import json
import os
import shutil
import subprocess
import time

import pytest

from conftest import CCO, native_only, until
from npm_registry import DOCUMENT, PINNED, Registry, claude
from release import Proxy, head

pytestmark = native_only("with an engine, claude is in the image")

VERSIONS = {"2.1.1": claude("2.1.1"), "2.1.2": claude("2.1.2"), "2.1.10": claude("2.1.10")}


class Fetching:
    """A box without claude, and a registry."""

    def __init__(self, box, pki):
        self.box, self.pki, self.servers = box, pki, []
        # A PATH without claude, also on a machine that has one.
        self.bin = box.home.parent / "bin"
        self.bin.mkdir()
        box.env["PATH"] = "/usr/sbin:/bin" if not os.path.exists("/bin/claude") else str(self.bin)
        box.env["SSL_CERT_FILE"] = str(pki.pem("ca"))
        self.dir = box.home / ".local/share/cco/claude-code"
        self.registry = self.serve(VERSIONS, "2.1.2")

    def serve(self, *args, **how):
        self.servers.append(Registry(self.pki, *args, **how))
        self.box.env["npm_config_registry"] = self.servers[-1].address
        return self.servers[-1]

    def run(self, *args, **how):
        return self.box.cco(*args, **how)

    def names(self):
        return sorted(path.name for path in self.dir.iterdir()) if self.dir.exists() else []


@pytest.fixture
def fetching(real, pki):
    it = Fetching(real, pki)
    yield it
    for server in it.servers:
        server.close()


def test_the_newest_claude_is_fetched_once(fetching):
    first = fetching.run("-p", "hi")
    assert first.returncode == 0, first.err
    assert first.out.startswith("this is claude 2.1.2: ") and first.out.endswith("-p hi\n")
    assert fetching.names() == [".lock", "2.1.2", "current"]
    assert sorted(p.name for p in (fetching.dir / "2.1.2").iterdir()) == ["LICENSE.md", "claude", "package.json"]
    assert (fetching.dir / "2.1.2/claude").stat().st_mode & 0o777 == 0o700
    seen = len(fetching.registry.seen)
    assert fetching.run("-p", "again").out.endswith("-p again\n")
    assert len(fetching.registry.seen) == seen == 2


def test_claude_is_in_path_and_cannot_be_changed(fetching):
    assert fetching.run("-p", "hi").returncode == 0
    result = fetching.run("shell", "claude there; echo x > $(command -v claude); ls $(dirname $(command -v claude))")
    assert result.out == "this is claude 2.1.2: there\nclaude\n", result.err
    assert "Read-only" in result.err or "denied" in result.err


def test_the_claude_of_the_user_comes_first(fetching):
    assert fetching.run("-p", "hi").returncode == 0
    mine = fetching.box.home / ".local/bin/claude"
    mine.parent.mkdir(parents=True)
    mine.write_text("#!/bin/sh\necho my own\n")
    mine.chmod(0o755)
    assert fetching.run("-p", "hi").out == "my own\n"
    result = fetching.run("--rebuild", "-p", "hi")
    assert result.out == "my own\n" and "claude update" in result.err


def test_rebuild_fetches_the_newest_and_two_versions_are_kept(fetching):
    assert fetching.run("--claude-version", "2.1.1", "-p", "hi").out.startswith("this is claude 2.1.1: ")
    assert fetching.run("--rebuild", "-p", "hi").out.startswith("this is claude 2.1.2: ")
    fetching.registry.latest = "2.1.10"
    assert fetching.run("-p", "hi").out.startswith("this is claude 2.1.2: ")
    assert fetching.run("--rebuild", "-p", "hi").out.startswith("this is claude 2.1.10: ")
    assert fetching.names() == [".lock", "2.1.10", "2.1.2", "current"]
    fetching.registry.latest = "2.1.1"
    assert fetching.run("--rebuild", "shell", "claude there").out.startswith("this is claude 2.1.1: "), "also for a shell"
    fetching.registry.latest = "2.1.10"
    assert fetching.run("--rebuild", "shell", "true").returncode == 0
    fetching.servers[0].versions.clear()
    result = fetching.run("--rebuild", "-p", "hi")
    assert result.out.startswith("this is claude 2.1.10: ") and "2.1.10) is used" in result.err


def test_the_configuration_pins_a_version(fetching):
    config = fetching.box.home / ".config/cco/config"
    config.parent.mkdir(parents=True)
    config.write_text("claude-version = 2.1.1\n")
    assert fetching.run("-p", "hi").out.startswith("this is claude 2.1.1: ")
    info = json.loads(fetching.run("info", "--json").out)
    assert info["claude"]["fetched_version"] == "2.1.1"
    assert info["claude"]["program"] == str(fetching.dir / "2.1.1/claude")
    config.write_text("claude-version = 3.0.0\n")
    result = fetching.run("-p", "hi")
    assert result.returncode == 127 and "has no version 3.0.0" in result.err
    config.write_text("claude-version = newest\n")
    result = fetching.run("-p", "hi")
    assert result.returncode == 2 and "expected a version" in result.err


def test_an_interrupted_download_goes_on(fetching):
    size = len(VERSIONS["2.1.2"])
    fetching.registry.cuts = [1000, 2000, 0]
    result = fetching.run("-p", "hi")
    assert result.returncode == 127 and "closed" in result.err
    assert (fetching.dir / ".download-2.1.2.tgz").stat().st_size == 3000
    assert fetching.run("-p", "hi").returncode == 0
    starts = [request.split("Range: bytes=")[1].split("-")[0] for request in fetching.registry.heads if "Range" in request]
    assert starts == ["1000", "3000", "3000"] and size > 3000
    assert fetching.names() == [".lock", "2.1.2", "current"]


def test_a_registry_that_sends_almost_nothing_is_given_up(fetching):
    fetching.registry.cuts = [1] * 50
    result = fetching.run("-p", "hi")
    assert result.returncode == 127 and "almost nothing" in result.err
    assert len(fetching.registry.cuts) == 45


def test_a_server_without_ranges_sends_everything_again(fetching):
    fetching.registry.cuts, fetching.registry.ranges = [1000, 0], False
    assert fetching.run("-p", "hi").returncode == 127
    assert fetching.run("-p", "hi").returncode == 0


def test_a_wrong_beginning_is_downloaded_again(fetching):
    fetching.dir.mkdir(parents=True)
    (fetching.dir / ".download-2.1.2.tgz").write_bytes(b"x" * 5000)
    assert fetching.run("-p", "hi").returncode == 0


def test_a_wrong_package_is_refused_and_removed(fetching):
    good = Registry.document(fetching.registry)
    fetching.registry.versions["2.1.2"] = claude("2.1.2", "another")
    fetching.registry.document = lambda: good
    result = fetching.run("-p", "hi")
    assert result.returncode == 127 and "SHA-512" in result.err and "another" not in result.out
    assert fetching.names() == [".lock"]


@pytest.mark.parametrize("key, words", [(PINNED, "signature is wrong"), ("SHA256:new", None)])
def test_signatures(fetching, key, words):
    fetching.registry.signatures = [{"keyid": key, "sig": "MEUCIQC="}]
    result = fetching.run("-p", "hi")
    if words:
        assert result.returncode == 127 and words in result.err and fetching.names() == [".lock"]
    else:
        assert result.returncode == 0, result.err


@pytest.mark.parametrize("data, word", [
    (b"not gzip", "gzip"), (VERSIONS["2.1.2"][:-9], "cut off"), (VERSIONS["2.1.2"] + b"x", "follow"),
])
def test_malformed_packages_are_refused(fetching, data, word):
    fetching.registry.versions["2.1.2"] = data
    result = fetching.run("-p", "hi")
    assert result.returncode == 127 and word in result.err
    assert not [name for name in fetching.names() if not name.startswith(".")]


def test_the_registry_and_its_login_come_from_the_users_npmrc(fetching):
    del fetching.box.env["npm_config_registry"]
    host = fetching.registry.address.removeprefix("https:")
    npmrc = fetching.box.home / ".npmrc"
    fetching.registry.login = "Bearer sesame"
    npmrc.write_text(f"registry=https://127.0.0.1:9/\n@anthropic-ai:registry={fetching.registry.address}\n")
    result = fetching.run("-p", "hi")
    assert result.returncode == 127 and "npm login" in result.err
    with npmrc.open("a") as more:
        more.write(f"{host}:_authToken=${{TOKEN}}\n")
    (fetching.box.project / ".npmrc").write_text("registry=https://127.0.0.1:9/\n")
    result = fetching.run("-p", "hi", env={"TOKEN": "sesame"})
    assert result.returncode == 0 and "sesame" not in result.err, result.err


def test_a_login_is_not_sent_to_another_server(fetching):
    other = Registry(fetching.pki, VERSIONS, "2.1.2")
    fetching.servers.append(other)
    host = fetching.registry.address.removeprefix("https:")
    (fetching.box.home / ".npmrc").write_text(f"{host}:_authToken=sesame\n")
    fetching.registry.document = lambda: Registry.document(other)
    assert fetching.run("-p", "hi").returncode == 0
    assert "sesame" in fetching.registry.heads[0]
    assert other.seen and not any("sesame" in request for request in other.heads)


def test_certificates_and_proxy_of_npms_configuration(fetching):
    proxy = Proxy(fetching.registry.port)
    fetching.servers.append(proxy)
    ca = fetching.box.home / "ca.pem"
    ca.write_bytes(fetching.pki.pem("ca").read_bytes())
    del fetching.box.env["SSL_CERT_FILE"]
    fetching.registry.address = f"https://update.example:{fetching.registry.port}/npm/"
    fetching.registry.context.load_cert_chain(fetching.pki.pem("proxied"), fetching.pki.path / "proxied.key")
    fetching.box.env["npm_config_registry"] = fetching.registry.address
    (fetching.box.home / ".npmrc").write_text(
        f"cafile=${{HOME}}/ca.pem\nhttps-proxy=http://127.0.0.1:{proxy.port}\n")
    result = fetching.run("-p", "hi")
    assert result.returncode == 0, result.err
    assert len(proxy.seen) == 2


@pytest.mark.parametrize("key, word", [(None, "another server answers in its place"), (PINNED, "signature is wrong")])
def test_a_mirror_in_the_place_of_npms_registry_needs_an_authority_of_this_machine(fetching, key, word):
    fetching.pki.server("npms", names="DNS:registry.npmjs.org")
    fetching.registry.context.load_cert_chain(fetching.pki.pem("npms"), fetching.pki.path / "npms.key")
    proxy = Proxy(fetching.registry.port)
    fetching.servers.append(proxy)
    fetching.registry.address = "https://registry.npmjs.org/npm/"
    fetching.registry.signatures = [{"keyid": key, "sig": "MEUCIQC="}] if key else []
    fetching.box.env.update(npm_config_registry=fetching.registry.address, HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}")
    result = fetching.run("-p", "hi")
    assert (result.returncode == 0) == (key is None) and word in result.err, result.err
    shutil.rmtree(fetching.dir)
    fetching.box.env["SSL_CERT_FILE"] = str(fetching.pki.pem("stranger"))
    result = fetching.run("-p", "hi")
    assert result.returncode == 127 and "not signed" in result.err, result.err


def test_without_network_the_error_names_what_to_carry_over(fetching):
    fetching.registry.close()
    result = fetching.run("-p", "hi")
    assert result.returncode == 127 and result.out == ""
    for word in ("could not be fetched", "Without a network", "claude-code-linux-", str(fetching.dir)):
        assert word in result.err
    assert not [path for path in fetching.names() if not path.startswith(".")]
    place = fetching.dir / "2.0.0"
    place.mkdir()
    (place / "claude").write_text("#!/bin/sh\necho carried\n")
    (place / "claude").chmod(0o755)
    assert fetching.run("-p", "hi").out == "carried\n"
    fetching.servers.clear()


def test_two_processes_fetch_once(fetching):
    started = [subprocess.Popen([CCO, "-p", "hi"], cwd=fetching.box.project, env=fetching.box.env,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
               for _ in range(3)]
    for child in started:
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0 and out.startswith(b"this is claude 2.1.2"), err
    assert len([path for path in fetching.registry.seen if path.endswith(".tgz")]) == 1


def test_a_signal_ends_the_download(fetching):
    stuck = []

    def send(connection, data, _):
        connection.sendall(head("200 OK", f"Content-Length: {len(data)}") + data[:1000])
        stuck.append(True)
        time.sleep(20)

    fetching.registry.send = send
    with subprocess.Popen([CCO, "-p", "hi"], cwd=fetching.box.project, env=fetching.box.env,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        until(lambda: stuck)
        child.terminate()
        child.communicate(timeout=10)
        assert child.returncode == 143
    with contextlib.suppress(FileNotFoundError):
        os.utime(fetching.dir / ".download-2.1.2.tgz", (1, 1))
    result = fetching.run("cleanup")
    assert ".download-2.1.2.tgz" in result.out + result.err
    assert fetching.names() == [".lock"]


def test_nothing_is_fetched_for_a_shell_or_a_plan(fetching):
    assert fetching.run("shell", "echo up").out == "up\n"
    plan = json.loads(fetching.run("--dry-run").out)
    assert plan["native"]["claude"] is None
    info = fetching.run("info")
    assert "the first session fetches it" in info.out
    assert fetching.registry.seen == []


def test_an_npmrc_that_an_agent_could_have_written_is_not_used(fetching):
    assert fetching.run("shell", "true").returncode == 0
    (fetching.box.project / "planted").write_text("registry=https://127.0.0.1:9/\n")
    (fetching.box.home / ".npmrc").symlink_to(fetching.box.project / "planted")
    del fetching.box.env["npm_config_registry"]
    fetching.box.env["npm_config_registry"] = fetching.registry.address
    result = fetching.run("-p", "hi")
    assert result.returncode == 0 and ".npmrc is not used" in result.err


def test_the_document_is_requested_in_its_short_form(fetching):
    assert fetching.run("-p", "hi").returncode == 0
    assert fetching.registry.seen[0] == DOCUMENT
    assert "application/vnd.npm.install-v1+json" in fetching.registry.heads[0]
