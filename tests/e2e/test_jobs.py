# SPDX-License-Identifier: MIT
"""Job control: cco as a job of a shell, and programs that stop themselves, on both carriers of the line."""

import os
import re
import shlex
import signal
import subprocess

from conftest import CCO, IMAGE_WORDS
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
