# SPDX-License-Identifier: MIT
"""Answers what the tests ask an engine, for native sessions. It finds sessions among the processes of this machine by
what the kernel reports and not by what cco noted. The answers have the shape of Docker's, as far as the tests look.
"""

import errno
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import urllib.parse

import pytest


def unescaped(text):
    return re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), text)


def status_of(process):
    lines = (process / "status").read_text(errors="replace").splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def started(pid):
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]


def limits(cco, env):
    """Returns whether limits are possible here; that depends on whether a control group is delegated."""
    command = [cco, "--memory", "64m", "--pids", "100", "--cpus", "0.5", "shell", "true"]
    with tempfile.TemporaryDirectory() as home:
        (pathlib.Path(home) / "project").mkdir()
        result = subprocess.run(command, cwd=f"{home}/project", env={**env, "HOME": home, "XDG_RUNTIME_DIR": home},
                                capture_output=True, timeout=60, check=False)
    return b"--memory" not in result.stderr


def first_processes():
    """Returns (pid, mount points) of each of our processes that is the first one of a PID namespace below ours. A
    process without mount points is about to end, and only cco's note says to which session it belonged.
    """
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            status = status_of(process)
            if status["NSpid"].split()[-1] != "1" or len(status["NSpid"].split()) < 2 or status["State"][0] in "ZX" or \
                    int(status["Uid"].split()[0]) != os.getuid():
                continue
            try:
                mounts = (process / "mountinfo").read_text().splitlines()
            except OSError as error:
                if error.errno != errno.EINVAL:
                    raise
                mounts = []  # it has released its mounts and is about to end
            yield int(process.name), [unescaped(line.split(" ")[4]) for line in mounts]
        except OSError:
            pass  # it ended


class Sessions:
    """The sessions of one test: their mounts lead below its directory."""

    def __init__(self, base):
        self.base = base

    def name(self, pid):
        for note in self.base.glob("run/cco/*/init"):
            if note.read_text().split() == [str(pid), started(pid)]:
                return note.parent.name
        return None

    def all(self):
        found = []
        for pid, points in first_processes():
            project = str(self.base / "home" / "my project")
            try:
                name = self.name(pid)
                if not points and name is not None:
                    points = [project]
                ours = [p for p in points if p.startswith(f"{self.base}/")]
                if not ours:
                    continue
                found.append({
                    "Id": f"{pid}.{started(pid)}", "Names": ["/" + (name or f"pid-{pid}")], "State": "running", "Status": "Up",
                    "Labels": {"cco": "1", "cco.uid": str(os.getuid()),
                               "cco.project": project if project in ours else ours[0]}})
            except OSError:
                pass
        return found

    def find(self, word):
        return next((c for c in self.all() if word in (c["Id"], c["Names"][0][1:])), None)

    def kill(self):
        """Kills the sessions of a failed test, because no engine is stopped together with its containers here."""
        for pid, points in first_processes():
            if any(p.startswith(f"{self.base}/") for p in points):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass

    def seen_of(self, session):
        """Returns what other processes of this machine can see of it."""
        pid = session["Id"].split(".")[0]
        seen = {}
        for what in ("cmdline", "environ"):
            try:
                seen[what] = pathlib.Path(f"/proc/{pid}/{what}").read_bytes().decode(errors="replace")
            except OSError as error:
                seen[what] = str(error)
        return {"State": {"Running": True}, "Seen": seen}

    def __call__(self, method, target, body=None, kind=None):
        url = urllib.parse.urlsplit(re.sub(r"^/v1\.\d+", "", target))
        words = url.path.strip("/").split("/")
        if (method, url.path) == ("GET", "/containers/json"):
            asked = urllib.parse.parse_qs(url.query).get("filters", ["{}"])[0]
            wanted = [label.split("=", 1) for label in json.loads(asked).get("label", [])]
            answer = [c for c in self.all() if all(c["Labels"].get(k) == v for k, v in wanted)]
            return 200, json.dumps(answer).encode()
        if words[0] != "containers" or len(words) > 3 or (method, words[-1]) == ("POST", "create"):
            pytest.skip("about what only Docker has: " + method + " " + url.path)
        session = self.find(urllib.parse.unquote(words[1]))
        if session is None:
            return 404, b'{"message":"no such session"}'
        if method == "DELETE" or words[-1] == "kill":
            os.kill(int(session["Id"].split(".")[0]), signal.SIGKILL)
            return 204, b""
        if words[-1] == "logs":
            return 200, b""
        return 200, json.dumps(self.seen_of(session)).encode()
