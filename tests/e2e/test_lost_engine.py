# SPDX-License-Identifier: MIT
"""The engine disappears during a session: a proxy in front of the real engine is cut."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import pytest

from conftest import CCO, ENGINE, docker, docker_only
from terminal import Terminal
from test_session import IMAGE, mine, until
from test_terminal import attach, sessions

pytestmark = docker_only("an engine that goes away")


class Proxy:
    """A unix socket that leads to the engine's until it is cut."""

    def __init__(self, target):
        self.target = target
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="cco-proxy-")) / "docker.sock"
        self.open()

    def open(self):
        self.ends = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(64)
        self.thread = threading.Thread(target=self.accept, args=(self.listener,), daemon=True)
        self.thread.start()

    def accept(self, listener):
        while True:
            try:
                left, _ = listener.accept()
            except OSError:
                return
            right = socket.socket(socket.AF_UNIX)
            right.connect(self.target)
            self.ends += [left, right]
            for a, b in ((left, right), (right, left)):
                threading.Thread(target=self.copy, args=(a, b), daemon=True).start()

    @staticmethod
    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()
        self.path.unlink()
        for end in self.ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


@pytest.fixture
def proxy(real, api, engine_socket):
    proxy = Proxy(engine_socket)
    real.use(proxy.path)
    yield proxy
    for c in mine(api, real):
        api("DELETE", f"/v1.41/containers/{c['Id']}?force=1")


def test_session_on_a_socket_survives_the_engine(real, proxy, api):
    terminal = Terminal([CCO, *IMAGE, "shell", "echo be''fore; read x; echo got $x; read y; exit 7"], real.env, real.project)
    before = terminal.before
    terminal.wait_for("before")
    proxy.cut()
    terminal.type("something\r")
    terminal.wait_for("got something")
    terminal.resize(30, 90)
    terminal.type("\r")
    assert terminal.wait() == 7, "its status comes by the line"
    assert terminal.attributes() == before
    terminal.close()
    until(lambda: not mine(api, real))
    assert real.leftovers() == []


def test_session_on_the_engines_stream_is_adopted(real, proxy, api):
    real.env["CCO_LINE"] = "stream"
    terminal = Terminal([CCO, *IMAGE, "shell", "echo be''fore; read x; echo got $x; exit 5"], real.env, real.project)
    before = terminal.before
    terminal.wait_for("before")
    proxy.cut()
    assert terminal.wait() == 125
    assert terminal.attributes() == before
    assert "lost the engine" in terminal.text() and "cco attach" in terminal.text()
    terminal.close()
    assert len(mine(api, real)) == 1, "it runs on"
    proxy.open()
    assert [s["state"] for s in sessions(real)] == ["orphaned"]
    again = attach(real)
    until(again.is_raw)
    until(lambda: sessions(real)[0]["state"] == "attached")
    again.type("word\r")
    again.wait_for("got word")
    assert again.wait() == 5
    again.close()
    until(lambda: not mine(api, real) and real.leftovers() == [])


@pytest.mark.parametrize("line,status", [("socket", 6), ("stream", 125)])
def test_pipeline_ends_with_125(real, proxy, api, line, status):
    real.env["CCO_LINE"] = line
    child = subprocess.Popen([CCO, *IMAGE, "shell", "echo up; cat; exit 6"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, env=real.env, cwd=real.project)
    assert child.stdout.readline() == b"up\n"
    proxy.cut()
    out, err = child.communicate(b"more", timeout=60)
    assert child.returncode == status, err
    assert out == (b"more" if line == "socket" else b"")
    assert (b"lost the engine" in err) == (line == "stream")
    until(lambda: not mine(api, real))
    proxy.open()
    real.cco("cleanup")
    assert real.leftovers() == []


def test_proxy_alone_is_transparent(real, proxy):
    assert real.cco(*IMAGE, "shell", "echo through").out == "through\n" and os.path.exists(proxy.path)


class OwnEngine:
    """A dockerd whose containers outlive it."""

    def __init__(self, root, image):
        self.root = root
        self.bridge = "ccolive0"
        self.socket = str(root / "docker.sock")
        for words in (["link", "add", self.bridge, "type", "bridge"], ["addr", "add", "10.77.202.1/24", "dev", self.bridge],
                      ["link", "set", self.bridge, "up"]):
            subprocess.run(["ip", *words], check=False, capture_output=True)
        self.start()
        status, text = docker(self.socket, "POST", "/v1.41/images/load?quiet=1", image, "application/x-tar")
        assert status == 200 and b"rror" not in text, text

    def start(self):
        with open(self.root / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["dockerd", "--data-root", self.root / "data", "--exec-root", self.root / "exec", "-p", self.root / "pid",
                 "--bridge", self.bridge, "-H", f"unix://{self.socket}", "--live-restore"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        until(self.answers, 90)

    def answers(self):
        try:
            return docker(self.socket, "GET", "/_ping")[0] == 200
        except OSError:
            return False

    def stop(self):
        """Stops dockerd as an update does; the processes of the containers stay."""
        self.process.terminate()
        self.process.wait()

    def close(self):
        for c in self.containers():
            docker(self.socket, "DELETE", f"/v1.41/containers/{c}?force=1")
        self.process.terminate()
        self.process.wait()
        for line in reversed(pathlib.Path("/proc/mounts").read_text().splitlines()):
            if line.split()[1].startswith(f"{self.root}/"):
                subprocess.run(["umount", "-l", line.split()[1]], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", self.bridge], check=False, capture_output=True)

    def containers(self):
        return [c["Id"] for c in json.loads(docker(self.socket, "GET", "/v1.41/containers/json?all=1")[1])]


@pytest.fixture(scope="module")
def live_engine(engine_socket, tmp_path_factory):
    if os.geteuid() != 0 or shutil.which("dockerd") is None or ENGINE.name != "docker":
        pytest.skip("needs root and dockerd, and runs beside the default engine")
    status, image = docker(engine_socket, "GET", "/v1.41/images/debian:trixie-slim/get")
    assert status == 200
    engine = OwnEngine(tmp_path_factory.mktemp("live"), image)
    yield engine
    engine.close()


@pytest.fixture
def live(real, live_engine):
    real.use(live_engine.socket)
    real.live = live_engine
    return real


def test_engine_that_returns(live):
    live.env["CCO_LINE"] = "stream"
    terminal = Terminal([CCO, *IMAGE, "shell", "echo be''fore; read x; echo got $x; exit 5"], live.env, live.project)
    before = terminal.before
    terminal.wait_for("before")
    live.live.stop()
    assert terminal.wait() == 125
    assert terminal.attributes() == before
    assert "lost the engine" in terminal.text() and "cco attach" in terminal.text()
    terminal.close()
    live.live.start()
    assert [s["state"] for s in sessions(live)] == ["orphaned"]
    again = attach(live)
    until(lambda: sessions(live)[0]["state"] == "attached")
    again.type("word\r")
    again.wait_for("got word")
    assert again.wait() == 5
    again.close()
    until(lambda: live.live.containers() == [] and live.leftovers() == [])


def test_session_that_ended_meanwhile_is_swept(live):
    live.env["CCO_LINE"] = "stream"
    terminal = Terminal([CCO, *IMAGE, "shell", "echo be''fore; read x; exit 5"], live.env, live.project)
    terminal.wait_for("before")
    terminal.kill()
    (kept,) = live.live.containers()
    status, _ = docker(live.live.socket, "POST", f"/v1.41/containers/{kept}/stop?t=1")
    assert status == 204 and live.live.containers() == [kept]
    assert sessions(live) == []
    assert live.cco(*IMAGE, "shell", "true").returncode == 0
    until(lambda: live.live.containers() == [] and live.leftovers() == [])


def test_container_is_removed_by_the_engine_unless_it_can_outlive_cco(live):
    terminal = Terminal([CCO, *IMAGE, "shell", "echo be''fore; read x"], live.env, live.project)
    terminal.wait_for("before")
    (kept,) = live.live.containers()
    child = subprocess.Popen([CCO, *IMAGE, "shell", "echo up; cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=live.env,
                             cwd=live.project)
    assert child.stdout.readline() == b"up\n"
    (piped,) = set(live.live.containers()) - {kept}
    for container, removes_itself in ((kept, False), (piped, True)):
        _, text = docker(live.live.socket, "GET", f"/v1.41/containers/{container}/json")
        assert json.loads(text)["HostConfig"]["AutoRemove"] == removes_itself
    child.communicate(timeout=30)
    terminal.type("\r")
    assert (child.returncode, terminal.wait()) == (0, 0)
    terminal.close()
    until(lambda: live.live.containers() == [])


def test_session_survives_an_engine_restart(live):
    terminal = Terminal([CCO, *IMAGE, "shell", "echo be''fore; read x; echo got $x; exit 6"], live.env, live.project)
    terminal.wait_for("before")
    live.live.stop()
    terminal.type("word\r")
    terminal.wait_for("got word")
    live.live.start()
    assert terminal.wait() == 6
    assert "left behind" not in terminal.text()
    terminal.close()
    if live.live.containers():  # it ended while no engine was there to remove it
        assert live.cco(*IMAGE, "shell", "true").returncode == 0
    until(lambda: live.live.containers() == [] and live.leftovers() == [])


@pytest.mark.parametrize("tty", [True, False])
def test_silent_engine_is_given_up(live, tty):
    live.env["CCO_LINE"] = "stream"
    words = [CCO, *IMAGE, "shell", "echo be''fore; read x; echo got $x; exit 7"]
    if tty:
        terminal = Terminal(words, live.env, live.project)
        before = terminal.before
        terminal.wait_for("before")
    else:
        child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env=live.env, cwd=live.project)
        assert child.stdout.readline() == b"before\n"
    live.live.process.send_signal(signal.SIGSTOP)
    started = time.monotonic()
    try:
        if tty:
            assert terminal.wait() == 125
            assert "nothing has come from it" in terminal.text() and "cco attach" in terminal.text()
            assert terminal.attributes() == before
        else:
            child.wait(60)  # its input stays open, because the end of input would send more bytes
            err = child.stderr.read()
            assert child.returncode == 125 and b"nothing has come from it" in err, err
        assert time.monotonic() - started < (25 if tty else 40)
    finally:
        live.live.process.send_signal(signal.SIGCONT)
    if tty:
        terminal.close()
        again = attach(live)
        again.type("word\r")
        again.wait_for("got word")
        assert again.wait() == 7
        again.close()
    else:
        live.cco("cleanup", "--all", "--yes")
    until(lambda: live.live.containers() == [])


def test_time_that_cco_was_stopped_does_not_count_as_silence(live):
    """As after a laptop's sleep: cco asks again, and the engine answers."""
    live.env["CCO_LINE"] = "stream"
    terminal = Terminal([CCO, *IMAGE, "shell", "echo be''fore; read x; echo got $x; exit 8"], live.env, live.project)
    terminal.wait_for("before")
    os.kill(terminal.pid, signal.SIGSTOP)
    until(lambda: open(f"/proc/{terminal.pid}/stat", encoding="ascii").read().split()[2] == "T")
    deadline = time.monotonic() + 16  # longer than the longest accepted silence
    while time.monotonic() < deadline:
        terminal.pump(0.5)
    os.kill(terminal.pid, signal.SIGCONT)
    terminal.type("word\r")
    terminal.wait_for("got word")
    assert terminal.wait() == 8
    terminal.close()
