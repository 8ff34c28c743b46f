# SPDX-License-Identifier: MIT
"""cco's own lines around a session with a terminal, with a claude that is a script. Natively."""

import os
import re
import socket

from conftest import CCO, native_only
from terminal import Terminal

import pytest

pytestmark = native_only("a claude of this machine")

ID = "01234567-89ab-4def-8123-456789abcdef"
CONVERSE = f"""dir=$HOME/.claude/projects/$(pwd | tr -c 'a-zA-Z0-9\\n' -)
mkdir -p "$dir"; echo '{{}}' >"$dir/{ID}.jsonl"
echo "Resume this session with: claude --resume 99999999-89ab-4def-8123-456789abcdef"
"""


@pytest.fixture
def run(real):
    """Makes a claude of this script, and runs cco on a terminal. Returns its whole output."""
    def start(script, *args):
        program = real.home / "tools" / "claude"
        program.parent.mkdir(exist_ok=True)
        program.write_text("#!/bin/sh\n" + script)
        program.chmod(0o755)
        env = {**real.env, "PATH": f"{program.parent}:/usr/bin:/bin"}
        terminal = Terminal([CCO, *args], env, real.project, 24, 120)
        run.terminals.append(terminal)
        return terminal

    def run(script, *args):
        terminal = start(script, *args)
        run.status = terminal.wait()
        return re.sub("\r+|\x1b\\[[0-9;]*m", "", terminal.raw.decode())
    run.start, run.terminals, run.box = start, [], real
    yield run
    for terminal in run.terminals:
        terminal.close()


AGAIN = f"cco: in the sandbox again: cco --resume {ID}\n"


def test_conversation_can_be_resumed_in_the_sandbox(run):
    """claude's own line would run claude without a sandbox. Its text may be the agent's."""
    text = run(CONVERSE)
    assert run.status == 0 and text.endswith(AGAIN), text
    assert text.index("Resume this session") < text.index(AGAIN)


@pytest.mark.parametrize("args", [("-p", "hi"), ("--quiet",), ("mcp", "list"), ("shell", "claude")])
def test_line_about_resuming_is_only_for_a_conversation_on_a_screen(run, args):
    text = run(CONVERSE, *args)
    assert "Resume this session" in text and "in the sandbox again" not in text, text


def test_conversations_of_others_are_not_named(run):
    assert AGAIN in run(CONVERSE)
    text = run("echo nothing was said\n")
    assert "nothing was said" in text and "in the sandbox again" not in text, text


def test_attached_terminal_gets_the_line(run):
    first = run.start("echo up; read x\n" + CONVERSE)
    first.wait_for("up")
    second = Terminal([CCO, "attach"], run.box.env, run.box.project, 24, 120)
    run.terminals.append(second)
    second.wait_for("up")
    first.type("\x1cd")
    assert first.wait() == 0
    second.type("x\r")
    assert second.wait() == 0
    assert AGAIN.strip() in second.raw.decode() and AGAIN.strip() not in first.raw.decode()


KEPT = "cco: not kept: "


def test_what_is_not_kept_is_named(run):
    (run.box.home / ".claude").mkdir()
    (run.box.home / ".claude" / "settings.json").write_text('{"theme":"dark","model":"x"}')
    (run.box.home / ".claude.json").write_text('{"numStartups":1}')
    text = run("""cd; sed -i 's/"dark"/"light"/' .claude/settings.json
echo "remember" >>.claude/CLAUDE.md
echo '{"numStartups":2,"mcpServers":{"srv":{"command":"echo"},"cco: fine":{}}}' >.claude.json\n""")
    assert f"{KEPT}MCP servers (srv and 1 more), which" in text
    assert f"{KEPT}claude's settings (theme), because" in text
    assert f"{KEPT}changes of CLAUDE.md in ~/.claude" in text
    assert "mcpServers" not in (run.box.home / ".claude.json").read_text()
    assert run.status == 0 and run.box.leftovers() == []


def test_what_is_not_kept_is_named_once_after_attach(run):
    (run.box.home / ".claude.json").write_text('{"numStartups":1}')
    first = run.start("echo up; read x; cd; echo '{\"mcpServers\":{\"srv\":{}}}' >.claude.json\n")
    first.wait_for("up")
    second = Terminal([CCO, "attach"], run.box.env, run.box.project, 24, 120)
    run.terminals.append(second)
    second.wait_for("up")
    first.type("\x1cd")
    assert first.wait() == 0
    second.type("x\r")
    assert second.wait() == 0
    assert b"not kept: MCP servers (srv)" in second.raw
    assert "not kept" not in run("true\n")


@pytest.mark.parametrize("script, args", [("cd; echo '{}' >.claude/settings.json\n", ("--quiet",)), ("true\n", ()),
                                          ("cd; echo '{}' >.claude/settings.json\n", ("-p", "hi")),
                                          ("rm -rf ~/.claude/settings.json ~/.claude.json\n", ())])
def test_nothing_is_said_without_a_change_or_with_quiet_or_print(run, script, args):
    (run.box.home / ".claude").mkdir()
    (run.box.home / ".claude" / "settings.json").write_text('{"theme":"dark"}')
    text = run(script, *args)
    assert run.status == 0 and KEPT not in text, text


def test_prompt_of_a_shell_says_that_it_is_in_a_sandbox(run):
    terminal = run.start("true\n", "shell")
    terminal.wait_for("(cco) ").type("echo E=[$ENV]; bash\r")
    terminal.wait_for(lambda t: t.text().count("(cco) ") == 2).type("PS1='mine> '\r")
    terminal.wait_for("(cco) mine>").type("echo\r")
    terminal.wait_for(lambda t: t.text().count("(cco) mine>") == 2).type("exit\rexit\r")
    assert terminal.wait() == 0 and "(cco) (cco)" not in terminal.text() and "E=[]" in terminal.text()
    assert run.box.cco("shell", "echo $PROMPT_COMMAND$ENV").out == "\n"


WHERE = "in a native sandbox of this machine; Ctrl-\\ d leaves it running, cco attach returns\n"


def test_first_line_says_where_the_session_runs_and_how_to_leave_it(run):
    assert f"cco: {WHERE}" in run("true\n")
    terminal = run.start("true\n", "--detach-keys", "ctrl-p,ctrl-q", "shell")
    terminal.wait_for("; Ctrl-P Ctrl-Q leaves it running").type("exit\r")
    assert terminal.wait() == 0 and b"\x1b[2mcco: in a native sandbox" in terminal.raw


@pytest.mark.parametrize("args", [("-p", "hi"), ("--quiet",), ("--no-start-line",), ("mcp", "list"), ("shell", "true")])
def test_other_sessions_have_no_first_line(run, args):
    assert "leaves it running" not in run("true\n", *args)


@pytest.mark.skipif(any(os.path.exists(path) for path in ("/var/run/docker.sock", "/run/podman/podman.sock")),
                    reason="an engine may answer on this machine")
def test_engine_that_refuses_is_named_once(real):
    """The session then has other programs and another claude."""
    del real.env["CCO_ENGINE"]
    with socket.socket(socket.AF_UNIX) as refusing:
        refusing.bind(str(real.runtime / "docker.sock"))
        first, second = real.cco("shell", "echo up"), real.cco("shell", "echo up")
    assert first.out == second.out == "up\n" and second.err == ""
    assert "docker.sock" in first.err and "this machine's own programs" in first.err and first.err.count("\n") == 1
