# SPDX-License-Identifier: MIT
"""cco on a machine that forbids namespaces, or something else, by a filter around it (forbid.py)."""

import ctypes
import os
import pathlib
import re
import subprocess
import sys
import threading

import pytest

from conftest import CCO, TIMEOUT

FORBID = str(pathlib.Path(__file__).with_name("forbid.py"))
PYTHON = "/usr/bin/python3"
LANDLOCK = ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1)
LINE = re.compile(r"cco: no namespaces \((.*)\): only Landlock and a filter of system calls protect .*\n")

NEEDED = [
    pytest.mark.skipif(sys.platform != "linux", reason="Linux only"),
    pytest.mark.skipif(LANDLOCK < 1, reason="no Landlock in this kernel"),
    pytest.mark.skipif(not os.path.exists(PYTHON), reason="no python3 of the system's"),
]


class LandlockOnly:
    """cco on a machine that forbids something."""

    def __init__(self, box, what):
        self.box, self.what = box, what
        self.project, self.home, self.env = box.project, box.home, box.env

    def argv(self, *args):
        return [PYTHON, FORBID, self.what, CCO, "--engine", "native", *args]

    def cco(self, *args, stdin=b"", cwd=None, prefix=()):
        result = subprocess.run([*prefix, *self.argv(*args)], input=stdin, capture_output=True, timeout=TIMEOUT,
                                cwd=cwd or self.project, env=self.env, check=False)
        result.out = result.stdout.decode(errors="replace")
        result.err = result.stderr.decode(errors="replace")
        return result

    def inside(self, script):
        """Runs a Python script inside and returns what it prints."""
        result = self.cco("shell", PYTHON, "-c", script)
        assert result.returncode == 0, result.err
        return result.out


@pytest.fixture
def landlock_only(box):
    return LandlockOnly(box, "namespaces")


def alone(err):
    """Returns the one line that cco printed, and asserts that it is the only one."""
    found = LINE.fullmatch(err)
    assert found, err
    return found[1]


def nested(script):
    """Runs a command in a user namespace of which this process is root."""
    argv = ["/usr/bin/unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script + '; exec "$@"', "sh"]
    if subprocess.run([*argv, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("no namespaces to try that in")
    return argv


def running(mark):
    """Returns the processes with `mark` among their arguments."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in entry.read_bytes().split(b"\0"):
                found.append(int(entry.parent.name))
        except OSError:
            pass
    return found


# a process that leaves its session and its parent, ignores signals, and is not dumpable
DAEMONS = """
import ctypes, os, signal, sys, time
mark = sys.argv[1]
for kind in range(4):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (1, 2, 15):
                signal.signal(number, signal.SIG_IGN)
            if kind == 3:
                ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
            os.execv("/bin/sleep", ["sleep", mark])
        os._exit(0)
for _ in range(4):
    os.wait()
time.sleep(float(sys.argv[2]))
"""


def mark():
    return f"{3000 + os.getpid() % 1000}.{threading.get_native_id()}"
