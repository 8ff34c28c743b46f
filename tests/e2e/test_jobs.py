# SPDX-License-Identifier: MIT
"""Job control: cco as a job of a shell, and programs that stop themselves, on both carriers of the line."""

import os
import re
import shlex
import signal
import subprocess

from conftest import CCO, IMAGE_WORDS, until
from terminal import Terminal
from test_terminal import box, start  # noqa: F401


def sums(terminal):
    """Returns what cksum printed."""
    return re.findall(r"(\d{6,}) \d+\r\n", terminal.raw.decode(errors="replace"))


def test_program_that_stops_itself_stops_cco(box):
    """cco is a job of the user's shell, and `fg` continues it."""
    shell = Terminal(["/bin/bash", "--norc", "-i"], {**box.env, "PS1": "$ "}, box.project)
    shell.type("stty -a | cksum\r")
    shell.type(f"{shlex.quote(CCO)} {IMAGE_WORDS} shell 'echo up; kill -STOP $$; echo o''n; read x; exit 4'\r")
    shell.wait_for(lambda t: "Stopped" in t.text())
    shell.type("stty -a | cksum\r")
    shell.wait_for(lambda t: len(sums(t)) == 2)
    assert len(set(sums(shell))) == 1, "the terminal is the shell's again"
    shell.type("fg\r")
    shell.wait_for(lambda t: "\non" in t.text())
    shell.type("\r")
    shell.wait_for(lambda t: t.text().rstrip().endswith("\n$"))  # before that, keys go to the program
    shell.type("echo st$?\r")
    shell.wait_for("st4")
    shell.type("exit\r")
    shell.wait()
    shell.close()


def test_attach_client_stops_and_continues(box):
    """The attach client is a job of another shell, and its keys reach no other program meanwhile."""
    first = start(box, "echo be''fore; read x; echo got $x; read y; exit 6")
    first.wait_for("before")
    shell = Terminal(["/bin/bash", "--norc", "-i"], {**box.env, "PS1": "$ "}, box.project)
    shell.type("stty -a | cksum\r")
    shell.wait_for(lambda t: len(sums(t)) == 1)
    shell.type(f"{shlex.quote(CCO)} attach\r")
    shell.wait_for("before")
    for round in range(3):
        os.kill(visitor_of(shell), signal.SIGTSTP)
        shell.wait_for(lambda t: t.text().count("Stopped") >= 1 and t.text().rstrip().endswith("\n$"))
        shell.type("clear; stty -a | cksum; echo shell''s\r")
        shell.wait_for("shells")
        assert sums(shell)[-1:] == sums(shell)[:1] and "shells" not in first.text()
        shell.type("fg\r")
        shell.wait_for(lambda t: t.text().startswith("before"))
    shell.type("word\r")
    first.wait_for("got word")
    shell.wait_for("got word")
    first.type("\r")
    assert first.wait() == 6
    shell.wait_for(lambda t: t.text().rstrip().endswith("$"))
    shell.type("echo st$?; exit\r")
    shell.wait_for("st6")
    shell.wait()
    shell.close()
    first.close()


def visitor_of(shell):
    """Returns the pid of the cco that runs as a job of this shell."""
    children = subprocess.run(["pgrep", "-P", str(shell.pid)], capture_output=True, text=True, check=True).stdout.split()
    return int(children[-1])


def test_background_job_waits_for_the_terminal(box):
    """cco waits for the terminal, as claude would. Echo that was off stays off."""
    shell = Terminal(["/bin/bash", "--norc", "-i"], {**box.env, "PS1": "$ "}, box.project)
    shell.type("stty -echo\r")
    shell.wait_for(lambda t: t.text().rstrip().endswith("stty -echo\n$"))
    shell.type("stty -a | cksum\r")
    shell.wait_for(lambda t: len(sums(t)) == 1)
    shell.type(f"{shlex.quote(CCO)} {IMAGE_WORDS} shell 'stty size; read x; exit 5' &\r")
    shell.wait_for("[1]")
    shell.type("until jobs | grep Stopped; do sleep 0.2; done\r")
    shell.wait_for("Stopped")
    shell.type("fg\r")
    shell.wait_for("24 80")
    shell.type("\r")
    shell.wait_for(lambda t: t.text().rstrip().endswith("$"))
    shell.type("echo st$?; stty -a | cksum\r")
    shell.wait_for("st5")
    shell.wait_for(lambda t: len(sums(t)) == 2)
    assert len(set(sums(shell))) == 1
    shell.type("exit\r")
    shell.wait()
    shell.close()


def test_whole_process_group_stops(box):
    """The job is the whole process group, not only cco."""
    shell = Terminal(["/bin/bash", "--norc", "-i"], {**box.env, "PS1": "$ "}, box.project)
    shell.type(f"sh -c \"'{CCO}' {IMAGE_WORDS} shell 'echo up; kill -STOP \\$\\$; exit 4'; exit \\$?\"\r")
    shell.wait_for("Stopped")
    shell.type("fg\r")
    shell.wait_for("$ fg")
    shell.wait_for(lambda t: t.text().rstrip().endswith("\n$"))
    shell.type("echo st$?; exit\r")
    shell.wait_for("st4")
    shell.wait()
    shell.close()


def test_orphaned_process_group_is_not_stopped(box):
    """The process group of a session leader is orphaned, so a program that stops itself continues at once."""
    terminal = start(box, "kill -STOP $$; echo went on; exit 4")
    assert terminal.wait() == 4
    assert "went on" in terminal.text()
    terminal.close()


def stopped_job(box, script):
    """Returns a shell whose job is a session that Ctrl-Z has stopped."""
    shell = Terminal(["/bin/bash", "--norc", "-i"], {**box.env, "PS1": "$ "}, box.project)
    shell.type(f"{shlex.quote(CCO)} {IMAGE_WORDS} --name job shell '{script}'\r")
    shell.wait_for(lambda t: "\nup" in t.text() and t.is_raw())
    shell.type("\x1a")
    shell.wait_for(lambda t: "Stopped" in t.text() and t.text().rstrip().endswith("\n$"))
    return shell


def has_ended(shell, box, *status):
    """Types into the shell until the job has ended; the keys are the shell's."""
    until(lambda: shell.pump() and not box.leftovers())
    shell.type("\r")
    shell.wait_for(lambda t: any(word in t.text() for word in status))
    shell.type("echo shell''s; exit\r")
    shell.wait_for("shells")
    shell.wait()
    shell.close()


def test_stopped_job_ends_by_kill(box):
    """The shell sends TERM and then CONT, and keeps the terminal."""
    shell = stopped_job(box, "echo up; exec sleep 1000")
    shell.type("kill %1\r")
    has_ended(shell, box, "Exit 143", "Terminated")


def test_job_that_was_stopped_from_outside_ends_by_kill(box):
    """The terminal was still raw when the process stopped."""
    shell = Terminal(["/bin/bash", "--norc", "-i"], {**box.env, "PS1": "$ "}, box.project)
    shell.type(f"{shlex.quote(CCO)} {IMAGE_WORDS} --name job shell 'echo up; exec sleep 1000'\r")
    shell.wait_for(lambda t: "\nup" in t.text() and t.is_raw())
    os.kill(visitor_of(shell), signal.SIGSTOP)
    shell.wait_for(lambda t: "Stopped" in t.text() and t.text().rstrip().endswith("\n$"))
    shell.type("kill %1\r")
    has_ended(shell, box, "Exit 143", "Terminated")


def test_job_that_waits_for_the_terminal_ends_by_kill(box):
    shell = stopped_job(box, "echo up; exec sleep 1000")
    shell.type("clear; bg\r")
    shell.type("until jobs | grep Stopped; do sleep 0.2; done\r")
    shell.wait_for(lambda t: "\n[1]" in t.text() and "Stopped" in t.text())
    shell.type("kill %1\r")
    has_ended(shell, box, "Exit 143", "Terminated")


def test_stopped_job_ends_by_stop(box):
    shell = stopped_job(box, "echo up; exec sleep 1000")
    result = box.cco("stop", "job")
    assert result.returncode == 0 and "does not answer" not in result.err, result.err
    has_ended(shell, box, "Exit 143", "Terminated")


def test_stopped_job_that_does_not_end_comes_back(box):
    """The command ignores TERM. The session waits in the background, and `fg` brings it back."""
    shell = stopped_job(box, "trap : TERM; echo up; while :; do read x && echo got $x; done")
    shell.type("clear; kill %1\r")
    shell.type("sleep 1; echo shell''s\r")
    shell.wait_for("shells")
    shell.type("fg\r")
    shell.wait_for(lambda t: t.is_raw())
    shell.type("word\r")
    shell.wait_for("got word")
    assert box.cco("stop", "job").returncode == 0
    shell.wait_for(lambda t: t.text().rstrip().endswith("$"))
    shell.type("exit\r")
    shell.wait()
    shell.close()


def test_stopped_attach_client_ends_by_kill(box):
    assert box.cco(*IMAGE_WORDS.split(), "--detach", "--name", "job", "shell", "echo up; exec sleep 1000").returncode == 0
    shell = Terminal(["/bin/bash", "--norc", "-i"], {**box.env, "PS1": "$ "}, box.project)
    shell.type(f"{shlex.quote(CCO)} attach\r")
    shell.wait_for(lambda t: "\nup" in t.text() or t.text().startswith("up"))
    os.kill(visitor_of(shell), signal.SIGTSTP)
    shell.wait_for(lambda t: "Stopped" in t.text() and t.text().rstrip().endswith("\n$"))
    client = visitor_of(shell)
    shell.type("clear; kill %1\r")
    until(lambda: shell.pump() and not os.path.exists(f"/proc/{client}"))
    shell.type("\r")
    shell.wait_for(lambda t: "143" in t.text() or "Terminated" in t.text())
    assert box.cco("stop", "job").returncode == 0
    shell.type("exit\r")
    shell.wait()
    shell.close()
