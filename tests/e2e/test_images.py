# SPDX-License-Identifier: MIT
"""The life of an image on a real engine: built, found again, several at once, from a Dockerfile of the user, with a
failing step, pulled with a login, listed and pruned.
"""

import json
import os
import signal
import subprocess

import pytest

from conftest import CCO, ENGINE, ROOT, as_another_user, docker_only, until
from images import SMALL, current, dockerfile, tags
from registry import Registry
from wiretap import Wiretap

pytestmark = docker_only("no images without an engine")


@pytest.fixture
def tap(small, engine_socket):
    wiretap = Wiretap(engine_socket)
    small.use(wiretap.socket)
    yield wiretap
    wiretap.close()


@pytest.fixture
def protected(api):
    """Images of cco that existed before are used by containers, so that no test's prune removes them."""
    _, text = api("GET", "/v1.41/images/json?filters=%7B%22label%22%3A%5B%22cco%3D1%22%5D%7D")
    containers = []
    for image in json.loads(text):
        status, made = api("POST", "/v1.41/containers/create",
                           json.dumps({"Image": image["Id"], "Cmd": ["x"]}))
        assert status == 201
        containers.append(json.loads(made)["Id"])
    yield
    for container in containers:
        api("DELETE", f"/v1.41/containers/{container}?force=1")


def built(result):
    assert result.returncode == 0, result.err
    assert " built in " in result.out, result.out
    return result.out.split()[0]


def test_built_once_and_then_found(small, tap):
    ref = built(small.cco("image", "build"))
    assert ref == current(small)
    assert len(tap.asked("POST /build")) == 1
    tap.lines.clear()
    result = small.cco("image", "build")
    assert (result.returncode, result.err) == (0, "") and "up to date" in result.out
    result = small.cco("shell", "cat /packages")
    assert (result.returncode, result.out, result.err) == (0, "packages: \n", "")
    assert tap.asked("POST /build") == [] and tap.asked("POST /images/create") == []


def test_two_package_sets_make_two_images(small, tap):
    assert small.cco("--packages", "jq", "shell", "cat /packages").out == "packages: jq\n"
    assert small.cco("--packages", "tree,jq", "shell", "cat /packages").out == "packages: jq tree\n"
    assert len(tap.asked("POST /build")) == 2
    tap.lines.clear()
    assert small.cco("--packages", "jq,tree", "shell", "cat /packages").out == "packages: jq tree\n"
    assert small.cco("--packages", "jq", "shell", "cat /packages").out == "packages: jq\n"
    assert tap.asked("POST /build") == []
    listed = json.loads(small.cco("--packages", "jq", "image", "list", "--json").out)
    mine = {tuple(i["packages"]): i for i in listed if i["tag"] in (
        current(small, "--packages", "jq"), current(small, "--packages", "jq,tree"))}
    assert mine[("jq",)]["current"] and not mine[("jq", "tree")]["current"]


def test_layers_of_earlier_images_are_the_cache(small, tap, api):
    """This holds even if the engine's build cache is gone."""
    if not (ROOT / "build" / "test" / "engine.state").exists() and "CCO_TEST_PRUNES" not in os.environ:
        pytest.skip("the build cache of somebody's engine stays (CCO_TEST_PRUNES=1 takes it)")
    dockerfile(small, SMALL.replace("ARG PACKAGES=", "RUN date +%N >/once\nARG PACKAGES="))
    first = small.cco("shell", "cat /once")
    assert first.returncode == 0 and first.out.strip().isdigit(), first.err
    api("POST", "/v1.41/build/prune?all=1")
    second = small.cco("--packages", "jq", "shell", "cat /once /packages")
    assert second.out == first.out + "packages: jq\n", second.err
    assert tap.asked("cachefrom=") or ENGINE.podman  # it considers all layers that exist


def test_rebuilding_keeps_the_old_one_until_it_is_pruned(small, api, protected):
    dockerfile(small, SMALL + "ARG CLAUDE_REFRESH=\nRUN echo ${CLAUDE_REFRESH} >/refresh\n")
    ref = built(small.cco("image", "build"))
    _, before = api("GET", f"/v1.41/images/{ref}/json")
    assert built(small.cco("image", "build", "--rebuild")) == ref
    _, after = api("GET", f"/v1.41/images/{ref}/json")
    assert json.loads(before)["Id"] != json.loads(after)["Id"]
    old = "cco:old-" + json.loads(before)["Id"].split(":")[1][:12]
    assert old in tags(api)
    assert old in small.cco("image", "list").out
    result = small.cco("image", "prune", "--yes")
    assert result.returncode == 0 and f"removed {old}" in result.out
    assert "freed" in result.out or ENGINE.podman  # it does not count layers that other images share
    assert old not in tags(api) and ref in tags(api)


def test_prune_never_removes_images_of_other_programs(small, api, protected):
    first = built(small.cco("--packages", "jq", "image", "build"))
    second = built(small.cco("image", "build"))
    _, text = api("GET", f"/v1.41/images/{first}/json")
    assert api("POST", f"/v1.41/images/{first}/tag?repo=mine&tag=1")[0] == 201
    assert api("POST", f"/v1.41/images/{second}/tag?repo=cco&tag=mine")[0] == 201
    assert api("POST", "/v1.41/images/debian:trixie-slim/tag?repo=cco&tag=0123456789ab")[0] == 201
    foreign = tags(api) - {first, second}
    listed = small.cco("image", "list").out
    assert first in listed and second in listed
    assert "mine" not in listed and "cco:0123456789ab" not in listed
    result = small.cco("image", "prune", "--dry-run")
    assert f"would remove {first}" in result.out and second not in result.out
    assert first in tags(api)
    result = small.cco("image", "prune")
    assert result.returncode == 2 and "--yes" in result.err and first in tags(api)
    result = small.cco("image", "prune", "-y")
    assert f"removed {first} (it stays under another name)" in result.out
    assert tags(api) == foreign | {second}
    result = small.cco("image", "prune", "--all", "-y")
    assert f"removed {second}" in result.out and tags(api) == foreign
    assert api("GET", f"/v1.41/images/{json.loads(text)['Id']}/json")[0] == 200


def test_base_and_build_arguments(small, api):
    assert api("POST", "/v1.41/images/debian:trixie-slim/tag?repo=mirror.example/debian&tag=x")[0] == 201
    dockerfile(small, SMALL + "ARG WHO=nobody\nRUN echo ${WHO} >/who\n")
    refs = {current(small), current(small, "--build-arg", "WHO=me"),
            current(small, "--base", "mirror.example/debian:x"),
            current(small, "--build-arg", "BASE=mirror.example/debian:x")}
    assert len(refs) == 3
    result = small.cco("--base", "mirror.example/debian:x", "--build-arg", "WHO=you",
                       "--build-arg", "WHO=me", "shell", "cat /who")
    assert result.out == "me\n", result.err


def test_certificates_and_proxies_of_this_machine_are_in_the_build(small, api):
    ca = small.home / "ca.pem"
    ca.write_text("-----BEGIN CERTIFICATE-----\n")
    small.env["NODE_EXTRA_CA_CERTS"] = str(ca)
    small.env["CURL_CA_BUNDLE"] = str(ca)
    small.env["HTTPS_PROXY"] = "http://user:secret-of-the-proxy@127.0.0.1:9"
    small.env["no_proxy"] = "localhost,example.org"
    result = small.cco("shell", "cat /proxies; cat /ca/*.crt | grep -c 'BEGIN CERT'; ls /ca")
    assert result.returncode == 0, result.err
    lines = result.out.split("\n")
    assert lines[0] == "http://user:secret-of-the-proxy@127.0.0.1:9 localhost,example.org"
    assert "0.crt" in lines or "1.crt" in lines
    _, text = api("GET", f"/v1.41/images/{current(small)}/json")
    _, history = api("GET", f"/v1.41/images/{current(small)}/history")
    assert b"secret-of-the-proxy" not in text + history


@pytest.mark.parametrize("builder", ["buildkit", "classic"])
def test_failed_step_can_be_debugged_in_a_shell(small, engine_socket, api, builder):
    """Both builders report the step, and the state before it can be inspected."""
    path = dockerfile(small, "FROM debian:trixie-slim\nENV A=b\nRUN echo yes >/good\n"
                             "RUN echo last words; exit 7\nRUN echo never\n")
    change = (lambda data: data.replace(b"&version=2&", b"&version=1&")) if builder == "classic" else lambda d: d
    wiretap = Wiretap(engine_socket, change)
    try:
        small.use(wiretap.socket)
        result = small.cco("image", "build")
        assert result.returncode == 125 and result.out == ""
        assert "| last words" in result.err and "exit 7" in result.err and str(path) in result.err
        ref = [word for word in result.err.split() if word.startswith("cco:failed-")][0]
        assert f"cco --image {ref} shell" in result.err
        result = small.cco("--image", ref, "shell", "cat /good; ls /never")
        assert result.out == "yes\n", result.err
    finally:
        wiretap.close()
    small.use(engine_socket)
    dockerfile(small, SMALL)
    built(small.cco("image", "build"))
    assert ref in tags(api)


def test_image_of_a_failed_build_is_pruned(small, api, protected):
    dockerfile(small, "FROM debian:trixie-slim\nRUN exit 7\n")
    assert small.cco("shell", "true").returncode == 125
    ref = [tag for tag in tags(api) if tag.startswith("cco:failed-")][0]
    assert "failed" in small.cco("image", "list").out
    assert f"removed {ref}" in small.cco("image", "prune", "-y").out
    assert ref not in tags(api)


def test_syntax_error_in_the_dockerfile_is_reported(small):
    path = dockerfile(small, "FROM debian:trixie-slim\nRUNN x\n")
    result = small.cco("image", "build")
    assert result.returncode == 125 and str(path) in result.err and "RUNN" in result.err
    assert "cco:failed-" not in result.err
    path.unlink()
    (small.project / "Dockerfile").write_text("FROM debian:trixie-slim\n")
    path.symlink_to(small.project / "Dockerfile")
    result = small.cco("image", "build")
    assert result.returncode == 125 and "an agent could" in result.err
    result = small.cco("image", "build", cwd=small.home)
    assert result.returncode == 0, result.err


def test_package_that_does_not_exist_is_reported(small):
    dockerfile(small, "FROM debian:trixie-slim\nCOPY apt-install /usr/local/sbin/\nARG PACKAGES=\n"
                      "RUN apt-install ${PACKAGES}\n")
    result = small.cco("--packages", "no-such-package-anywhere", "image", "build")
    assert result.returncode == 125 and "no-such-package-anywhere" in result.err
    dockerfile(small, "FROM debian:trixie-slim\n")
    result = small.cco("--packages", "jq", "image", "build")
    assert result.returncode == 0 and "no ARG PACKAGES" in result.err


def test_ctrl_c_stops_a_build(small, api):
    dockerfile(small, "FROM debian:trixie-slim\nRUN echo started; sleep 301\n")
    before = tags(api)
    process = subprocess.Popen([CCO, "image", "build"], cwd=small.project, env=small.env,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # A running step is a container of the classic builder, or a process of BuildKit.
    until(lambda: subprocess.run(["pgrep", "-fx", "sleep 301"], capture_output=True, check=False).stdout)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130 and out == b"", err
    assert tags(api) == before
    if not ENGINE.podman:  # Podman 4.3 lets the running step finish
        until(lambda: not subprocess.run(["pgrep", "-fx", "sleep 301"], capture_output=True, check=False).stdout)


def test_the_real_image_is_listed_with_its_claude(own_image):
    listed = json.loads(own_image.cco("image", "list", "--json").out)
    mine = [i for i in listed if i["current"]]
    assert len(mine) == 1 and mine[0]["state"] == "ready" and mine[0]["size"] > 1e9
    assert mine[0]["claude_version"] == own_image.version.split()[0]
    assert f"* {mine[0]['tags'][0]}" in own_image.cco("image", "list").out
    result = own_image.cco("image", "build")
    assert result.returncode == 0 and "up to date" in result.out
    assert f"Claude Code {mine[0]['claude_version']}" in result.out


@pytest.fixture
def registry(real, api):
    if not ENGINE.host_network:
        pytest.skip("the engine's network is not this machine's")
    served = Registry()
    yield served
    api("DELETE", f"/v1.41/images/{served.host}/hello:1?force=1")
    served.close()


def test_pulling_with_a_login(real, registry, api):
    ref = f"{registry.host}/hello:1"
    result = real.cco("image", "pull", ref)
    assert result.returncode == 125 and f"docker login {registry.host}" in result.err
    docker = real.home / ".docker"
    docker.mkdir()
    (docker / "config.json").write_text(json.dumps({"auths": {registry.host: {"auth": registry.auth}}}))
    result = real.cco("image", "pull", ref)
    assert result.returncode == 0 and ref in result.out, result.err
    assert ref in tags(api)
    assert "pa:ss" not in result.out + result.err and registry.auth not in result.out + result.err


def test_pulling_with_a_helper(real, registry, api, tmp_path):
    ref = f"{registry.host}/hello:1"
    helper = tmp_path / "bin" / "docker-credential-test"
    helper.parent.mkdir()
    helper.write_text('#!/bin/sh\nread -r server\n[ "$1" = get ] || exit 1\n'
                      f'[ "$server" = {registry.host} ] || {{ echo credentials not found; exit 1; }}\n'
                      'echo \'{"ServerURL":"x","Username":"user","Secret":"pa:ss"}\'\n')
    helper.chmod(0o755)
    docker = real.home / "docker"
    docker.mkdir()
    (docker / "config.json").write_text(json.dumps({"credHelpers": {registry.host: "test"}}))
    real.env["DOCKER_CONFIG"] = str(docker)
    real.env["PATH"] = f"{helper.parent}:{real.env['PATH']}"
    # A run that pulls uses the login as well; there is nothing to run in this image.
    result = real.cco("--image", ref, "shell", "true")
    assert "pulling" not in result.out and ref in tags(api), result.err
    api("DELETE", f"/v1.41/images/{ref}?force=1")
    helper.rename(real.project / helper.name)
    real.env["PATH"] = f"{real.project}:/usr/bin:/bin"
    result = real.cco("image", "pull", ref)
    assert result.returncode == 125 and "an agent could" in result.err


@pytest.mark.skipif(ENGINE.podman, reason="Podman builds on no image of two layers that are the same")
def test_base_image_that_needs_a_registry_login(small, registry, api):
    docker = small.home / ".docker"
    docker.mkdir()
    (docker / "config.json").write_text(json.dumps({"auths": {registry.host: {"auth": registry.auth}}}))
    dockerfile(small, "ARG BASE\nFROM ${BASE}\nCOPY dpkg-exclude /x\n")
    result = small.cco("--base", f"{registry.host}/hello:1", "image", "build")
    assert result.returncode == 0, result.err


def test_image_is_built_by_an_ordinary_user(small, engine_socket):
    if os.getuid() != 0:
        pytest.skip("needs root, to become somebody else")
    group = os.stat(engine_socket).st_gid
    for args in ("build",), ("list",), ("save", "b.tar"), ("load", "b.tar"):
        result = as_another_user(small, "image", *args, group=group)
        assert result.returncode == 0, result.stderr
