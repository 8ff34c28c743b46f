# SPDX-License-Identifier: MIT
"""Each of the three streams is a terminal inside if it is one outside, also if others are pipes or files."""

import signal

import pytest

from conftest import CCO, IMAGE_WORDS, until
from terminal import Terminal

WHICH = "for i in 0 1 2; do test -t $i && echo $i >>which; done; :"


@pytest.fixture(params=["socket", "stream"])
def prompt(request, real, tmp_path):
    """Runs a command line on a terminal, as at a prompt. `$C` in it is the binary, by a path without blanks, with an
    image for any command."""
    terminals = []
    binary = tmp_path / "cco"
    binary.symlink_to(CCO)

    def run(line, rows=24, cols=80):
        env = {**real.env, "CCO_LINE": request.param, "C": f"{binary} {IMAGE_WORDS}"}
        terminal = Terminal(["/bin/sh", "-c", line], env, real.project, rows, cols)
        terminals.append(terminal)
        return terminal
    run.box, run.direct = real, request.param == "socket"
    yield run
    for terminal in terminals:
        terminal.close()
    assert real.leftovers() == []


@pytest.mark.parametrize("line, which", [
    ("$C shell 'W'", "0 1 2"), ("$C shell 'W' </dev/null", "1 2"), ("$C shell 'W' | cat", "0 2"),
    ("x=$($C shell 'W')", "0 2"), ("$C shell 'W' >f 2>&1", "0"), (": | $C shell 'W' 2>&1 | cat", ""),
    (": | $C shell 'W' | cat", "2"), ("$C shell 'W' 2>f", "0 1"), (": | $C shell 'W' 2>f", "1")])
def test_streams_are_terminals_as_outside(prompt, line, which):
    (prompt.box.project / "w").write_text(WHICH)
    terminal = prompt(line.replace("W", ". ./w"))
    assert terminal.wait() == 0, terminal.text()
    found = prompt.box.project / "which"
    assert (found.read_text() if found.exists() else "").split() == which.split()


def test_bytes_go_where_they_go_outside(prompt):
    """Lines on the terminal end as usual, and the bytes in the pipe are unchanged."""
    terminal = prompt("$C shell 'echo out; echo err >&2; tput cols >&2' >f; echo status $?", cols=97)
    assert terminal.wait() == 0
    assert terminal.raw.replace(b"\r\r\n", b"\r\n") == b"err\r\n97\r\nstatus 0\r\n"
    assert (prompt.box.project / "f").read_bytes() == b"out\n"
    terminal = prompt("echo in | $C shell 'cat; echo err >&2' 2>f")
    assert terminal.wait() == 0
    assert terminal.raw == b"in\r\n" and (prompt.box.project / "f").read_bytes() == b"err\n"
    terminal = prompt("$C shell 'echo out; echo err >&2; tput cols' 2>f; echo status $?", cols=97)
    assert terminal.wait() == 0
    assert terminal.raw.replace(b"\r\r\n", b"\r\n") == b"out\r\n97\r\nstatus 0\r\n"
    assert (prompt.box.project / "f").read_bytes() == b"err\n"


def test_typed_lines_and_their_end_reach_the_command(prompt):
    terminal = prompt("$C shell 'echo ready >&2; cat; echo over' >f")
    terminal.wait_for("ready").type("one\rtwo\r\x04")
    assert terminal.wait() == 0
    assert (prompt.box.project / "f").read_bytes() == b"one\ntwo\nover\n"
    assert terminal.text().split() == ["ready", "one", "two"], "the user's terminal echoes once"


@pytest.mark.parametrize("where, stream", [(">f", 2), ("2>f", 1)])
def test_keys_of_the_terminal_interrupt_the_command(prompt, where, stream):
    script = f'trap "echo got >&{stream}; exit 7" INT; echo ready >&{stream}; while :; do sleep 0.1; done'
    terminal = prompt(f"$C shell '{script}' {where}; echo $?")
    terminal.wait_for("ready").type("\x03")
    assert terminal.wait() in (0, 128 + signal.SIGINT)
    assert "got" in terminal.text()


def test_size_follows(prompt):
    terminal = prompt("$C shell 'trap \"stty size <&2 >&2; exit\" WINCH; echo ready >&2; while :; do sleep 0.1; done' | cat")
    terminal.wait_for("ready").resize(31, 71)
    terminal.signal(signal.SIGWINCH)
    terminal.wait_for("31 71")
    assert terminal.wait() == 0


def test_password_is_not_shown(prompt):
    """The command has switched the echo of its terminal off; it is on again at the end."""
    if not prompt.direct:
        pytest.skip("the engine's streams do not carry the modes")
    terminal = prompt("$C shell 'stty -echo; echo ready >&2; read x; stty echo; echo $x' >f")
    before = terminal.before
    terminal.wait_for("ready")
    until(lambda: not terminal.attributes()[3] & 0o10)
    terminal.type("secret\r")
    assert terminal.wait() == 0
    assert "secret" not in terminal.text() and (prompt.box.project / "f").read_text() == "secret\n"
    assert terminal.attributes() == before


def test_program_with_a_screen_gets_each_key_if_errors_go_to_a_file(prompt):
    if not prompt.direct:
        pytest.skip("the engine's streams do not carry the modes")
    terminal = prompt("$C shell 'stty raw -echo; echo ready; x=$(dd bs=1 count=3 2>/dev/null); stty sane; echo \"<$x>\"' 2>f")
    before = terminal.before
    terminal.wait_for("ready")
    until(lambda: not terminal.attributes()[3] & 0o10)
    terminal.type("a\x03b")
    assert terminal.wait() == 0 and "<a\x03b>" in terminal.raw.decode() and terminal.attributes() == before


def test_programs_find_the_controlling_terminal(prompt):
    terminal = prompt("$C shell 'echo direct >/dev/tty' | cat")
    assert terminal.wait() == 0 and "direct" in terminal.text()
