# SPDX-License-Identifier: MIT
"""scripts/install.sh under three shells, with each program that it can download with, from good and bad servers."""

import base64
import hashlib
import http.server
import os
import shutil
import subprocess
import threading

import pytest

from conftest import ROOT, open_to_all

SCRIPT = ROOT / "scripts" / "install.sh"
SHELLS = {"dash": ["dash"], "bash": ["bash", "--posix"], "bash as it is": ["bash"], "busybox": ["/bin/busybox", "sh"]}
TOOLS = "cat chmod cp cut fold grep id mkdir mktemp mv rm sed uname".split()
NAME = "cco-0.2.0-linux-x86_64"
PROGRAM = b"#!/bin/sh\necho cco 0.2.0\n" + b"# padding\n" * 2000


class Server:
    """A release, as a dictionary of files."""

    def __init__(self):
        self.files = {NAME: PROGRAM, "cco-0.2.0-linux-aarch64": PROGRAM}
        self.asked = []
        self.cut = set()       # these replies end early, although their length is announced
        self.cut_silent = set()  # and here the length is not announced
        self.list()
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.rsplit("/", 1)[1]
                server.asked.append(name)
                body = server.files.get(name)
                self.send_response(200 if body is not None else 404)
                body = body or b""
                if name not in server.cut_silent:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:-100] if name in server.cut | server.cut_silent else body)

            def log_message(self, *args):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}/a/release"

    def list(self):
        self.files["SHA256SUMS"] = "".join(
            f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(self.files.items())
            if name.startswith("cco-")).encode()

    def close(self):
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture
def server():
    s = Server()
    yield s
    s.close()


class Machine:
    """A home with a space in its name, and a PATH with exactly the given programs."""

    def __init__(self, base):
        self.home = base / "a home"
        self.home.mkdir()
        self.path = base / "path"
        self.path.mkdir()
        self.tmp = base / "tmp"
        self.tmp.mkdir()
        self.target = self.for_root = self.home / ".local" / "bin"
        self.shell = ["dash"]
        self.stamps = {}
        self.has(*TOOLS, "curl", "sha256sum")
        self.is_user(1000)

    def has(self, *tools):
        for tool in tools:
            (self.path / tool).symlink_to(shutil.which(tool) or pytest.skip(f"no {tool} here"))

    def lacks(self, *tools):
        for tool in tools:
            (self.path / tool).unlink()

    def says(self, tool, line):
        (self.path / tool).unlink(missing_ok=True)
        (self.path / tool).write_text(f"#!/bin/sh\n{line}\n")
        (self.path / tool).chmod(0o755)

    def is_user(self, uid):
        self.says("id", f"echo {uid}")

    def text(self):
        """Returns the script with a directory of the test in place of root's, because busybox has its own `id`."""
        text = SCRIPT.read_text()
        assert text.count("dir=/usr/local/bin\n") == 1
        text = text.replace("dir=/usr/local/bin\n", f"dir='{self.for_root}'\n")
        for name, value in self.stamps.items():
            assert f"\n{name}=''\n" in text
            text = text.replace(f"\n{name}=''\n", f"\n{name}='{value}'\n")
        return text

    def run(self, url, *args, text=None, **env):
        script = self.text() if text is None else text
        env = {"PATH": str(self.path), "HOME": str(self.home), "TMPDIR": str(self.tmp), "CCO_INSTALL_URL": url, **env}
        shell = [shutil.which(self.shell[0]) or pytest.skip(f"no {self.shell[0]} here"), *self.shell[1:]]
        got = subprocess.run([*shell, "-s", "--", *args], input=script.encode(), capture_output=True, timeout=60,
                             cwd=self.home, env={k: v for k, v in env.items() if v is not None}, check=False)
        got.err = got.stderr.decode()
        assert got.stdout == b"" or "--help" in args
        assert list(self.tmp.iterdir()) == []
        return got


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def assert_installed(directory):
    assert (directory / "cco").read_bytes() == PROGRAM
    assert os.stat(directory / "cco").st_mode & 0o7777 == 0o755
    assert [p.name for p in directory.iterdir()] == ["cco"]


def assert_untouched(machine, got, *words):
    assert got.returncode == 1
    for word in words:
        assert word in got.err
    assert not (machine.home / ".local").exists()


@pytest.mark.parametrize("fetcher", ["curl", "wget", "busybox wget"])
@pytest.mark.parametrize("shell", SHELLS)
def test_script_installs_the_release(machine, server, shell, fetcher):
    machine.shell = SHELLS[shell]
    machine.lacks("curl")
    if fetcher == "busybox wget":
        (machine.path / "wget").symlink_to("/bin/busybox")
    else:
        machine.has(fetcher)
    got = machine.run(server.url)
    assert got.returncode == 0, got.err
    assert_installed(machine.target)
    assert f'export PATH="{machine.target}:$PATH"' in got.err


@pytest.mark.parametrize("shell", SHELLS)
def test_older_version_in_path_is_replaced(machine, server, shell):
    machine.shell = SHELLS[shell]
    target = machine.home / "some where"
    target.mkdir()
    (target / "cco").write_text("the old one")
    got = machine.run(server.url + "/", "--dir", "some where", PATH=f"{machine.path}:{target}")
    assert got.returncode == 0, got.err
    assert_installed(target)
    assert "PATH" not in got.err and f"{target}/cco" in got.err
    assert not (machine.home / ".local").exists()


@pytest.mark.parametrize("sums", ["shasum", "openssl"])
def test_other_checksum_programs_are_used(machine, server, sums):
    machine.lacks("sha256sum")
    if sums == "shasum":  # a script that needs the rest of perl
        machine.says("shasum", f'shift 2; {shutil.which("sha256sum")}')
    else:
        machine.has(sums)
    assert machine.run(server.url).returncode == 0
    assert_installed(machine.target)
    server.files[NAME] = PROGRAM + b"#"
    assert machine.run(server.url).returncode == 1
    assert_installed(machine.target)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("fetcher", ["curl", "wget"])
def test_wrong_checksum_changes_nothing(machine, server, shell, fetcher):
    machine.shell = SHELLS[shell]
    machine.lacks("curl")
    machine.has(fetcher)
    server.files[NAME] = PROGRAM.replace(b"0.2.0", b"6.6.6")
    assert_untouched(machine, machine.run(server.url), "SHA-256", "nothing is changed")
    server.files[NAME] = PROGRAM
    server.cut_silent = {NAME}
    assert_untouched(machine, machine.run(server.url), "nothing is changed")
    server.cut_silent, server.cut = set(), {NAME}
    assert_untouched(machine, machine.run(server.url), "nothing is changed")
    del server.files[NAME]
    assert_untouched(machine, machine.run(server.url), "cannot fetch", NAME)
    server.files = {}
    assert_untouched(machine, machine.run(server.url), "cannot fetch", "SHA256SUMS")
    server.close()
    assert_untouched(machine, machine.run(server.url), "cannot fetch", "SHA256SUMS")


def test_older_version_survives_a_failed_installation(machine, server):
    machine.target.mkdir(parents=True)
    (machine.target / "cco").write_text("the old one")
    server.files[NAME] = PROGRAM + b"#"
    assert machine.run(server.url).returncode == 1
    server.files[NAME] = b"\x7fELF of another machine"
    server.list()
    got = machine.run(server.url)
    assert got.returncode == 1 and "does not run on this machine" in got.err
    server.files[NAME] = PROGRAM.replace(b"echo cco 0.2.0", b"echo cco 0.1.0")
    server.list()
    assert "does not run" in machine.run(server.url).err
    assert (machine.target / "cco").read_text() == "the old one"
    assert [p.name for p in machine.target.iterdir()] == ["cco"]


def test_machines_without_a_release(machine, server):
    machine.says("uname", '[ "$1" = -s ] && echo Linux || echo riscv64')
    assert_untouched(machine, machine.run(server.url), "riscv64", "x86_64 and aarch64", "source")
    machine.says("uname", '[ "$1" = -s ] && echo Darwin || echo arm64')
    assert_untouched(machine, machine.run(server.url), "Darwin")
    assert server.asked == []
    machine.says("uname", '[ "$1" = -s ] && echo Linux || echo arm64')
    assert machine.run(server.url).returncode == 0
    assert server.asked[-1] == "cco-0.2.0-linux-aarch64"
    del server.files["cco-0.2.0-linux-aarch64"]
    server.list()
    shutil.rmtree(machine.home / ".local")
    assert_untouched(machine, machine.run(server.url), "no file for aarch64")


def test_target_that_cannot_be_written(machine, server):
    """root can write everywhere, so the test puts a file in place of the directory."""
    (machine.home / ".local").write_text("a file")
    got = machine.run(server.url)
    assert got.returncode == 1 and "--dir" in got.err and "not a directory" in got.err
    (machine.home / ".local").unlink()
    (machine.target / "cco").mkdir(parents=True)
    got = machine.run(server.url)
    assert got.returncode == 1 and "cco is a directory" in got.err
    assert list((machine.target / "cco").iterdir()) == []
    assert server.asked == []
    got = machine.run(server.url, "--dir", "/proc/self")
    assert got.returncode == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_unwritable_directory_as_an_ordinary_user(machine, server):
    target = machine.home / "theirs"
    target.mkdir(mode=0o755)
    open_to_all(machine.home)
    machine.tmp.chmod(0o777)
    machine.has("setpriv")
    machine.shell = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", shutil.which("dash")]
    got = machine.run(server.url, "--dir", str(target))
    assert got.returncode == 1 and "you may not write to" in got.err and "--dir" in got.err
    assert server.asked == [] and list(target.iterdir()) == []


def test_root_installs_to_usr_local_bin(machine, server):
    machine.is_user(0)
    machine.for_root = machine.home / "usr local bin"
    assert machine.run(server.url, HOME=None).returncode == 0
    assert_installed(machine.for_root)
    assert not machine.target.exists()


def test_missing_programs_are_named(machine, server):
    assert_untouched(machine, machine.run(server.url, HOME=None), "HOME", "--dir")
    machine.lacks("curl")
    assert_untouched(machine, machine.run(server.url), "neither curl nor wget")
    machine.has("curl")
    machine.lacks("sha256sum")
    assert_untouched(machine, machine.run(server.url), "sha256sum")


def test_accepted_and_refused_urls(machine):
    assert_untouched(machine, machine.run(""), "CCO_INSTALL_URL")
    for url in ("http://example.invalid/x", "ftp://127.0.0.1/", "file:///tmp", "http://localhost.example.invalid/",
                "http://127.0.0.1.example.invalid/"):
        assert_untouched(machine, machine.run(url), "only https")


@pytest.mark.parametrize("shell", SHELLS)
def test_options_of_the_script(machine, server, shell):
    machine.shell = SHELLS[shell]
    got = machine.run(server.url, "--help")
    assert got.returncode == 0 and b"--dir" in got.stdout and got.err == ""
    assert machine.run(server.url, "--dri", "x").returncode == 2
    assert_untouched(machine, machine.run(server.url, "--dir"), "--dir")
    assert machine.run(server.url, f"--dir={machine.home}/x/y").returncode == 0
    assert_installed(machine.home / "x" / "y")


@pytest.mark.parametrize("shell", SHELLS)
def test_truncated_script_does_nothing(machine, server, shell):
    """The script is cut at each line, and at each of its last bytes."""
    machine.shell = SHELLS[shell]
    text = machine.text()
    lines = text.splitlines(keepends=True)
    cuts = ["".join(lines[:n]) for n in range(0, len(lines), 9)]
    cuts += [text[:-n] for n in range(2, 60)]
    for cut in cuts:
        machine.run(server.url, text=cut)
    assert server.asked == [] and list(machine.home.iterdir()) == []


@pytest.fixture
def key(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    file = tmp_path / "key.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file],
                   check=True, capture_output=True)
    return file


def public(key):
    return base64.b64encode(subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True,
                                           capture_output=True).stdout).decode()


def sign(key, body):
    return subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=body, check=True,
                          capture_output=True).stdout


@pytest.mark.parametrize("shell", SHELLS)
def test_signature_is_verified(machine, server, key, shell):
    machine.shell = SHELLS[shell]
    machine.stamps = {"stamped_url": server.url, "stamped_key": public(key)}
    machine.has("openssl")
    assert_untouched(machine, machine.run(""), "SHA256SUMS.sig")
    server.files["SHA256SUMS.sig"] = sign(key, server.files["SHA256SUMS"] + b"\n")
    assert_untouched(machine, machine.run(""), "signature is wrong")
    assert NAME not in server.asked
    server.files["SHA256SUMS.sig"] = sign(key, server.files["SHA256SUMS"])
    got = machine.run("")
    assert got.returncode == 0 and "signature is not" not in got.err
    assert_installed(machine.target)
    machine.lacks("openssl")
    del server.files["SHA256SUMS.sig"]
    got = machine.run("")
    assert got.returncode == 0 and "signature is not checked" in got.err
