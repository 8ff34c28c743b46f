# SPDX-License-Identifier: MIT
"""An engine that goes away under a session: a proxy before the real one is cut."""

import os
import pathlib
import socket
import subprocess
import tempfile
import threading

import pytest

from conftest import CCO
from terminal import Terminal
from test_session import IMAGE, mine, until
from test_terminal import attach, sessions


class Proxy:
    """A unix socket that leads to the engine's, until it is cut."""

    def __init__(self, target):
        self.target = target
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="cco-proxy-")) / "docker.sock"
        self.open()

    def open(self):
        self.ends = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(64)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.target)
            self.ends += [near, far]
            for a, b in ((near, far), (far, near)):
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


def test_a_session_past_the_engine_goes_on(real, proxy, api):
    terminal = Terminal([CCO, *IMAGE, "shell", "echo be''fore; read x; echo got $x; read y; exit 7"], real.env, real.project)
    before = terminal.attributes()
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


def test_one_through_the_engine_is_taken_up_again(real, proxy, api):
    real.env["CCO_LINE"] = "stream"
    terminal = Terminal([CCO, *IMAGE, "shell", "echo be''fore; read x; echo got $x; exit 5"], real.env, real.project)
    before = terminal.attributes()
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
    until(lambda: sessions(real)[0]["state"] == "attached")
    again.type("word\r")
    again.wait_for("got word")
    assert again.wait() == 5
    again.close()
    until(lambda: not mine(api, real) and real.leftovers() == [])


@pytest.mark.parametrize("line,status", [("socket", 6), ("stream", 125)])
def test_a_pipeline(real, proxy, api, line, status):
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


def test_the_proxy_itself(real, proxy):
    assert real.cco(*IMAGE, "shell", "echo through").out == "through\n" and os.path.exists(proxy.path)
