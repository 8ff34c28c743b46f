# SPDX-License-Identifier: MIT
"""What the tests of projects on a remote engine share."""

import json
import subprocess

import pytest

import remote_engine
from conftest import CCO, ENGINE, docker

IMAGE = ("--image", remote_engine.IMAGE)


@pytest.fixture(scope="session")
def archive(engine_socket):
    status, text = docker(engine_socket, "GET", f"/images/{remote_engine.IMAGE}/get")
    assert status == 200
    return text


def start(archive, hidden):
    why = remote_engine.missing() if ENGINE.name == "docker" else "that of Docker is enough"
    if why is not None:
        pytest.skip(f"no remote engine: {why}")
    engine = remote_engine.RemoteEngine(hidden)
    engine.load(archive)
    return engine


@pytest.fixture(scope="session")
def engine(archive, tmp_path_factory):
    it = start(archive, tmp_path_factory.getbasetemp())
    yield it
    it.close()


@pytest.fixture
def remote(box, engine):
    """cco detects by itself that this engine does not see our files."""
    yield box.use(engine.socket)
    box.cco("cleanup", "--all", "--yes")


def shell(box, script, *options, **more):
    result = box.cco("shell", *IMAGE, *options, script, **more)
    result.check = lambda: (result.returncode == 0 or pytest.fail(result.err)) and result
    return result


def sync(box, *options):
    result = box.cco("sync", "--json", *IMAGE, *options)
    assert result.returncode == 0, result.err
    return json.loads(result.out)


def volumes(engine):
    return [v["Name"] for v in json.loads(engine.call("GET", "/volumes")[1])["Volumes"] or []]


def containers(engine):
    return json.loads(engine.call("GET", "/containers/json?all=1")[1])


def killed(box, script):
    """Starts a session and kills its cco after the command has printed a line."""
    session = subprocess.Popen([CCO, "shell", *IMAGE, script], cwd=box.project, env=box.env,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert session.stdout.readline() == b"ready\n", session.stderr.read()
    session.kill()
    session.communicate(timeout=30)
