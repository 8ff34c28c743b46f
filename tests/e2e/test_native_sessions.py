# SPDX-License-Identifier: MIT
"""Native sessions: what a killed cco leaves behind, what can be adopted and what cannot, and native sessions beside
those of an engine.
"""

import ctypes
import datetime
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import pytest

from conftest import CCO, docker_only, until
from crash import strike  # noqa: F401
from session_box import DETACH, NATIVE, SLEEP, alone, attach, detached, kill_server, note, piped, sessions  # noqa: F401
from session_box import sleepers, start, states

LONG = bool(os.environ.get("CCO_LONG"))
SHORT = 32  # kills of each kind if the run must be quick
IMAGE = ("--image", "debian:trixie-slim")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


def swept(box):
    """The next cco removes what is left."""
    assert box.cco(*NATIVE, "shell", "true").returncode == 0
    assert box.leftovers() == []


def moments(calls):
    step = 1 if LONG else max(1, calls // SHORT)
    return sorted({*range(1, calls + 1, step), *range(max(1, calls - SHORT), calls + 1)})


@pytest.fixture(params=["namespaces", "none"])
def forbidding(request):
    """Returns the words in front of a command: none, or those that forbid namespaces."""
    if request.param == "namespaces":
        return []
    if ctypes.CDLL(None).syscall(444, None, 0, 1) < 1:
        pytest.skip("no Landlock in this kernel")
    return [sys.executable, str(pathlib.Path(__file__).with_name("forbid.py")), "namespaces"]


def test_pipeline_killed_after_any_system_call_leaves_no_process(strike, alone, forbidding):  # noqa: F811
    script = f"setsid sleep {SLEEP} & (setsid nohup sleep {SLEEP} >/dev/null 2>&1 &); cat; exit 4"
    command = [*forbidding, CCO, *NATIVE, "--name", "own", "shell", script]
    how = {"every": True, "start": "cco-own" if forbidding else None, "env": alone.env, "cwd": alone.project}
    whole = strike.run(1000000, "KILL", command, **how)
    assert whole.status == 4
    for number in moments(whole.calls):
        strike.run(number, "KILL", command, **how)
        until(lambda: not alone.strangers(), 10)
        swept(alone)


def test_session_ended_after_any_system_call_removes_its_files(strike, alone, forbidding):  # noqa: F811
    script = f"setsid sleep {SLEEP} & cat; exit 4"
    command = [*forbidding, CCO, *NATIVE, "--name", "own", "shell", script]
    how = {"every": True, "start": "cco-own" if forbidding else None, "env": alone.env, "cwd": alone.project}
    calls = strike.run(1000000, "TERM", command, **how).calls
    for number in moments(calls):
        blow = strike.run(number, "TERM", command, **how)
        assert blow.status in (-signal.SIGTERM, 143, 4), (number, blow.status, blow.err)
        assert alone.leftovers() == [] and sleepers() == [], (number, blow.call)
        until(lambda: not alone.strangers(), 10)


def test_terminal_session_killed_after_any_system_call_ends_or_can_be_stopped(strike, alone, forbidding):  # noqa: F811
    script = f"setsid sleep {SLEEP} & exec sleep {SLEEP}"
    command = [*forbidding, CCO, *NATIVE, "--detach", "--name", "own", "shell", script]
    how = {"every": True, "start": "cco-own" if forbidding else None, "env": alone.env, "cwd": alone.project}
    whole = strike.run(1000000, "KILL", command, **how)
    seen = set()
    for number in [0, *moments(whole.calls)]:
        if number > 0:
            strike.run(number, "KILL", command, **how)
        for s in sessions(alone):
            seen.add(s["state"])
            alone.cco("stop", s["name"])
        until(lambda: not alone.strangers(), 10)
        assert sessions(alone) == []
        swept(alone)
    assert "detached" in seen and ("orphaned" in seen or not LONG)


def test_pipeline_ends_with_a_killed_cco(alone):  # noqa: F811
    script = f"setsid sleep {SLEEP} & (setsid nohup sleep {SLEEP} >/dev/null 2>&1 &); trap '' HUP TERM; echo on; sleep {SLEEP}"
    process = piped(alone, script)
    assert process.stdout.readline() == b"on\n"
    until(lambda: len(sleepers()) == 3)
    process.kill()
    until(lambda: not sleepers(), 1.5)  # it does not wait the two seconds that follow a lost line
    process.communicate()
    until(lambda: not alone.strangers(), 5)
    assert sessions(alone) == []
    swept(alone)


@pytest.mark.parametrize("how", ["exit", "stop", "kill"])
def test_nothing_outlives_its_session(alone, how):  # noqa: F811
    script = f"setsid sleep {SLEEP} & (setsid nohup sleep {SLEEP} >/dev/null 2>&1 &); sleep {SLEEP} & read x; exit 3"
    terminal = start(alone, script)
    until(lambda: len(sleepers()) == 3 and terminal.pump(0.01))
    if how == "exit":
        terminal.type("\r")
    elif how == "stop":
        assert alone.cco("stop").returncode == 0
    else:
        os.kill(int(note(alone, sessions(alone)[0]["name"]).split()[0]), signal.SIGKILL)
    assert terminal.wait() == {"exit": 3, "stop": 143, "kill": 137}[how]
    until(lambda: not sleepers(), 5)
    assert not terminal.is_raw()
    terminal.close()
    until(lambda: alone.leftovers() == [])


def test_killed_cco_is_replaced_by_attach(alone):  # noqa: F811
    first = start(alone, "exec sh -i")
    until(first.is_raw)
    first.type("X=kept\r")
    first.wait_for("X=kept")
    for round in range(2):
        name = sessions(alone)[0]["name"]
        kill_server(alone, name)
        first.wait()
        first.close()
        (orphan,) = sessions(alone)
        assert (orphan["engine"], orphan["project"]) == ("native", str(alone.project))
        assert abs(datetime.datetime.fromisoformat(orphan["started"].replace("Z", "+00:00")).timestamp() - time.time()) < 60
        first = attach(alone, rows=31, cols=91)
        until(first.is_raw)
        first.type("while [ \"$(stty size)\" != '31 91' ]; do :; done\r")
        first.type(f'echo "<$X-{round}-$(stty size)>"\r')
        first.wait_for(f"<kept-{round}-31 91>")
        first.resize(20, 70)
        first.type("while [ \"$(stty size)\" != '20 70' ]; do :; done; clear; echo re''sized\r")
        first.wait_for("resized")
    first.type(DETACH)
    assert first.wait() == 0
    first.close()
    assert states(alone) == ["detached"]
    second, third = attach(alone), attach(alone, "--read-only")
    second.wait_for("resized")
    third.wait_for("resized")
    second.type("exit 7\r")
    assert (second.wait(), third.wait()) == (7, 7)
    second.close()
    third.close()
    until(lambda: alone.leftovers() == [] and not alone.strangers())


def test_output_without_a_reader_does_not_block_the_command(alone):  # noqa: F811
    name = detached(alone, f"trap 'exit 5' TERM; head -c 3000000 /dev/zero | tr '\\0' x; echo > done; sleep {SLEEP} & wait")
    until(lambda: (alone.project / "done").exists())
    kill_server(alone, name)
    assert alone.cco("stop", name).returncode == 0
    until(lambda: alone.leftovers() == [])


def test_session_of_a_hanging_cco_can_be_stopped(alone):  # noqa: F811
    name = detached(alone, f"exec sleep {SLEEP}")
    server = sessions(alone)[0]["pid"]
    os.kill(server, signal.SIGSTOP)
    assert states(alone) == ["busy"]
    assert alone.cco("stop", name).returncode == 0
    assert sleepers() == []
    os.kill(server, signal.SIGCONT)
    until(lambda: alone.leftovers() == [] and not alone.strangers())


def test_cleanup_distinguishes_sessions_from_leftovers(alone):  # noqa: F811
    names = sorted(detached(alone, f"exec sleep {SLEEP}") for _ in range(3))
    kill_server(alone, names[0])
    kill_server(alone, names[1])
    os.kill(int(note(alone, names[1]).split()[0]), signal.SIGKILL)
    until(lambda: len(sessions(alone)) == 2)
    result = json.loads(alone.cco("cleanup", "--json", "--dry-run", "--all").out)
    assert (result["stopped"], result["removed"]["sessions"]) == (sorted([names[0], names[2]]), names[:2])
    result = json.loads(alone.cco("cleanup", "--json").out)
    assert result["removed"]["sessions"] == [names[1]]
    assert sorted(one["name"] for one in result["running"]) == [names[0], names[2]]
    assert len(sleepers()) == 2
    result = json.loads(alone.cco("cleanup", "--all", "--json", "--yes").out)
    assert sorted(result["stopped"]) == [names[0], names[2]] and result["running"] == []
    assert result["removed"]["containers"] == []
    until(lambda: not sleepers() and alone.leftovers() == [])


def test_impostor_at_inits_socket_learns_nothing(alone):  # noqa: F811
    name = detached(alone, f"exec sleep {SLEEP}")
    kill_server(alone, name)
    path = alone.runtime / "cco" / f"{name}.adopt"
    path.unlink()
    with socket.socket(socket.AF_UNIX) as impostor:
        impostor.bind(str(path))
        impostor.listen()
        impostor.settimeout(20)
        result = alone.cco("attach", "--wait")
        assert result.returncode == 125 and "another process listens at init's socket" in result.err
        connection, _ = impostor.accept()
        assert connection.recv(1) == b""
    assert states(alone) == ["orphaned"]
    assert alone.cco("stop", name).returncode == 0
    until(lambda: alone.leftovers() == [])


def later_process(start):
    """Starts a process in a later clock tick than `start`, as any process that gets the pid of an ended one."""
    while True:
        process = subprocess.Popen(["sleep", "1000"])
        stat = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
        if int(stat.rsplit(")", 1)[1].split()[19]) > start:
            return process
        process.kill()
        process.wait()


def test_reused_pid_is_not_taken_for_init(alone):  # noqa: F811
    """The note of a session whose init ended long ago names a pid that another process has by now."""
    name = detached(alone, f"exec sleep {SLEEP}")
    kill_server(alone, name)
    told = note(alone, name)
    other = later_process(int(told.split()[1]))
    path = alone.runtime / "cco" / name / "init"
    path.write_text(f"{other.pid} {told.split()[1]}")
    assert sessions(alone) == [] and alone.cco("stop", name).returncode == 125
    path.write_text(told)
    assert alone.cco("stop", name).returncode == 0 and other.poll() is None
    other.kill()
    other.wait()
    until(lambda: alone.leftovers() == [])


def test_no_engine_is_contacted(alone, fake):  # noqa: F811
    name = detached(alone, f"exec sleep {SLEEP}")
    assert sessions(alone)[0]["engine"] == "native"
    kill_server(alone, name)
    terminal = attach(alone)
    until(terminal.is_raw)
    terminal.type(DETACH)
    assert terminal.wait() == 0
    terminal.close()
    kill_server(alone, name)
    assert alone.cco("stop", name).returncode == 0
    assert alone.cco(*NATIVE, "shell", "true").returncode == 0
    assert fake.requests == [] and alone.leftovers() == []
    assert not (set(alone.runtime.joinpath("cco").iterdir()))


@docker_only("sessions of both kinds")
def test_native_and_docker_sessions_side_by_side(alone, real, api):  # noqa: F811
    """Each kind is listed, adopted, swept and stopped, whichever engine is the current one."""
    with_engine = dict(real.env)
    without = {k: v for k, v in with_engine.items() if not k.startswith("DOCKER_")}
    result = real.cco(*IMAGE, "--detach", "--name", "of-docker", "shell", f"exec sleep {SLEEP}")
    assert result.returncode == 0, result.err
    detached(alone, f"exec sleep {SLEEP}", "--name", "of-none")

    def listed(env):
        real.env = env
        return {s["name"].removeprefix("cco-"): s["state"] for s in sessions(real)}
    both = {"of-docker": "detached", "of-none": "detached"}
    assert listed(with_engine) == listed(without) == both
    for name in both:
        kill_server(real if listed(with_engine) else None, f"cco-{name}")
    assert listed(with_engine) == {"of-docker": "orphaned", "of-none": "orphaned"}
    real.env = without
    told = real.cco(*NATIVE, "sessions")
    assert "of-none" in told.out and "of-docker" not in told.out
    assert "the cco of cco-of-docker was killed, and its engine is unix://" in told.err
    assert real.cco(*NATIVE, "shell", "true").returncode == 0  # sweeps
    assert listed(with_engine) == {"of-docker": "orphaned", "of-none": "orphaned"}
    for name in both:
        terminal = attach(real, name)
        until(terminal.is_raw)
        terminal.type(DETACH)
        assert terminal.wait() == 0
        terminal.close()
    assert listed(with_engine) == listed(without) == both
    for name in both:
        kill_server(real if listed(with_engine) else None, f"cco-{name}")
    listed(with_engine)
    assert real.cco("stop", "of-none").returncode == 0
    assert listed(with_engine) == {"of-docker": "orphaned"}
    real.env = without
    assert real.cco(*NATIVE, "stop", "of-docker").returncode == 125
    assert listed(with_engine) == {"of-docker": "orphaned"}
    assert real.cco("stop", "of-docker").returncode == 0
    until(lambda: real.leftovers() == [])
