# SPDX-License-Identifier: MIT
"""Which engine is used if nothing names one: real sockets at the known paths. The first path is the machine's, so the
tests mount their own directory at /run. Also as an ordinary user.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

import pytest

from conftest import CCO
from fake import reply
from test_discovery import engines, info, passed  # noqa: F401  pylint: disable=unused-import


def namespace():
    """Returns the command that gives a program `run` as /run, or None if that is not possible."""
    script = 'mount --bind "$0" /run && exec "$@"'
    with tempfile.TemporaryDirectory() as there:
        probe = subprocess.run(["unshare", "--mount", "sh", "-c", script, there, "true"], capture_output=True, check=False)
    return ["unshare", "--mount", "sh", "-c", script] if probe.returncode == 0 else None


SEEN = namespace()
needs_places = pytest.mark.skipif(SEEN is None or os.path.realpath("/var/run") != "/run",
                                  reason="only root can put sockets at the known places")
ORDER = ["/var/run/docker.sock", "@/docker.sock", "~/.docker/run/docker.sock", "~/.docker/desktop/docker.sock",
         "~/.colima/default/docker.sock", "~/.orbstack/run/docker.sock", "~/.rd/docker.sock", "@/podman/podman.sock",
         "/run/podman/podman.sock"]


class Places:
    def __init__(self, box, base):
        self.box, self.run = box, base / "fake run"
        self.run.mkdir()
        self.open = []

    def path(self, place):
        """Returns the path of the socket for this process."""
        path = pathlib.Path(place.replace("@", str(self.box.runtime)).replace("~", str(self.box.home)))
        for prefix in ("/var/run", "/run"):
            if path.is_relative_to(prefix):
                path = self.run / path.relative_to(prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def address(self, place):
        return "unix://" + place.replace("@", str(self.box.runtime)).replace("~", str(self.box.home))

    def engine(self, place, engine):
        self.path(place).symlink_to(engine.socket)

    def listener(self, place):
        """Accepts connections and never answers."""
        here = socket.socket(socket.AF_UNIX)
        short = tempfile.mkdtemp(prefix="cco-place-")
        here.bind(f"{short}/s")
        here.listen(16)
        self.path(place).symlink_to(f"{short}/s")
        self.open.append((here, short))
        return here

    def info(self, status=None, before=(), **env):
        return info(self.box, status, [*SEEN, str(self.run), *before], **env)


@pytest.fixture
def places(box, engines, tmp_path):
    found = Places(box, tmp_path)
    yield found
    for here, short in found.open:
        here.close()
        shutil.rmtree(short)


@needs_places
@pytest.mark.parametrize("place", ORDER)
def test_engine_is_found_at_each_known_socket(places, engines, place):
    places.engine(place, engines())
    answer = places.info(True)
    assert (answer["address"], answer["chosen_by"]) == (places.address(place), "the first that answers")
    reasons = passed(answer)
    for earlier in ORDER[:ORDER.index(place)]:
        assert reasons.pop(places.address(earlier)) == "not there"
    assert reasons == {"DOCKER_HOST": "not set", "DOCKER_CONTEXT": "not set",
                       f"{places.box.docker}/config.json": "names no context"}


@needs_places
def test_first_of_two_sockets_is_used(places, engines):
    for first, second in zip(ORDER, ORDER[1:]):
        one, two = engines(), engines()
        places.engine(first, one)
        places.engine(second, two)
        assert places.info(True)["address"] == places.address(first)
        assert two.requests == []
        places.path(first).unlink()
        places.path(second).unlink()


@needs_places
def test_broken_socket_does_not_hide_an_engine(places, engines):
    """A stale socket, a file, a directory, a dangling link, a web server, a server that closes, and a server that hangs."""
    stale = places.listener(ORDER[0])
    stale.close()
    places.path(ORDER[1]).write_text("a file")
    places.path(ORDER[2]).mkdir()
    places.path(ORDER[3]).symlink_to("/nowhere/s")
    web, rude = engines(), engines()
    for path in ("HEAD /_ping", "GET /_ping", "GET /version"):
        web.answers[path] = reply(200, b"<html>hello</html>" if path[0] == "G" else b"")
        rude.answers[path] = lambda *_: False
    places.engine(ORDER[4], web)
    places.engine(ORDER[5], rude)
    places.listener(ORDER[6])
    places.engine(ORDER[7], engines())
    start = time.monotonic()
    answer = places.info(True)
    assert time.monotonic() - start < 10
    assert answer["address"] == places.address(ORDER[7])
    reasons = passed(answer)
    assert [reasons[places.address(place)] for place in ORDER[:7]] == \
        ["nobody listens", "not a socket", "not a socket", "not there", "no Docker engine", "no Docker engine", "no answer"]
    command = [*SEEN, str(places.run), CCO, "info", "--image", "small"]
    shown = "".join(subprocess.run(command, cwd=places.box.project, env=places.box.env, capture_output=True, timeout=60,
                                   check=False).stdout.decode().split())
    assert places.address(ORDER[6]).replace(" ", "") + ":noanswer" in shown.replace("\n", ""), shown
    assert "/nowhere" not in shown


@needs_places
def test_slow_engine_gets_its_time(places, engines):
    """An engine may still be starting. Others are tried first, but if none answers, it gets all its time."""
    slow = engines()

    def late(engine, connection, request):
        time.sleep(2.7)
        return engine.send(connection, request, reply(200, extra="Api-Version: 1.41\r\nOstype: linux\r\n"))
    slow.answers["HEAD /_ping"] = late
    places.engine(ORDER[0], slow)
    answer = places.info(True)
    assert answer["address"] == places.address(ORDER[0]) and places.address(ORDER[0]) not in passed(answer)


@needs_places
def test_no_socket_at_all(places):
    answer = places.info(False)
    assert "no socket exists at unix:///var/run/docker.sock or at 8 other places" in answer["text"]
    assert answer["address"] == "unix:///var/run/docker.sock" and len(answer["passed_over"]) == 12


@needs_places
def test_docker_context_default(places, engines):
    """The value means this machine's engine, regardless of the current context."""
    places.engine(ORDER[0], engines())
    (places.box.docker / "config.json").write_text('{"currentContext":"gone"}')
    assert places.info(False)["context"] == "gone"
    answer = places.info(True, DOCKER_CONTEXT="default")
    assert answer["address"] == places.address(ORDER[0]) and passed(answer)["DOCKER_CONTEXT"] == "default"


@needs_places
def test_ordinary_user_without_permission_gets_the_next_engine(places, engines):
    """Docker's socket exists but belongs to a group that the user is not in: cco uses the user's own engine and says
    why.
    """
    base = pathlib.Path(tempfile.mkdtemp(prefix="cco-user-"))
    base.chmod(0o755)
    try:
        closed, own = engines(), engines()
        for engine, mode in ((closed, 0o600), (own, 0o666)):
            os.chmod(engine.dir, 0o755)
            os.chmod(engine.socket, mode)
        places.box.project = base
        places.run = base / "run"
        (places.run / "podman").mkdir(parents=True)
        (places.run / "podman").chmod(0o700)
        (places.run / "docker.sock").symlink_to(closed.socket)
        runtime = base / "user"
        runtime.mkdir()
        program = shutil.copy(CCO, base / "cco")
        before = ["setpriv", "--reuid=12345", "--regid=12345", "--clear-groups", "env", f"HOME={base}", f"XDG_RUNTIME_DIR={runtime}"]

        def look():
            command = [*SEEN, str(places.run), *before, program, "info", "--json", "--image", "small"]
            result = subprocess.run(command, cwd=base, env=places.box.env, capture_output=True, timeout=60, check=False)
            return json.loads(result.stdout)["engine"]
        answer = look()
        assert not answer["ready"] and "Permission denied" in answer["text"] and "usermod -aG docker" in answer["next"]
        assert passed(answer)["unix:///var/run/docker.sock"] == "no permission"
        (runtime / "docker.sock").symlink_to(own.socket)
        answer = look()
        assert answer["ready"] and answer["address"] == f"unix://{runtime}/docker.sock"
        assert passed(answer)["unix:///var/run/docker.sock"] == "no permission"
        (runtime / "docker.sock").unlink()
        (places.run / "docker.sock").unlink()
        answer = look()
        assert not answer["ready"] and "systemctl --user start podman.socket" in answer["next"], answer
    finally:
        shutil.rmtree(base)
