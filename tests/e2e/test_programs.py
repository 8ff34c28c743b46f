# SPDX-License-Identifier: MIT
"""Real programs on two terminals, one attached from the start and one attached later. Both screens are equal cell by
cell, in the eyes of an emulator (pyte) that shares no code with cco.
"""

import shutil

import pytest

from conftest import CCO, ENGINE
from terminal import Terminal
from test_terminal import DETACH, attach, same

PROGRAMS = [
    ("less", "seq 1 500 >numbers; exec less numbers", "23", [(" ", "46"), ("G", "500"), ("?123\r", "123")], "q"),
    ("vim", "printf 'first line\\nsecond line\\n' >text; exec vi text", "second line",
     [("iinserted \x1b", "inserted"), (":set number\r", " 2 "), ("yyp", " 3 ")], ":q!\r"),
    ("htop", "exec htop -d 90", "Load average", [("\x1b[B", "Load average"), ("t", "Load average")], "q"),
]


@pytest.mark.parametrize("name,script,ready,steps,leave", PROGRAMS, ids=[p[0] for p in PROGRAMS])
def test_second_terminal_shows_the_same_screen(own_image, real, name, script, ready, steps, leave):
    if ENGINE.native and shutil.which(name) is None:
        pytest.skip("not on this machine")
    packages = ("--packages", "htop") if name == "htop" and not ENGINE.native else ()
    if packages:
        assert real.cco(*packages, "shell", "true", timeout=600).returncode == 0
    first = Terminal([CCO, *packages, "shell", script], real.env, real.project)
    try:
        first.wait_for(ready)
        second = attach(real)
        second.wait_for(ready)
        same(first, second, 30)
        for keys, seen in steps:
            first.type(keys)
            first.wait_for(seen)
            same(first, second, 30)
        first.type(DETACH)
        assert first.wait() == 0
        third = attach(real)
        third.wait_for(steps[-1][1])
        same(second, third, 30)
        third.type(leave)
        assert third.wait() == second.wait() == 0
        second.close()
        third.close()
    finally:
        first.close()
        real.cco("stop")


def test_second_terminal_shows_the_same_screen_of_claude(claude):
    first = Terminal([CCO], claude.env, claude.project, 30, 100)
    try:
        first.wait_for(lambda t: "bypass permissions" in t.text() or "Bypass Permissions" in t.text())
        if "No, exit" in first.text():
            first.type("\x1b[B\r")
            first.wait_for("bypass permissions on")
        first.type("say hi\r")
        first.wait_for(claude.standin.answer)
        second = attach(claude, rows=30, cols=100)
        second.wait_for(claude.standin.answer)
        same(first, second, 30)
        first.type(DETACH)
        assert first.wait() == 0
        third = attach(claude, rows=30, cols=100)
        third.wait_for(claude.standin.answer)
        same(second, third, 30)
        third.type("/exit")
        third.wait_for("/exit")
        third.type("\r")
        assert third.wait() == second.wait() == 0
        second.close()
        third.close()
    finally:
        first.close()
        claude.cco("stop")
