# SPDX-License-Identifier: MIT
"""Sessions on real terminals and a real engine: detached, attached, several at once, killed, adopted."""

import json
import os
import pathlib
import random
import signal
import subprocess
import termios
import threading
import time

import pytest

from conftest import CCO, ENGINE, only_if
from terminal import Terminal
from test_session import IMAGE, containers, mine, until

DETACH = "\x1cd"


@pytest.fixture(params=["socket", "stream"])
def box(real, api, request):
    """Each test runs on both carriers of the line."""
    real.env["CCO_LINE"] = request.param
    yield real
    for c in mine(api, real):
        api("DELETE", f"/v1.41/containers/{c['Id']}?force=1")


def start(box, script, rows=24, cols=80, *args):
    return Terminal([CCO, *IMAGE, *args, "shell", script], box.env, box.project, rows, cols)


def attach(box, *args, rows=24, cols=80):
    return Terminal([CCO, "attach", *args], box.env, box.project, rows, cols)


def sessions(box):
    return json.loads(box.cco("sessions", "--json").out)


def picture(terminal):
    """Returns everything that a person can see of a screen."""
    screen = terminal.screen
    cells = [[(" ", c.bg) if c.data == " " and not c.reverse and not c.underscore
              else (c.data, c.fg, c.bg, c.bold, c.italics, c.underscore, c.reverse)
              for c in (screen.buffer[y][x] for x in range(screen.columns))] for y in range(screen.lines)]
    return cells, (screen.cursor.y, screen.cursor.x, screen.cursor.hidden)


def different(first, second):
    (a, ca), (b, cb) = picture(first), picture(second)
    cells = [(y, x, a[y][x], b[y][x]) for y in range(len(a)) for x in range(len(a[0])) if a[y][x] != b[y][x]]
    return f"cursors {ca} and {cb}, cells {cells[:5]}; first:\n{first.text()}\nsecond:\n{second.text()}"


def same(first, second, timeout=10):
    """Waits until both screens are equal, cell by cell."""
    deadline = time.monotonic() + timeout
    while picture(first) != picture(second):
        first.pump(0.02)
        second.pump(0.02)
        assert time.monotonic() < deadline, different(first, second)


def test_detach_and_attach(box, api):
    first = start(box, "echo be''fore; read x; echo got $x; read y; exit 7")
    before = first.before
    first.wait_for("before")
    first.type(DETACH)
    assert first.wait() == 0
    assert "detached" in first.text() and first.attributes() == before
    listed = sessions(box)
    assert [s["state"] for s in listed] == ["detached"] and listed[0]["project"] == str(box.project)
    assert (listed[0]["rows"], listed[0]["cols"]) == (24, 80)
    second = attach(box)
    second.wait_for("before")
    second.type("something\r")
    second.wait_for("got something")
    assert sessions(box)[0]["state"] == "attached"
    second.type("\r")
    assert second.wait() == 7
    until(lambda: not mine(api, box))
    until(lambda: box.leftovers() == [])
    first.close()
    second.close()


@pytest.mark.parametrize("how", ["hangup", "closed"])
def test_session_survives_a_lost_terminal(box, api, how):
    first = start(box, "echo be''fore; read x; exit 3")
    first.wait_for("before")
    if how == "hangup":
        first.signal(signal.SIGHUP)
        assert first.wait() == 129
        first.close()
    else:
        os.close(first.fd)
        until(lambda: os.waitpid(first.pid, os.WNOHANG)[0])
    second = attach(box)
    second.wait_for("before")
    second.type("\r")
    assert second.wait() == 3
    second.close()
    until(lambda: box.leftovers() == [])


def has_socket(pid):
    """Returns whether the process has a connected socket, such as that of a session's server."""
    try:
        return any(os.readlink(entry).startswith("socket:") for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir())
    except FileNotFoundError:
        return False


def test_several_terminals_at_once(box):
    first = start(box, "exec sh", 20, 70)
    first.type("echo o''ne\r")
    first.wait_for("one")
    second = attach(box, rows=30, cols=100)
    watcher = attach(box, "--read-only", rows=10, cols=40)
    second.wait_for("one")
    second.type("stty size; echo t''wo\r")
    for terminal in (first, second):
        terminal.wait_for("30 100").wait_for("two")
    watcher.type("echo in''trudes\r")
    first.type("stty size; echo th''ree\r")
    for terminal in (first, second):
        terminal.wait_for("20 70").wait_for("three")
    waiting = subprocess.Popen([CCO, "attach", "--wait"], cwd=box.project, env=box.env)
    until(lambda: has_socket(waiting.pid))
    assert sessions(box)[0]["clients"] == 3  # the server answers connections in order, so the waiting one comes first
    assert "intrudes" not in first.text()
    second.type(DETACH)
    assert second.wait() == 0
    first.type("exit 9\r")
    assert first.wait() == 9 and watcher.wait() == 9 and waiting.wait(20) == 9
    for terminal in (first, second, watcher):
        terminal.close()
    until(lambda: box.leftovers() == [])


FULL = r"""printf '\033[?1049h\033[2J\033[3;5H\033[1;31mred\033[0m\033[10;20H\033[44;97m box \033[0m'
printf '\033[12;1H\344\270\255\346\226\207 e\314\201\033[5;15r\033[?25l\033[7;33H'; read x"""
SCROLLED = r"""i=0; while [ $i -lt 300 ]; do printf '\033[3%dmline %d\033[0m of text\r\n' $((i % 8)) $i; i=$((i + 1)); done
printf 'the \033[4mend\033[0m'; read x"""


@pytest.mark.parametrize("script,seen", [(FULL, "box"), (SCROLLED, "the end")])
def test_new_client_sees_the_same_screen(box, script, seen):
    first = start(box, script)
    first.wait_for(seen)
    second = attach(box)
    second.wait_for(seen)
    same(first, second)
    first.type(DETACH)
    assert first.wait() == 0
    third = attach(box)
    third.wait_for(seen)
    same(second, third)
    if script is SCROLLED:
        assert b"line 0\x1b" in third.raw, "what scrolled out comes along"
    third.type("\r")
    assert third.wait() == 0 and second.wait() == 0
    for terminal in (first, second, third):
        terminal.close()


def test_detach_option_starts_in_the_background(box, api):
    result = box.cco(*IMAGE, "--detach", "--name", "back", "shell", "read x; exit 5")
    assert (result.returncode, result.out) == (0, "cco-back\n"), result.err
    again = box.cco(*IMAGE, "--detach", "--name", "back", "shell", "true")
    assert again.returncode == 125 and "cco attach cco-back" in again.err
    terminal = attach(box, "back")
    until(lambda: sessions(box)[0]["clients"] == 1)
    terminal.type("\r")
    assert terminal.wait() == 5
    terminal.close()
    box.cco(*IMAGE, "--detach", "--name", "more", "shell", "exec sleep 1000")
    result = box.cco("stop")
    assert (result.returncode, result.out) == (0, "cco-more\n"), result.err
    until(lambda: not mine(api, box))
    until(lambda: box.leftovers() == [])


def test_failed_start_in_the_background_is_reported(box, api):
    for words, status in ((["shell", "--", "/nowhere", "x"], 127), (["shell", "--", "/etc", "x"], 126)):
        result = box.cco(*IMAGE, "--detach", *words)
        assert (result.returncode, result.out) == (status, ""), result.err
        assert words[2] in result.err
    until(lambda: not mine(api, box))
    until(lambda: box.leftovers() == [])


def test_descriptors_of_the_caller_are_closed(box):
    """Descriptors of the caller are closed, also those of `x=$(cco --detach ...)` and of `flock`."""
    read, write = os.pipe()
    os.set_inheritable(write, True)
    result = subprocess.run([CCO, *IMAGE, "--detach", "shell", "exec sleep 1000"], env=box.env, cwd=box.project,
                            capture_output=True, text=True, pass_fds=(write,), timeout=60, check=True)
    os.close(write)
    assert os.read(read, 1) == b""
    os.close(read)
    assert box.cco("stop", result.stdout.strip()).returncode == 0


def test_later_cco_reports_the_running_session(box):
    box.cco(*IMAGE, "--detach", "--name", "there", "shell", "exec sleep 1000")
    terminal = start(box, "exit 0")
    assert terminal.wait() == 0
    assert "session cco-there is still here" in " ".join(terminal.text().split())
    terminal.close()
    assert box.cco("stop", "there").returncode == 0


def test_killed_session_server_is_replaced(box, api):
    first = start(box, "trap 'printf \"\\033[2J\\033[H\"; stty size' WINCH; echo be''fore; while :; do sleep 0.05; done")
    first.wait_for("before")
    first.kill()
    until(lambda: [s["state"] for s in sessions(box)] == ["orphaned"])
    assert len(mine(api, box)) == 1
    box.cco("cleanup")
    assert [s["state"] for s in sessions(box)] == ["orphaned"], "cleanup leaves it alone"
    second = attach(box, rows=31, cols=91)
    second.wait_for("31 91")
    second.type("\x03")
    assert second.wait() == 130
    second.close()
    first.close()
    until(lambda: not mine(api, box) and box.leftovers() == [])


REPLACE = """
mv /cco-init /tmp/old
cat > /cco-init <<END
#!/bin/sh
{ id; grep Cap /proc/self/status; head -c 74; } > $PWD/marker
END
chmod 755 /cco-init; ls -l /cco-init; echo be''fore; read x; exit 8
"""


@only_if(os.geteuid() == 0 and not ENGINE.native, "the agent can replace files of the image only as root")
def test_adopting_cco_runs_no_file_of_the_agent(box, api):
    first = start(box, REPLACE)
    first.wait_for("before")
    assert "-rwxr-xr-x" in first.text(), "the agent has replaced /cco-init: " + first.text()
    first.kill()
    first.close()
    second = attach(box)
    until(lambda: [s["state"] for s in sessions(box)] != ["orphaned"])
    second.type("\r")
    assert second.wait() == 8
    second.close()
    assert not (box.project / "marker").exists(), (box.project / "marker").read_text()
    until(lambda: not mine(api, box) and box.leftovers() == [])


def test_attach_wait_adopts_the_session(box, api):
    first = start(box, "echo be''fore; read x; exit 8")
    first.wait_for("before")
    first.kill()
    first.close()

    def waiting():
        return subprocess.Popen([CCO, "attach", "--wait"], cwd=box.project, env=box.env)

    adopter = waiting()
    until(lambda: [s["state"] for s in sessions(box)] == ["detached"])
    adopter.send_signal(signal.SIGINT)
    assert adopter.wait(20) == 130
    assert [s["state"] for s in sessions(box)] == ["detached"], "the session goes on"
    guest = waiting()
    second = attach(box)
    until(lambda: sessions(box)[0]["clients"] == 1)
    second.type("\r")
    assert second.wait() == 8 and guest.wait(20) == 8
    second.close()
    until(lambda: not mine(api, box) and box.leftovers() == [])


def test_attach_read_only_adopts_the_session(box, api):
    first = start(box, "trap 'stty size' WINCH; echo be''fore; while :; do sleep 0.05; done")
    first.wait_for("before")
    first.kill()
    watcher = attach(box, "--read-only", rows=31, cols=91)
    watcher.wait_for("31 91")
    watcher.type("\x03")
    second = attach(box, rows=20, cols=70)
    second.wait_for("20 70")
    watcher.type(DETACH)
    assert watcher.wait() == 0
    second.type("\x03")
    assert second.wait() == 130
    for terminal in (first, watcher, second):
        terminal.close()
    until(lambda: not mine(api, box) and box.leftovers() == [])


def test_line_is_not_reachable_for_the_command(box):
    result = box.cco(*IMAGE, "shell", "ls -A /run/cco; ls -d /cco-line; ls -l /proc/self/fd /proc/1/fd")
    assert "boot" not in result.out.split() and "line" not in result.out.split(), result.out
    assert "socket:" not in result.out and "/proc/1/fd" in result.err, result.out + result.err


def test_recording_is_an_asciicast(box):
    terminal = start(box, "printf 'h\\303\\251llo \\033[1mbold\\033[0m'; read x", 24, 80, "--record", "a b.cast")
    terminal.wait_for("bold")
    terminal.resize(30, 90)
    terminal.type("sec''ret\r")
    assert terminal.wait() == 0
    terminal.close()
    lines = (box.project / "a b.cast").read_text().splitlines()
    head = json.loads(lines[0])
    assert (head["version"], head["width"], head["height"]) == (2, 80, 24)
    events = [json.loads(line) for line in lines[1:]]
    assert "h\u00e9llo \x1b[1mbold" in "".join(e[2] for e in events if e[1] == "o")
    assert [e[2] for e in events if e[1] == "r"] == ["90x30"]
    assert [e[0] for e in events] == sorted(e[0] for e in events)


@pytest.mark.parametrize("signo", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1])
def test_terminal_is_restored_at_every_end(box, signo):
    terminal = start(box, "printf '\\033[?1049h\\033[?1002h'; echo ready; exec sleep 1000")
    before = terminal.before
    terminal.wait_for("ready")
    terminal.signal(signo)
    terminal.wait()
    assert terminal.attributes() == before
    if signo != signal.SIGHUP:
        assert b"\x1b[?1049l" in terminal.raw and b"\x1b[?1002l" in terminal.raw
    terminal.close()


def test_out_of_memory_is_reported(box, api):
    if not ENGINE.limits:
        pytest.skip("this engine limits no memory here")
    terminal = start(box, "echo up; read x; exec tail /dev/zero", 24, 80, "--memory", "64m")
    terminal.wait_for("up")
    terminal.type("\r")
    assert terminal.wait(90) == 137
    assert "out of memory" in terminal.text()
    terminal.close()


def test_terminal_without_a_size(box):
    terminal = start(box, "stty size; exit 2", 0, 0)
    assert terminal.wait() == 2
    assert "0 0" in terminal.raw.decode()
    terminal.close()


MOMENTS = 200


def test_signals_at_random_moments_restore_the_terminal(box, api):
    """The signal arrives while cco starts, runs or ends."""
    dice = random.Random(1)
    plan = [(dice.uniform(0, 0.45), dice.choice([signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT]))
            for _ in range(MOMENTS)]
    wrong = []

    def some(part):
        for delay, signo in part:
            terminal = start(box, "sleep 0.1; printf '\\033[?1049hx'; sleep 0.1")
            before = terminal.before
            end = time.monotonic() + delay
            while time.monotonic() < end and terminal.pump(0.01):
                pass
            try:
                terminal.signal(signo)
                status = terminal.wait(40)
                if terminal.attributes() != before:
                    wrong.append((delay, signo, status, terminal.text()))
            except (AssertionError, OSError, termios.error) as error:
                wrong.append((delay, signo, repr(error), terminal.text()))
            terminal.close()

    threads = [threading.Thread(target=some, args=(plan[i::4],)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:3]
    try:
        until(lambda: not mine(api, box), 60)
    except AssertionError:
        raise AssertionError([(c["Names"], c["State"], c["Status"]) for c in mine(api, box)]) from None
    until(lambda: box.leftovers() == [])
