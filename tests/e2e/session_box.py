# SPDX-License-Identifier: MIT
"""Native sessions of a test: starts them, lists them, and kills their processes."""

import ctypes
import json
import os
import pathlib
import signal
import subprocess

import pytest

from conftest import CCO, until
from terminal import Terminal

NATIVE = ("--engine", "native")
DETACH = "\x1cd"
PR_SET_CHILD_SUBREAPER = 36
SLEEP = str(30000000 + os.getpid())  # no other session has this name


def children():
    """Returns the children of this process that have not ended."""
    alive = []
    for task in pathlib.Path("/proc/self/task").iterdir():
        alive += [int(pid) for pid in (task / "children").read_text().split()]
    running = []
    for pid in alive:
        try:
            state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            if state == "Z":
                os.waitpid(pid, os.WNOHANG)
            else:
                running.append(pid)
        except (OSError, IndexError):
            pass
    return running


@pytest.fixture
def alone(box):
    """No engine is known, and orphaned processes become children of this process, so that the test sees all of them."""
    probe = box.cco(*NATIVE, "shell", "true")
    if probe.returncode != 0 or "no namespaces" in probe.err:
        pytest.skip(f"no sandbox without an engine here: {probe.err}")
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = set(children())
    box.strangers = lambda: [pid for pid in children() if pid not in before]
    yield box
    for s in sessions(box):
        box.cco("stop", s["name"])
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def sessions(box):
    return json.loads(box.cco("sessions", "--json").out)


def states(box):
    return [s["state"] for s in sessions(box)]


def start(box, script, *args, rows=24, cols=80):
    return Terminal([CCO, *NATIVE, *args, "shell", script], box.env, box.project, rows, cols)


def attach(box, *args, rows=24, cols=80):
    return Terminal([CCO, "attach", *args], box.env, box.project, rows, cols)


def detached(box, script, *args):
    result = box.cco(*NATIVE, "--detach", *args, "shell", script)
    assert result.returncode == 0, result.err
    return result.out.strip()


def piped(box, script, **kwargs):
    return subprocess.Popen([CCO, *NATIVE, "shell", script], env=box.env, cwd=box.project, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, **kwargs)


def note(box, name):
    return (box.runtime / "cco" / name / "init").read_text()


def kill_server(box, name):
    server = next(s["pid"] for s in sessions(box) if s["name"] == name)
    os.kill(server, signal.SIGKILL)
    until(lambda: [s["state"] for s in sessions(box) if s["name"] == name] == ["orphaned"])


def sleepers(text=SLEEP):
    found = []
    for directory in pathlib.Path("/proc").iterdir():
        try:
            words = (directory / "cmdline").read_bytes().split(b"\0") if directory.name.isdigit() else []
        except OSError:
            words = []
        if words[:2] == [b"sleep", text.encode()]:
            found.append(int(directory.name))
    return found
