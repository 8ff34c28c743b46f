# SPDX-License-Identifier: MIT
"""An engine on another machine: a dockerd in its own mount and network namespace, which does not see the tests' homes
and has its own localhost.
"""

import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

IMAGE = "debian:trixie-slim"
BRIDGE = "ccoremote0"

START = f"""
set -e
rm -rf "$DIR/exec" "$DIR/pid"
ip link set lo up
ip link add {BRIDGE} type bridge
ip addr add 10.89.0.1/24 dev {BRIDGE}
ip link set {BRIDGE} up
mount -t tmpfs none "$HIDE"
exec dockerd --data-root "$DIR/data" --exec-root "$DIR/exec" -p "$DIR/pid" --bridge {BRIDGE} \\
    --iptables=false --ip-masq=false -H "unix://$DIR/s" >"$DIR/log" 2>&1
"""


def missing():
    """Returns why there cannot be such an engine here, or None if there can."""
    if os.geteuid() != 0:
        return "not root"
    for program in ("unshare", "dockerd", "ip"):
        if shutil.which(program, path="/usr/sbin:/sbin:/usr/bin:/bin:/usr/local/bin") is None:
            return f"no {program}"
    probe = subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, check=False)
    return probe.stderr.decode().strip() if probe.returncode != 0 else None


class RemoteEngine:
    """The engine sees an empty directory in place of `hidden`."""

    def __init__(self, hidden):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="cco-remote.", dir="/tmp"))
        self.socket = str(self.dir / "s")
        self.hidden = hidden
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--net", "--propagation", "private", "sh", "-c", START],
            env={"PATH": "/usr/local/bin:/usr/sbin:/sbin:/usr/bin:/bin", "DIR": str(self.dir),
                 "HIDE": str(self.hidden)},
            stdin=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 60
        while True:
            try:
                if self.call("GET", "/_ping")[0] == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > deadline:
                log = self.dir / "log"
                raise RuntimeError(log.read_text()[-2000:] if log.exists() else "did not start")
            time.sleep(0.05)

    def call(self, method, target, body=None, kind="application/json"):
        connection = http.client.HTTPConnection("docker", timeout=120)
        connection.sock = socket.socket(socket.AF_UNIX)
        try:
            connection.sock.connect(self.socket)
            connection.request(method, target, body, {"Content-Type": kind} if body else {})
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def load(self, archive):
        status, text = self.call("POST", "/images/load", archive, "application/x-tar")
        assert status == 200, text

    def kill(self):
        """Kills the engine as a power failure would: no connection is closed in order, and no process survives."""
        shims = subprocess.run(["pgrep", "-f", str(self.dir / "exec")], capture_output=True,
                               text=True, check=False).stdout.split()
        for pid in [self.process.pid, *map(int, shims)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait(30)

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.dir, ignore_errors=True)
