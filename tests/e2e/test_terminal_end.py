# SPDX-License-Identifier: MIT
"""What a hostile program leaves in the terminal: cco's own lines can be read after it, late answers do not reach the
shell, and --terminal safe drops what may harm.
"""

import os
import re
import shlex
import signal

import pytest

from conftest import CCO, ENGINE, IMAGE, IMAGE_WORDS, until
from terminal import Terminal

DETACH = "\x1cd"
AUDIT = "cco: .envrc"

# What a program may print last, for printf(1). Each would hide or change lines behind it.
ENDINGS = {
    "APC without an end": r"\033_",
    "APC with text": r"\033_Gabc",
    "DCS without an end": r"\033P1;2q",
    "OSC without an end": r"\033]0;title",
    "OSC, almost ended": r"\033]0;title\033",
    "PM without an end": r"\033^x",
    "SOS without an end": r"\033Xx",
    "title of screen without an end": r"\033kx",
    "CSI without an end": r"\033[1;3",
    "ESC alone": r"\033",
    "8-bit APC": r"\237x",
    "8-bit APC in UTF-8": r"\302\237x",
    "concealed": r"\033[8m",
    "black on black": r"\033[30;40m",
    "the terminal's own colours": r"\033]10;#000000\033\\\033]11;#000000\033\\\033]4;3;#000000\033\\",
    "line drawing": r"\033(0",
    "line drawing, shifted out": r"\033)0\016",
    "line drawing, locked": r"\033*0\033n",
    "scroll region": r"\033[3;4r",
    "origin mode": r"\033[3;4r\033[?6h",
    "origin mode, saved": r"\033[3;4r\033[?6h\0337",
    "margins": r"\033[?69h\033[5;6s",
    "alternate screen": r"\033[?1049h",
    "alternate screen of mode 47": r"\033[?47h",
    "alternate screen, among other modes": r"\033[?25;1049;7h",
    "insert mode": r"\033[4h",
    "no autowrap": r"\033[?7l",
    "no cursor": r"\033[?25l",
    "reverse video": r"\033[?5h",
    "synchronized output": r"\033[?2026h",
    "synchronized output by DCS": r"\033P=1s\033\\",
    "mouse, paste and keyboard": r"\033[?1003;1006;2004;1004h\033[>31u\033[>4;2m\033=",
    "VT52": r"\033[?2l",
    "protected characters": r"\033[1\"q",
    "everything": r"\033[?1049h\033(0\033[8m\033[?2026h\033]11;#000000\a\033[3;4r\033[?6h\033_",
}
FEW = ("APC without an end", "the terminal's own colours", "everything")


class Looking:
    """A terminal as far as hiding text is concerned. It takes what cco wrote, and says which text could be read."""

    PAIRS = re.compile(rb"[0-?]*[ -/]*[@-~]")

    def __init__(self, raw):
        self.colours, self.modes, self.sgr, self.sets, self.shift = {}, set(), set(), {"(": "B", ")": "B", "*": "B", "+": "B"}, "("
        self.kitty, self.margins, self.saved, self.readable = 0, False, None, ""
        self.string = None
        at = 0
        while at < len(raw):
            at = self.take(raw, at)

    def hides(self):
        return (self.string is not None or self.sgr - {33} or self.sets[self.shift] != "B" or self.colours or self.margins or
                self.modes & {"?2", "?5", "?6", "?7", "?1049", "?2026", "4", "dcs"})

    def is_usual(self):
        return not self.hides() and not self.modes and not self.kitty

    def take(self, raw, at):
        c = raw[at:at + 1]
        if self.string is not None:
            return self.in_string(raw, at)
        if raw[at:at + 2] == b"\xc2\x9f" or c == b"\x9f":
            self.string = b"_"
            return at + (1 if c == b"\x9f" else 2)
        if c == b"\x0e" or c == b"\x0f":
            self.shift = ")" if c == b"\x0e" else "("
        elif c == b"\033":
            return self.escape(raw, at + 1)
        elif c >= b" " and not self.hides():
            self.readable += c.decode("latin-1")
        elif c == b"\n":
            self.readable += "\n"
        return at + 1

    def in_string(self, raw, at):
        if raw[at:at + 1] in (b"\x18", b"\x1a"):
            self.string = None
        elif raw[at:at + 1] == b"\033" or (raw[at:at + 1] == b"\a" and self.string[:1] == b"]"):
            self.ended(self.string)
            self.string = None
            return at + (2 if raw[at + 1:at + 2] == b"\\" and raw[at:at + 1] == b"\033" else 1 if raw[at:at + 1] == b"\a" else 0)
        else:
            self.string += raw[at:at + 1]
        return at + 1

    def ended(self, text):
        number = re.match(rb"\](\d+)", text)
        if text.startswith(b"P=1s"):
            self.modes.add("dcs")
        elif text.startswith(b"P=2s"):
            self.modes.discard("dcs")
        elif number and int(number[1]) in (4, 10, 11, 12):
            self.colours[int(number[1])] = text
        elif number and int(number[1]) in (104, 110, 111, 112):
            self.colours.pop(int(number[1]) - 100, None)

    def escape(self, raw, at):
        c = raw[at:at + 1].decode("latin-1")
        if c == "\x18":
            return at + 1
        if c == "\033":
            return at
        if c == "[":
            csi = self.PAIRS.match(raw, at + 1)
            if csi is None:
                cut = re.compile(rb"[0-?]*[ -/]*").match(raw, at + 1)
                return cut.end() + (1 if raw[cut.end():cut.end() + 1] == b"\x18" else 0)
            self.csi(csi[0].decode())
            return csi.end()
        if c and c in "]P_^Xk":
            self.string = c.encode()
        elif c and c in "()*+":
            self.sets[c] = raw[at + 1:at + 2].decode()
            return at + 2
        elif c == "n":
            self.shift = "*"
        elif c == "<":
            self.modes.discard("?2")
        elif c == "=":
            self.modes.add("keypad")
        elif c == ">":
            self.modes.discard("keypad")
        elif c == "7":
            self.saved = (set(self.sgr), dict(self.sets), self.shift, "?6" in self.modes)
        elif c == "8" and self.saved:
            self.sgr, self.sets, self.shift = set(self.saved[0]), dict(self.saved[1]), self.saved[2]
            (self.modes.add if self.saved[3] else self.modes.discard)("?6")
        return at + 1

    def csi(self, text):
        final, numbers = text[-1], text[:-1]
        if final in "hl":
            lead = "?" if numbers.startswith("?") else ""
            for number in numbers.lstrip("?").split(";"):
                off_is_unusual = lead + number in ("?7", "?25")
                number = "1049" if number in ("47", "1047") else number
                (self.modes.add if (final == "h") != off_is_unusual else self.modes.discard)(lead + number)
        elif final == "m" and not numbers.startswith(">"):
            for number in numbers.split(";"):
                if number in ("", "0"):
                    self.sgr.clear()
                else:
                    self.sgr.add(int(number.split(":")[0]))
        elif final == "m":
            (self.modes.discard if numbers in (">4", ">4;0") else self.modes.add)("keys")
        elif final == "u" and numbers[:1] in (">", "<"):
            self.kitty += 1 if numbers[0] == ">" else -int(numbers[1:] or 1)
        elif final == "r":
            self.margins = numbers != ""
        elif final == "s" and ";" in numbers:
            self.margins = True


@pytest.fixture
def box(real):
    real.run = lambda script, *args: Terminal([CCO, *IMAGE, *args, "shell", script], real.env, real.project)
    return real


def changes(ending):
    return f"echo $$ >>.envrc; printf '{ending}'"


@pytest.mark.parametrize("name", ENDINGS if ENGINE.native else FEW)
def test_audit_lines_can_be_read_after(box, name):
    terminal = box.run(changes(ENDINGS[name]))
    assert terminal.wait() == 0
    looking = Looking(terminal.raw)
    assert AUDIT in looking.readable, terminal.raw
    assert looking.is_usual(), (looking.modes, looking.sgr, looking.colours, terminal.raw)
    lines = [line for line in looking.readable.split("\n") if AUDIT in line]
    assert lines[0].startswith("cco: "), "the line does not begin behind other text"
    terminal.close()


def test_line_begins_below_the_text(box):
    """The cursor is in the middle of a text, or in a line that has not ended."""
    for script in ("printf 'one\\ntwo\\nthree\\033[1;1H'", "printf 'one\\ntwo\\nthree'"):
        terminal = box.run(f"echo x >>.envrc; {script}")
        terminal.wait()
        assert [line for line in terminal.text().split("\n") if line][:4] == \
            ["one", "two", "three", terminal.text().split("\n")[3]] and AUDIT in terminal.text().split("\n")[3]
        terminal.close()


def test_older_text_does_not_remain_beside_the_line(box):
    """The cursor is moved over text from before the session."""
    old = "x" * 79
    script = f"echo {old}; echo {old}; {shlex.quote(CCO)} {IMAGE_WORDS} shell 'echo x >>.envrc; printf \"\\033[H\"'"
    terminal = Terminal(["/bin/sh", "-c", script], box.env, box.project)
    terminal.wait()
    lines = terminal.text().split("\n")
    assert lines[0].startswith(AUDIT) and "x" * 9 not in lines[0] and lines[1] == old
    terminal.close()


def test_ordinary_sessions_get_no_other_byte(box):
    """Text gets nothing, and colours only a reset of colours. Nothing is asked."""
    terminal = box.run("echo hello")
    terminal.wait()
    assert terminal.raw == b"hello\r\n"
    terminal.close()
    terminal = box.run("printf '\\033[31mred\\033[0m\\n'")
    terminal.wait()
    assert terminal.raw.startswith(b"\033[31mred\033[0m\r\n") and b"n" not in terminal.raw.split(b"\r\n")[1]
    terminal.close()


def test_line_after_detaching_can_be_read(box):
    terminal = box.run("printf 'up\\033(0\\033[8m\\033]11;#000000\\033\\134\\033_'; read x")
    until(lambda: terminal.pump() and b"\033_" in terminal.raw)
    terminal.type(DETACH)
    terminal.wait()
    looking = Looking(terminal.raw)
    assert "cco: detached" in looking.readable and looking.is_usual(), terminal.raw
    assert box.cco("stop").returncode == 0
    terminal.close()


def test_attached_terminals_are_restored_at_the_end(box):
    first = box.run("echo up; read x; printf '\\033(0\\033[8m\\033]11;#000000\\033\\134\\033[?2026h\\033[>1u\\033_'")
    first.wait_for("up")
    second = Terminal([CCO, "attach"], box.env, box.project)
    second.wait_for("up")
    first.type("\r")
    assert (first.wait(), second.wait()) == (0, 0)
    assert Looking(first.raw).is_usual() and Looking(second.raw).is_usual(), second.raw
    first.close()
    second.close()


def test_crash_restores_and_resets_the_terminal(box):
    terminal = box.run("printf 'up\\033[8m\\033_'; read x")
    until(lambda: terminal.pump() and b"\033_" in terminal.raw)
    until(terminal.is_raw)
    terminal.signal(signal.SIGSEGV)
    assert terminal.wait() == 128 + signal.SIGSEGV
    assert Looking(terminal.raw).is_usual() and terminal.attributes() == terminal.before, terminal.raw
    terminal.close()
    assert box.cco("stop").returncode == 0


def test_pipe_on_stdin_does_not_change_that(box):
    """Only stdout and stderr are terminals, so the command has pipes."""
    shell = Terminal(["/bin/sh", "-c", f"{shlex.quote(CCO)} {IMAGE_WORDS} shell {shlex.quote(changes(ENDINGS['everything']))} "
                      "</dev/null"], box.env, box.project)
    shell.wait()
    looking = Looking(shell.raw)
    assert AUDIT in looking.readable and looking.is_usual(), shell.raw
    shell.close()


class Late(Terminal):
    """A bash on a terminal that answers queries in order, and an agent's query only once another query comes, or once
    bash has the terminal again.
    """

    ANSWERS = {b"\033[21t": b"\033]lINJECTED\033\\", b"\033[5n": b"\033[0n", b"\033[6n": b"\033[3;3R", b"\033[c": b"\033[?62c"}
    PROMPT = b"READY> "

    def __init__(self, box):
        super().__init__(["/bin/bash", "--norc", "--noprofile", "-i"], {**box.env, "PS1": "READY> "}, box.project)
        self.waiting, self.seen = [], 0
        self.wait_for("READY>")
        self.seen = len(self.raw)

    def pump(self, seconds=0.05):
        going = super().pump(seconds)
        found = None
        for found in re.finditer(rb"\033\[21t|\033\[[56]n|\033\[c|READY> ", self.raw[self.seen:] if hasattr(self, "seen") else b""):
            if found[0] in self.ANSWERS:
                self.waiting.append(self.ANSWERS[found[0]])
            if found[0] != b"\033[21t":
                os.write(self.fd, b"".join(self.waiting))
                self.waiting.clear()
        if found:
            self.seen += found.end()
        return going

    def run(self, line):
        self.type(line + "\r")

    def ends(self):
        self.wait_for(lambda t: t.raw.count(self.PROMPT) >= 2 and t.text().rstrip().endswith("READY>"))
        self.run("echo do''ne")
        self.wait_for("done")
        return self.text()


QUERY = r"printf '\033[5n\033[5n\033[6n\033[21t'"


@pytest.mark.parametrize("how", ["", "</dev/null"])
def test_late_answers_do_not_reach_the_shell(box, how):
    """The shell would take the answer, a title that the agent chose, as typed."""
    shell = Late(box)
    shell.run(f"{shlex.quote(CCO)} {IMAGE_WORDS} shell {shlex.quote(QUERY)} {how}")
    assert "INJECTED" not in shell.ends(), shell.raw
    shell.close()


def test_late_answers_do_not_reach_the_shell_after_detaching(box):
    shell = Late(box)
    shell.run(f"{shlex.quote(CCO)} {IMAGE_WORDS} shell 'echo u''p; read x; {QUERY.replace(chr(39), chr(34))}; echo ask''ed; read x'")
    shell.wait_for("up")
    shell.type("\r")
    shell.wait_for("asked")
    shell.type(DETACH)
    assert "INJECTED" not in shell.ends(), shell.raw
    assert box.cco("stop").returncode == 0
    shell.close()


def test_late_answers_do_not_reach_the_shell_after_attach(box):
    first = box.run("echo up; read x; " + QUERY)
    first.wait_for("up")
    shell = Late(box)
    shell.run(f"{shlex.quote(CCO)} attach")
    shell.wait_for("up")
    shell.type("\r")
    assert "INJECTED" not in shell.ends(), shell.raw
    first.wait()
    first.close()
    shell.close()


def test_keys_that_were_typed_ahead_reach_the_shell(box):
    """After a session without queries nothing is discarded."""
    shell = Late(box)
    shell.run(f"{shlex.quote(CCO)} {IMAGE_WORDS} shell 'echo u''p; while [ ! -e go ]; do sleep 0.05; done' </dev/null")
    shell.wait_for("up")
    shell.type("echo ty''ped\r")
    (box.project / "go").write_text("")
    shell.wait_for("typed")
    assert b"\033[5n" not in shell.raw
    shell.close()


EVIL = r"\033]52;c;aGk=\a\033Ptmux;\033\033]52;c;x\a\033\134\033[21t\033_Gt=f;AA\033\134\033[5i"
FORBIDDEN = (b"]52;", b"tmux", b"21t", b"\033_", b"[5i")


def test_safe_terminal_gets_only_harmless_sequences(box):
    script = f"printf '\\033]0;title\\a\\033[1mbold{EVIL}\\033[0mend\\n'"
    terminal = box.run(script, "--terminal", "safe")
    terminal.wait()
    assert b"\033]0;title\033\\\033[1mbold\033[0mend\r\n" in terminal.raw
    assert not any(bad in terminal.raw for bad in FORBIDDEN), terminal.raw
    terminal.close()
    terminal = box.run(script)
    terminal.wait()
    assert all(bad in terminal.raw for bad in FORBIDDEN), "by default all sequences pass"
    terminal.close()
    result = box.cco("--terminal", "safe", *IMAGE, "shell", script)
    assert all(bad in result.stdout for bad in FORBIDDEN), "nothing is filtered in a pipe"
    (box.home / ".config/cco").mkdir(parents=True, exist_ok=True)
    (box.home / ".config/cco/config").write_text("terminal = safe\n")
    terminal = box.run(script)
    terminal.wait()
    assert not any(bad in terminal.raw for bad in FORBIDDEN), "the configuration chooses it as well"
    terminal.close()


def test_safe_terminal_without_a_terminal_on_stdin(box):
    """stdout and stderr are one terminal: a sequence that is split between them does not become whole."""
    script = f"printf '{EVIL}\\033]' ; printf '52;c;aGk=\\a' >&2; sleep 0.1; printf 'x\\n'"
    shell = Terminal(["/bin/sh", "-c", f"{shlex.quote(CCO)} --terminal safe {IMAGE_WORDS} shell {shlex.quote(script)} </dev/null"],
                     box.env, box.project)
    shell.wait()
    assert not any(bad in shell.raw for bad in FORBIDDEN[1:]) and b"\033]" not in shell.raw, shell.raw
    shell.close()


def test_safe_terminal_holds_for_attached_and_adopting_terminals(box):
    script = f"echo up; while read x; do printf '{EVIL}more'; done"
    first = box.run(script, "--terminal", "safe")
    first.wait_for("up")
    second = Terminal([CCO, "attach"], box.env, box.project)
    second.wait_for("up")
    second.type("\r")
    second.wait_for("more")
    first.kill()
    second.wait()
    third = Terminal([CCO, "attach"], box.env, box.project)
    until(lambda: third.pump() and third.is_raw())
    third.type("\r")
    until(lambda: third.pump() and b"more" in third.raw)
    for terminal in (second, third):
        # What cco asks itself is not in the list, except for the words of FORBIDDEN.
        assert not any(bad in terminal.raw for bad in FORBIDDEN), terminal.raw
    assert box.cco("stop").returncode == 0
    for terminal in (first, second, third):
        terminal.close()
