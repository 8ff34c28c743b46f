# SPDX-License-Identifier: MIT
"""Engines of other versions and makers: whole sessions, which use nothing that a version lacks. The fake engine
enforces each version's rules: which API versions it accepts, which fields and parameters exist, how it refuses, and
what it leaves out.
"""

import json
import os
import re
import socket

import pytest

from fake import FakeEngine, chunked, reply

RUN = ("--image", "small", "shell", "true")

# From which API 1.N on (https://docs.docker.com/reference/api/engine/version-history/).
FIELDS = {"AutoRemove": 25, "Mounts": 25, "Init": 25, "NanoCpus": 25, "WorkingDir of an exec": 35, "BindOptions.NonRecursive": 40,
          "ConsoleSize": 42, "BindOptions.CreateMountpoint": 42, "BindOptions.ReadOnlyNonRecursive": 44}
PARAMETERS = {"condition": 30, "copyUIDGID": 30, "version=2": 39, "extrahosts": 28, "networkmode": 25, "cachefrom": 25, "platform": 32,
              "outputs": 40, "type": 42, "shared-size": 42, "manifests": 47, "verbose": 52}


class Aged(FakeEngine):
    """An engine that accepts API 1.`oldest` to 1.`newest`, like dockerd, and notes what they do not have."""

    def __init__(self, oldest, newest, head=True, field=True):
        super().__init__()
        self.oldest, self.newest, self.spoken, self.wrong = oldest, newest, set(), []
        self.fields = f"Api-Version: 1.{newest}\r\n" if field else ""
        if newest >= 39:
            self.fields += "Builder-Version: 2\r\n"
        ok = (f"HTTP/1.1 200 OK\r\n{self.fields}Ostype: linux\r\nServer: Docker/99.{newest} (linux)\r\n"
              "Content-Length: 2\r\n\r\nOK").encode()
        self.answers["GET /_ping"] = ok
        if head:
            self.answers["HEAD /_ping"] = ok.replace(b"Length: 2\r\n\r\nOK", b"Length: 0\r\n\r\n")
        else:
            self.answers["HEAD /_ping"] = (b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n"
                                           b"Content-Length: 19\r\n\r\n")
        self.answers["GET /version"] = reply(200, {"ApiVersion": f"1.{newest}", "MinAPIVersion": f"1.{oldest}"})

    def read_request(self, connection, have):
        have = self.read_head(connection, have)
        if not have:
            return None, b""
        line = have.split(b"\r\n", 1)[0].decode()
        request, rest = super().read_request(connection, have)
        match = re.match(r"[A-Z]+ /v1\.(\d+)/", line)
        minor = int(match.group(1)) if match else None
        return (request[0], {**request[1], "minor": minor}, request[2]), rest

    def answer(self, connection, request):
        minor = request[1]["minor"]
        target = request[0]
        if minor is None:
            if not target.endswith("/_ping") and target != "GET /version":
                self.wrong.append(f"no version: {target}")
            return super().answer(connection, request)
        if not self.oldest <= minor <= self.newest:
            return self.refuse(connection, request, minor)
        self.spoken.add(minor)
        self.check(target, request[2], minor)
        return super().answer(connection, request)

    def refuse(self, connection, request, minor):
        word, limit, bound = ("old", "Minimum", self.oldest) if minor < self.oldest else ("new", "Maximum", self.newest)
        text = f"client version 1.{minor} is too {word}. {limit} supported API version is 1.{bound}, please upgrade"
        return self.send(connection, request, reply(400, {"message": text}, extra=self.fields))

    def check(self, target, body, minor):
        path, _, query = target.partition("?")
        for parameter in query.split("&"):
            for known in (parameter, parameter.split("=")[0]):
                if PARAMETERS.get(known, 0) > minor:
                    self.wrong.append(f"1.{minor}: {parameter} of {path}")
        if path == "POST /containers/create":
            host = json.loads(body)["HostConfig"] if b"HostConfig" in body else {}
            for name in host:
                if FIELDS.get(name, 0) > minor:
                    self.wrong.append(f"1.{minor}: {name}")
            for mount in host.get("Mounts", []):
                for name in mount.get("BindOptions", {}):
                    if FIELDS.get(f"BindOptions.{name}", 0) > minor:
                        self.wrong.append(f"1.{minor}: BindOptions.{name}")
            if "host-gateway" in json.dumps(host.get("ExtraHosts", [])) and minor < 41:
                self.wrong.append(f"1.{minor}: host-gateway")
        if path.endswith("/exec") and b"WorkingDir" in body and minor < 35:
            self.wrong.append(f"1.{minor}: WorkingDir of an exec")


@pytest.fixture
def aged(box):
    """Makes an engine and points cco to it."""
    made = []

    def make(*args, **kwargs):
        engine = Aged(*args, **kwargs)
        made.append(engine)
        box.use(engine.socket)
        box.env["CCO_ENGINE_TIMEOUT"] = "5"
        return engine
    yield make
    for engine in made:
        engine.close()
        assert engine.wrong == []


@pytest.mark.parametrize("oldest,newest,spoken,more", [
    (12, 30, 30, {"head": False}),  # 17.06
    (12, 35, 35, {"head": False}),  # 17.12
    (12, 39, 39, {"head": False}),  # 18.09
    (12, 40, 40, {}), (12, 41, 41, {}), (12, 43, 43, {}), (24, 44, 44, {}),
    (24, 51, 44, {}), (44, 52, 44, {}), (40, 55, 44, {}),
    (44, 44, 44, {}), (46, 51, 46, {}), (55, 60, 55, {}),
])
@pytest.mark.parametrize("network", ["host", "bridge"])
def test_sessions_with_each_api_version(box, aged, oldest, newest, spoken, more, network):
    engine = aged(oldest, newest, **more)
    result = box.cco("--network", network, *RUN, stdin=b"input")
    assert (result.returncode, result.out, result.err) == (42, "out\n", "err\n")
    assert engine.stdin == b"input" and engine.spoken == {spoken}
    hosts = json.loads(engine.asked("POST /containers/create")[0][2])["HostConfig"].get("ExtraHosts", [])
    assert (hosts != []) == (network == "bridge" and spoken >= 41)
    assert box.leftovers() == []


@pytest.mark.parametrize("oldest,newest,spoken", [(12, 30, 30), (12, 41, 41), (44, 52, 44), (53, 55, 53)])
def test_other_commands_with_each_api_version(box, aged, oldest, newest, spoken):
    engine = aged(oldest, newest)
    image = {"Id": "sha256:" + "a" * 64, "RepoTags": ["cco:aaaaaaaaaaaa"], "Created": 5, "Size": 7, "Labels": {"cco": "1"}}
    engine.answers["GET /images/json"] = reply(200, [image])
    engine.answers["POST /containers/create"] = reply(400, {"message": "not needed: no version of claude then"})
    engine.answers["GET /system/df"] = reply(200, {"LayersSize": 9} if newest < 53 else {"ImagesUsage": {"TotalSize": 9}})
    assert json.loads(box.cco("info", "--json", "--image", "x").out)["engine"]["api"] == f"1.{spoken}"
    assert "aaaaaaaaaaaa" in box.cco("image", "list").out
    result = box.cco("image", "prune", "--dry-run")
    assert result.returncode == 0, result.err
    result = box.cco("cleanup", "--dry-run")
    assert result.returncode == 0, result.err
    assert engine.spoken == {spoken}


@pytest.mark.parametrize("newest,version", [(30, "1"), (38, "1"), (39, "2"), (52, "2")])
def test_image_build_with_each_api_version(box, aged, newest, version):
    engine = aged(12, newest)
    engine.answers["GET /images/"] = reply(404, {"message": "No such image"})
    engine.answers["GET /images/json"] = reply(200, [])
    engine.answers["POST /build"] = chunked(b'{"errorDetail":{"message":"stop here"}}\r\n')
    result = box.cco("shell", "true")
    assert result.returncode == 125 and "stop here" in result.err
    assert f"version={version}" in engine.asked("POST /build")[0][0]


@pytest.mark.parametrize("newest", [12, 23, 24])
def test_api_below_1_30_is_refused(box, aged, newest):
    """Before 1.25, no reply contains the version, and the engine answers only GET /_ping. cco must ask for it."""
    aged(1, newest, head=False, field=False)
    result = box.cco(*RUN)
    assert result.returncode == 125 and "too old" in result.err and f"API 1.{newest}" in result.err, result.err
    assert "cco needs 1.30" in result.err and "17.06 or newer" in result.err


def test_engine_with_a_newer_minimum_is_refused_in_its_words(box, aged):
    """The engine accepts no version that cco knows: cco shows the engine's message and does not guess."""
    aged(56, 60)
    result = box.cco(*RUN)
    assert result.returncode == 125 and "Minimum supported API version is 1.56" in result.err and "newer cco" in result.err


def test_minimum_version_from_the_refusal_is_used(box, aged):
    engine = aged(47, 51)
    engine.answers["GET /version"] = reply(403, b"Forbidden", kind="text/plain")
    assert box.cco(*RUN).returncode == 42 and engine.spoken == {47}


@pytest.mark.parametrize("pinned", ["1.30", "1.41", "1.44", "1.50"])
def test_docker_api_version_is_used(box, aged, pinned):
    engine = aged(24, 51)
    box.env["DOCKER_API_VERSION"] = pinned
    assert box.cco(*RUN).returncode == 42 and engine.spoken == {int(pinned[2:])}


def test_refused_docker_api_version_is_reported(box, aged):
    engine = aged(40, 41)
    for version, word in (("1.44", "Maximum supported API version is 1.41"), ("1.39", "Minimum supported API version is 1.40"),
                          ("1.24", "1.30 to 1.55"), ("latest", "1.30 to 1.55")):
        result = box.cco(*RUN, env={"DOCKER_API_VERSION": version})
        assert result.returncode in (2, 125) and word in result.err, result.err
        assert "nset" in result.err.split("\n")[1]
    assert engine.spoken == set()


MAKERS = {
    "Docker Desktop": ({"OperatingSystem": "Docker Desktop", "KernelVersion": "6.6.12-linuxkit", "Name": "docker-desktop"}, True),
    "OrbStack": ({"OperatingSystem": "OrbStack", "KernelVersion": "6.5.13-orbstack-00122-g57b8027e2387", "Name": "orbstack"}, True),
    "Colima": ({"OperatingSystem": "Ubuntu 23.10", "KernelVersion": "6.5.0-15-generic", "Name": "colima"}, True),
    "a profile of Colima": ({"OperatingSystem": "Ubuntu 24.04", "KernelVersion": "6.8.0-39-generic", "Name": "colima-big"}, True),
    "Rancher Desktop": ({"OperatingSystem": "Alpine Linux v3.18", "KernelVersion": "6.1.64-0-virt", "Name": "lima-rancher-desktop"}, True),
    "Linux": ({"OperatingSystem": "Debian GNU/Linux 12 (bookworm)", "KernelVersion": "6.1.0-18-amd64", "Name": "colimation"}, False),
}


@pytest.mark.parametrize("maker", MAKERS)
def test_engine_in_a_virtual_machine(box, aged, maker):
    """The host network of such an engine is not this machine's, and its socket is where this machine sees one."""
    info, virtual = MAKERS[maker]
    engine = aged(24, 47)
    engine.answers["GET /info"] = reply(200, {**info, "SecurityOptions": ["name=seccomp,profile=builtin", "name=cgroupns"]})
    assert box.cco("--docker", *RUN).returncode == 42
    host = json.loads(engine.asked("POST /containers/create")[0][2])["HostConfig"]
    assert host["NetworkMode"] == ("bridge" if virtual else "host")
    assert [m["Source"] for m in host["Mounts"] if m["Target"] == "/var/run/docker.sock"] == \
        ["/var/run/docker.sock" if virtual else os.path.realpath(engine.socket)]
    assert json.loads(box.cco("info", "--json", "--image", "x").out)["engine"]["host_network"] is not virtual


ERRORS = {
    "dockerd": (reply(500, {"message": "driver failed: no space"}), "driver failed: no space"),
    "plain text": (reply(500, b"driver failed: no space\n", kind="text/plain"), "driver failed: no space"),
    "podman": (reply(500, {"cause": "no space", "message": "driver failed: no space", "response": 500}), "driver failed: no space"),
    "a lying type": (reply(500, b"driver failed: no space", kind="application/json"), "driver failed: no space"),
    "no body": (b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", "status 500"),
    "no length": (b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
                  b"driver failed: no space", "driver failed: no space"),
    "chunks": (chunked(b'{"mess', b'age":"driver failed: no space"}').replace(b"200 OK", b"500 Oops"), "driver failed: no space"),
    "HTTP/1.0": (b"HTTP/1.0 500 Internal Server Error\r\n\r\ndriver failed: no space", "driver failed: no space"),
    "a web page": (reply(502, b"<html><h1>Bad Gateway</h1></html>", kind="text/html"), "Bad Gateway"),
}


@pytest.mark.parametrize("step", ["GET /info", "POST /containers/create", "POST /containers/c0ffee/attach",
                                  "POST /containers/c0ffee/wait", "POST /containers/c0ffee/start"])
@pytest.mark.parametrize("shape", ERRORS)
def test_engines_message_is_shown(box, aged, shape, step):
    engine = aged(24, 44)
    data, words = ERRORS[shape]

    def answer(_, connection, __):
        connection.sendall(data)
        if shape in ("no length", "HTTP/1.0"):
            connection.shutdown(socket.SHUT_RDWR)
            return False
        return True
    engine.answers[step] = answer
    result = box.cco(*RUN)
    assert result.returncode == 125 and words in result.err, result.err
    assert "{" not in result.err and box.leftovers() == []


def test_engine_that_requires_tls(box, aged):
    engine = aged(24, 44)
    for path in ("HEAD /_ping", "GET /_ping"):
        def answer(_, connection, request):
            connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
            if request[0].startswith("GET"):
                connection.sendall(b"Client sent an HTTP request to an HTTPS server.\n")
            connection.shutdown(socket.SHUT_RDWR)
            return False
        engine.answers[path] = answer
    result = box.cco(*RUN)
    assert result.returncode == 125 and "DOCKER_TLS_VERIFY" in result.err


def test_missing_members_in_replies(box, aged):
    """API 1.52 leaves out empty members: an image's Config may be empty or missing."""
    for image in ({"Id": "sha256:1", "Config": {}}, {"Id": "sha256:1"}):
        engine = aged(44, 52)
        engine.answers["GET /images/"] = reply(200, image)
        engine.answers["GET /info"] = reply(200, {})
        assert box.cco(*RUN).returncode == 42


def test_start_needs_no_extra_requests(box, aged):
    """No version needs more than the requests of a start: two before anything is created."""
    engine = aged(24, 51)
    assert box.cco(*RUN).returncode == 42
    asked = [r[0].split("?")[0] for r in engine.requests]
    assert asked[:3] == ["HEAD /_ping", "GET /info", "GET /images/small/json"]
