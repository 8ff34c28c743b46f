# SPDX-License-Identifier: MIT
"""Every source that can name the engine, and their order. test_socket_candidates.py tests the known sockets."""

import hashlib
import json
import os
import signal
import subprocess

import pytest

from conftest import CCO, docker_only, until
from fake import FakeEngine

pytestmark = docker_only("which Docker engine")

RUN = ("--image", "small", "shell", "true")


def put_context(directory, name, host, skip=None, tls=()):
    """Writes a context as Docker's command line does."""
    identity = hashlib.sha256(name.encode()).hexdigest()
    docker = {"Host": host} if skip is None else {"Host": host, "SkipTLSVerify": skip}
    meta = directory / "contexts" / "meta" / identity
    meta.mkdir(parents=True, exist_ok=True)
    (meta / "meta.json").write_text(json.dumps({"Name": name, "Metadata": {}, "Endpoints": {"docker": docker}}))
    if tls:
        files = directory / "contexts" / "tls" / identity / "docker"
        files.mkdir(parents=True)
        for file in tls:
            (files / f"{file}.pem").write_text("x")


@pytest.fixture
def engines(box):
    """Makes fake engines. DOCKER_HOST names none of them."""
    made = []

    def make(minor=41):
        engine = FakeEngine()
        engine.answers["HEAD /_ping"] = (f"HTTP/1.1 200 OK\r\nApi-Version: 1.{minor}\r\nOstype: linux\r\n"
                                         "Server: Docker/20.10.24 (linux)\r\nContent-Length: 0\r\n\r\n").encode()
        made.append(engine)
        return engine
    box.env["CCO_ENGINE_TIMEOUT"] = "4"
    box.docker = box.home / ".docker"
    box.docker.mkdir()
    yield make
    for engine in made:
        engine.close()


def info(box, status=None, run=None, **env):
    command = [*(run or []), CCO, "info", "--json", "--image", "small"]
    result = subprocess.run(command, cwd=box.project, env={**box.env, **env}, capture_output=True, timeout=60, check=False)
    answer = json.loads(result.stdout)["engine"]
    if status is not None:
        assert answer["ready"] is status, answer
    return answer


def passed(answer):
    return {p["address"]: p["reason"] for p in answer["passed_over"]}


def test_docker_host_comes_first(box, engines):
    first, other = engines(), engines()
    put_context(box.docker, "other", f"unix://{other.socket}")
    (box.docker / "config.json").write_text('{"currentContext":"other"}')
    answer = info(box, True, DOCKER_HOST=f"unix://{first.socket}", DOCKER_CONTEXT="other")
    assert (answer["address"], answer["chosen_by"], answer["context"]) == (f"unix://{first.socket}", "DOCKER_HOST", None)
    assert passed(answer) == {"DOCKER_CONTEXT=other": "DOCKER_HOST comes first"}
    shown = box.cco("info", "--image", "small", env={"DOCKER_HOST": f"unix://{first.socket}", "DOCKER_CONTEXT": "other"}).out
    assert "DOCKER_HOST comes first" in " ".join(shown.split())
    assert box.cco(*RUN, env={"DOCKER_HOST": f"unix://{first.socket}"}).returncode == 42
    assert other.requests == []


def test_docker_context_comes_second(box, engines):
    first, other = engines(), engines()
    put_context(box.docker, "first", f"unix://{first.socket}")
    put_context(box.docker, "other", f"unix://{other.socket}")
    (box.docker / "config.json").write_text('{"currentContext":"other"}')
    answer = info(box, True, DOCKER_CONTEXT="first")
    assert (answer["address"], answer["chosen_by"], answer["context"]) == (f"unix://{first.socket}", "DOCKER_CONTEXT", "first")
    assert passed(answer) == {"DOCKER_HOST": "not set"}
    assert box.cco(*RUN, env={"DOCKER_CONTEXT": "first", "DOCKER_HOST": ""}).returncode == 42
    assert other.requests == []


def test_current_context_comes_third(box, engines):
    engine = engines()
    put_context(box.docker, "mine", f"unix://{engine.socket}")
    (box.docker / "config.json").write_text(json.dumps({"auths": {"r": {"auth": "c2VjcmV0"}}, "currentContext": "mine"}))
    answer = info(box, True)
    assert (answer["address"], answer["chosen_by"], answer["context"]) == \
        (f"unix://{engine.socket}", "Docker's current context", "mine")
    assert passed(answer) == {"DOCKER_HOST": "not set", "DOCKER_CONTEXT": "not set"}
    shown = box.cco("info", "--image", "small").out
    assert "(Docker's current context, mine)" in " ".join(shown.split()) and "c2VjcmV0" not in shown
    assert box.cco(*RUN).returncode == 42


def test_docker_config_names_the_directory(box, engines, tmp_path):
    """$DOCKER_CONFIG replaces ~/.docker. A relative path is ignored."""
    engine = engines()
    other = tmp_path / "other place"
    put_context(other, "mine", f"unix://{engine.socket}")
    (other / "config.json").write_text('{"currentContext":"mine"}')
    (box.docker / "config.json").write_text('{"currentContext":"nothing"}')
    assert info(box, True, DOCKER_CONFIG=str(other))["context"] == "mine"
    assert info(box, False, DOCKER_CONFIG="other place")["context"] == "nothing"


def test_missing_context_is_an_error(box, engines):
    engines()
    for name in ("beta", "alpha"):
        put_context(box.docker, name, "unix:///nowhere/docker.sock")
    result = box.cco(*RUN, env={"DOCKER_CONTEXT": "gamma"})
    assert result.returncode == 125 and "context 'gamma' (DOCKER_CONTEXT)" in result.err
    assert "There are: default, alpha, beta." in result.err
    (box.docker / "config.json").write_text('{"currentContext":"gone"}')
    result = box.cco(*RUN)
    assert result.returncode == 125 and "context 'gone' (Docker's current context)" in result.err
    answer = info(box, False)
    assert answer["next"] == "export DOCKER_CONTEXT=default" and "alpha" in answer["note"]


@pytest.mark.parametrize("host,words", [
    ("unix:///nowhere/docker.sock", ["No such file", "Start Docker"]),
    ("npipe:////./pipe/docker_engine", ["named pipes exist on Windows only", "WSL"]),
    ("tcp://192.0.2.7:2375", ["another machine without TLS", "--insecure"]),
    ("tcp://192.0.2.7:2375/base", ["tcp://192.0.2.7:2375/base is another machine"]),
    ("ssh://-oProxyCommand=true", ["the user, host or port is not valid"]),
    ("ftp://h", ["unknown scheme"]),
    ("", ["names no Docker engine"]),
])
def test_addresses_of_contexts(box, engines, host, words):
    engines()
    put_context(box.docker, "big", host)
    result = box.cco(*RUN, env={"DOCKER_CONTEXT": "big"})
    assert result.returncode == 125 and "context 'big' (DOCKER_CONTEXT)" in result.err, result.err
    for word in words:
        assert word in result.err, result.err
    assert len(result.err.strip().split("\n")) >= 2, "the next step"


def test_named_engine_without_an_answer_is_an_error(box, engines):
    """A named engine is used, or its failure is an error. No other engine replaces it."""
    engine, other = engines(), engines()
    engine.silent = "HEAD /_ping"
    put_context(box.docker, "big", f"unix://{engine.socket}")
    os.symlink(other.socket, box.runtime / "docker.sock")
    result = box.cco(*RUN, env={"DOCKER_CONTEXT": "big", "CCO_ENGINE_TIMEOUT": "1"})
    assert result.returncode == 125 and "(context 'big'): no answer in time" in result.err and "hangs" in result.err, result.err
    assert other.requests == []


def test_certificate_without_its_key_is_refused(box, engines):
    engines()
    put_context(box.docker, "big", "tcp://127.0.0.1:1", tls=("ca", "cert"))
    result = box.cco(*RUN, env={"DOCKER_CONTEXT": "big"})
    assert result.returncode == 125 and "key.pem does not" in result.err


def test_plain_tcp_needs_insecure_except_on_loopback(box, engines):
    """The loopback of this machine counts like a socket. Other machines need --insecure."""
    engines()
    for host in ("tcp://127.0.0.1:1", "tcp://localhost:1", "tcp://[::1]:1", "127.0.0.1:1"):
        assert "without TLS" not in box.cco(*RUN, env={"DOCKER_HOST": host}).err
    for host in ("tcp://192.0.2.7", "192.0.2.7:2375", "tcp://127.0.0.1.example.com", "tcp://[2001:db8::1]:2375"):
        result = box.cco(*RUN, env={"DOCKER_HOST": host})
        assert result.returncode == 125 and "another machine without TLS" in result.err and "--insecure" in result.err
    assert "without TLS" not in box.cco("--insecure", *RUN, env={"DOCKER_HOST": "tcp://127.1.2.3:1"}).err
    config = box.home / ".config" / "cco"
    config.mkdir(parents=True)
    (config / "config").write_text("insecure = true\n")
    assert "without TLS" not in box.cco(*RUN, env={"DOCKER_HOST": "tcp://host.invalid:1", "CCO_ENGINE_TIMEOUT": "1"}).err


HOSTILE = [
    b"", b"\xff\xfe", b"{", b"[" * 100000, b'{"currentContext":', b'{"currentContext":7}', b'{"currentContext":null}', b"null",
    b'{"currentContext":"' + b"a" * 70000 + b'"}', b'{"currentContext":"\\u001b[2Jx"}', b'{"currentContext":"../../../etc"}x',
    b'{"a":"' + b"x" * (2 << 20) + b'"}', b'{"currentContext":"a\\u0000b/../c"}',
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_docker_config_leads_to_an_error(box, engines, text):
    """Any content of the file leads to this machine's engine or to an error about a context, and no control byte
    reaches the terminal.
    """
    engine = engines()
    os.symlink(engine.socket, box.runtime / "docker.sock")
    (box.docker / "config.json").write_bytes(text)
    answer = info(box)
    if not os.path.exists("/var/run/docker.sock") and (answer["context"] is None):
        assert answer["ready"] and answer["address"] == f"unix://{box.runtime}/docker.sock"
    else:
        assert answer["ready"] or "no such context" in answer["text"]
    shown = box.cco("info", "--image", "small")
    assert "\x1b" not in shown.out + shown.err and len(shown.out) < 10000


def test_fifo_as_docker_config_does_not_block(box, engines):
    engine = engines()
    os.symlink(engine.socket, box.runtime / "docker.sock")
    os.mkfifo(box.docker / "config.json")
    reasons = passed(info(box))
    assert "not a regular file" in reasons[f"{box.docker}/config.json"]


def test_hostile_context_files_lead_to_an_error(box, engines):
    engine = engines()
    put_context(box.docker, "big", f"unix://{engine.socket}")
    meta = next((box.docker / "contexts" / "meta").iterdir()) / "meta.json"
    good = meta.read_bytes()
    for text in (b"", b"null", b"[]", b"[" * 1000, good[:-3], good.replace(b"docker", b"kubernetes"), good.replace(b'"unix', b'7,"x":"'),
                 b'{"Endpoints":{"docker":{"Host":"unix:///' + b"a" * 5000 + b'"}}}', good + b" " * (2 << 20)):
        meta.write_bytes(text)
        result = box.cco(*RUN, env={"DOCKER_CONTEXT": "big"})
        assert result.returncode == 125 and "context 'big'" in result.err and len(result.err) < 3000, result.err
    meta.unlink()
    meta.mkdir()
    assert box.cco(*RUN, env={"DOCKER_CONTEXT": "big"}).returncode == 125


def test_docker_config_in_the_project_is_not_used(box, engines):
    """An agent may have written these files."""
    engine, evil = engines(), engines()
    planted = box.project / "docker"
    put_context(planted, "evil", f"unix://{evil.socket}")
    (planted / "config.json").write_text('{"currentContext":"evil"}')
    box.docker.rmdir()
    box.docker.symlink_to(planted)
    os.symlink(engine.socket, box.runtime / "docker.sock")
    answer = info(box)
    assert answer["context"] is None and evil.requests == []
    assert "an agent could" in passed(answer)["Docker's configuration"]


def test_real_engine_is_found_by_its_context(real):
    socket_path = real.env.pop("DOCKER_HOST")
    put_context(real.home / ".docker", "real", socket_path, skip=False)
    result = real.cco("--image", "debian:trixie-slim", "shell", "echo", "here", env={"DOCKER_CONTEXT": "real"})
    assert (result.returncode, result.out) == (0, "here\n"), result.err


@pytest.fixture
def lost(real, api):
    """A background session whose cco was killed."""
    name = f"lost-{os.getpid()}"
    subprocess.run([CCO, "--image", "debian:trixie-slim", "--detach", "--name", name, "shell", "echo up; exec sleep 1000"],
                   env=real.env, cwd=real.project, capture_output=True, timeout=60, check=True)
    sessions = json.loads(real.cco("sessions", "--json").out)
    os.kill(next(s for s in sessions if s["name"] == f"cco-{name}")["pid"], signal.SIGKILL)
    yield f"cco-{name}"
    api("DELETE", f"/containers/cco-{name}?force=1")


def test_session_of_another_engine_is_not_swept(real, engines, lost):
    """Only the session's own engine can say that its sandbox is gone, so its files stay until that engine was asked."""
    def state():
        return [(s["name"], s["state"]) for s in json.loads(real.cco("sessions", "--json").out)]
    own = real.env["DOCKER_HOST"]
    until(lambda: state() == [(lost, "orphaned")])
    key = real.runtime / "cco" / f"{lost}.key"
    real.use(engines().socket)
    assert real.cco("--image", "small", "shell", "true").returncode == 42
    assert real.cco("cleanup").returncode == 0
    assert key.exists() and (real.runtime / "cco" / lost).is_dir()
    assert state() == [] and f"its engine is {own}" in real.cco("sessions").err
    result = real.cco("attach", lost)
    assert result.returncode == 125 and f"The session is on the engine {own}" in result.err, result.err
    real.env["DOCKER_HOST"] = own
    assert state() == [(lost, "orphaned")]
    assert real.cco("stop", lost).returncode == 0
    until(lambda: state() == [])
