# SPDX-License-Identifier: MIT
"""Sessions that other processes find and end: sessions without a terminal, sessions that were started in another
environment, and sessions whose names are used again.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import pytest

from conftest import CCO, until
from session_box import DETACH, SLEEP, alone, attach, detached, kill_server, note, piped, sessions, states  # noqa: F401

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


def connections(pid):
    """Returns how many sockets of a session server the process has."""
    own = {os.readlink(f) for f in pathlib.Path(f"/proc/{pid}/fd").iterdir() if f.is_symlink()}
    lines = [line.split() for line in pathlib.Path("/proc/net/unix").read_text().splitlines()]
    return sum(f"socket:[{words[6]}]" in own and words[-1].endswith(".sock") for words in lines[1:])


def test_stop_returns_when_the_name_is_free(alone):  # noqa: F811
    for _ in range(5):
        name = detached(alone, f"exec sleep {SLEEP}", "--name", "r")
        assert alone.cco("stop", "r").out == f"{name}\n"
        assert alone.leftovers() == [] and sessions(alone) == []


def test_stop_says_after_a_second_what_it_waits_for(alone):  # noqa: F811
    detached(alone, f"trap '' TERM HUP; while :; do sleep {SLEEP}; done", "--name", "r")
    result = alone.cco("stop", "r")
    assert result.returncode == 0
    assert "stopping cco-r: waiting until its command has ended; after 10 seconds it is killed" in result.err
    assert alone.leftovers() == []


def test_session_without_a_terminal_is_found(alone):  # noqa: F811
    process = piped(alone, f"trap 'exit 5' TERM; trap '' HUP; echo on; sleep {SLEEP} & wait", stderr=subprocess.PIPE)
    assert process.stdout.readline() == b"on\n"
    [one] = sessions(alone)
    assert (one["state"], one["engine"], one["pid"], one["rows"]) == ("piped", "native", process.pid, None)
    assert one["project"] == str(alone.project) and one["started"] is not None
    waiter = subprocess.Popen([CCO, "attach", "--wait"], env=alone.env, cwd=alone.project, stdin=subprocess.DEVNULL)
    until(lambda: connections(process.pid) == 2)  # the listener and the process that waits
    assert alone.cco("stop").out.strip() == one["name"]
    assert (waiter.wait(), process.wait()) == (5, 5)
    process.communicate()
    assert alone.leftovers() == []


def test_session_of_another_environment_is_found(alone, tmp_path):  # noqa: F811
    """As after su, in a cron job or by ssh: the runtime directory is another one."""
    names = [detached(alone, f"exec sleep {SLEEP}", "--name", name) for name in ("a", "b", "c")]
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    alone.env["XDG_RUNTIME_DIR"] = str(other)
    assert [one["name"] for one in sessions(alone)] == names
    terminal = attach(alone, "a")
    terminal.wait_for(lambda t: states(alone) == ["attached", "detached", "detached"])
    waiter = subprocess.Popen([CCO, "attach", "--wait", "a"], env=alone.env, cwd=alone.project, stdin=subprocess.DEVNULL)
    terminal.type(DETACH)
    assert terminal.wait() == 0
    terminal.close()
    assert alone.cco("stop", "a").returncode == 0
    assert waiter.wait() == 143
    kill_server(alone, "cco-b")
    terminal = attach(alone, "b")
    terminal.wait_for(lambda t: states(alone) == ["attached", "detached"])
    assert alone.cco("stop", "b").returncode == 0
    terminal.wait()
    terminal.close()
    server = sessions(alone)[0]["pid"]
    os.kill(int(note(alone, "cco-c").split()[0]), signal.SIGKILL)
    os.kill(server, signal.SIGKILL)
    until(lambda: sessions(alone) == [])
    assert "removed private copies of cco-c" in alone.cco("cleanup").out
    assert alone.leftovers() == []


def test_adopted_session_keeps_its_age(alone):  # noqa: F811
    name = detached(alone, f"exec sleep {SLEEP}")
    started = sessions(alone)[0]["started"]
    time.sleep(1.1)
    kill_server(alone, name)
    assert sessions(alone)[0]["started"] == started
    terminal = attach(alone, name)
    terminal.wait_for(lambda t: states(alone) == ["attached"])
    assert sessions(alone)[0]["started"] == started
    assert alone.cco("stop", name).returncode == 0
    terminal.wait()
    terminal.close()


@pytest.mark.parametrize("gone", ["cco", "."])
def test_session_whose_runtime_directory_is_removed_is_found_again(alone, gone):  # noqa: F811
    """The last logout of a user removes $XDG_RUNTIME_DIR. The next login makes it again, and su does not."""
    name = f"cco-gone-{os.getpid()}"
    script = "until [ -e go ]; do sleep 0.1; done; echo export A=1 > .envrc; exit 7"
    detached(alone, script, "--strict", "--name", name)
    [before] = sessions(alone)
    time.sleep(2.2)  # the session has held its files open since then
    shutil.rmtree(alone.runtime / gone)
    if gone == ".":
        del alone.env["XDG_RUNTIME_DIR"]
    until(lambda: sessions(alone) == [before])
    terminal = attach(alone)
    terminal.wait_for(lambda t: states(alone) == ["attached"])
    terminal.type(DETACH)
    assert terminal.wait() == 0
    terminal.close()
    waiter = subprocess.Popen([CCO, "attach", "--wait"], env=alone.env, cwd=alone.project, stdin=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
    until(lambda: connections(before["pid"]) == 2)
    (alone.project / "go").touch()
    assert ".envrc" in waiter.communicate()[1] and waiter.returncode == 3
    assert sessions(alone) == [] and alone.leftovers() == []
    assert not pathlib.Path(f"/tmp/cco-{os.getuid()}/{name}.lock").exists()


def test_session_sleeps_while_nothing_happens(alone):  # noqa: F811
    """Its cco opens the files of the session once, some seconds after the start, and then waits for events."""
    name = detached(alone, f"exec sleep {SLEEP}")
    [found] = sessions(alone)

    def wakes():
        [line] = [s for s in pathlib.Path(f"/proc/{found['pid']}/status").read_text().split("\n") if s.startswith("voluntary")]
        return int(line.split()[1])

    time.sleep(2.5)
    before = wakes()
    time.sleep(4.5)
    assert wakes() == before
    assert alone.cco("stop", name).returncode == 0
