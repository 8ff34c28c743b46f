# SPDX-License-Identifier: MIT
"""The progress of long work: on terminals of any width, in logs, with and without colours."""

import json
import subprocess
import threading

import pytest

from conftest import CCO, until
from fake import reply
from terminal import Terminal

PULL = ("--image", "some/image", "shell", "true")


def status(text, **more):
    return json.dumps({"status": text, **more}).encode() + b"\r\n"


def layer(verb, name, current, total):
    return status(verb, id=name, progressDetail={"current": current, "total": total})


class Slow:
    """A pull or a build that continues at the test's command."""

    def __init__(self, fake, target="POST /images/create"):
        self.fake, self.there = fake, fake.answers["GET /images/"]
        self.step = threading.Semaphore(0)
        self.pieces = []
        fake.answers["GET /images/"] = reply(404, {"message": "No such image"})
        fake.answers[target] = self.answer

    def answer(self, engine, connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        while self.step.acquire(timeout=60):
            piece = self.pieces.pop(0)
            connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            if not piece:
                return False
        return False

    def send(self, *pieces):
        self.pieces += pieces
        for _ in pieces:
            self.step.release()

    def end(self):
        """Ends the pull: the image exists now."""
        self.fake.answers["GET /images/"] = self.there
        self.send(b"")

    def fail(self):
        self.send(json.dumps({"errorDetail": {"message": "enough"}}).encode(), b"")


@pytest.fixture
def slow(fake):
    return Slow(fake)


def two_layers(current=45):
    return layer("Downloading", "aaaa", current * 10 ** 6, 10 ** 8) + layer("Downloading", "bbbb", current * 10 ** 6, 10 ** 8)


def live_row(terminal):
    return terminal.screen.display[terminal.screen.cursor.y].rstrip()


@pytest.mark.parametrize("columns", [10, 14, 20, 39, 40, 80, 200])
def test_pull_on_terminals_of_any_width(box, slow, columns):
    terminal = Terminal([CCO, *PULL], box.env, box.project, 24, columns)
    try:
        slow.send(two_layers())
        terminal.wait_for(lambda t: live_row(t).startswith(" 45% Do"))
        row, top = terminal.screen.cursor.y, terminal.screen.display[:terminal.screen.cursor.y]
        for percent in (50, 55, 60):
            slow.send(two_layers(percent))
            terminal.wait_for(lambda t: live_row(t).startswith(f" {percent}% Do"))
        assert terminal.screen.cursor.y == row, "the line has wrapped"
        assert terminal.screen.display[:row] == top
        assert len(live_row(terminal)) < columns
        if columns >= 80:
            assert "(2 parts)  120.0 of 200.0 MB" in live_row(terminal)
            terminal.wait_for("s left")
        slow.fail()
        assert terminal.wait() == 125
        assert "Downloading" not in terminal.text() and "parts" not in terminal.text()
    finally:
        terminal.close()


def test_terminal_is_resized_during_progress(box, slow):
    terminal = Terminal([CCO, *PULL], box.env, box.project, 24, 100)
    try:
        slow.send(two_layers())
        terminal.wait_for("(2 parts)")
        for columns in (30, 12, 100):
            terminal.resize(24, columns)
            slow.send(two_layers())
            terminal.wait_for(lambda t: 0 < len(live_row(t)) < columns and live_row(t).startswith(" 45% Dow"))
        terminal.wait_for("90.0 of 200.0 MB")
    finally:
        terminal.close()


def test_elapsed_time_is_updated_without_events(box, slow):
    terminal = Terminal([CCO, *PULL], box.env, box.project)
    try:
        terminal.wait_for("1s pulling some/image").wait_for("2s pulling some/image")
    finally:
        terminal.close()


@pytest.mark.parametrize("columns", [50, 80])
def test_ctrl_c_leaves_a_clean_line(box, slow, columns):
    """The ^C that the terminal echoes behind the line does not make it wrap."""
    terminal = Terminal([CCO, *PULL], box.env, box.project, 24, columns)
    before = terminal.before
    try:
        slow.send(status("x" * 200))
        terminal.wait_for(lambda t: len(live_row(t)) == columns - 3)
        terminal.type("\x03")
        assert terminal.wait() == 130
        assert terminal.attributes() == before
        text = terminal.text().replace("\n", "")
        assert text == "cco: pulling some/imagecco: image some/image: pull: stopped by signal INT", text
        assert box.leftovers() == []
    finally:
        terminal.close()


@pytest.mark.parametrize("term", ["dumb", "", None])
def test_terminal_without_cursor_movement(box, slow, term):
    env = {k: v for k, v in box.env.items() if k != "TERM"}
    if term is not None:
        env["TERM"] = term
    terminal = Terminal([CCO, *PULL], env, box.project)
    try:
        slow.send(two_layers())
        until(lambda: not slow.pieces)
        slow.fail()
        assert terminal.wait() == 125
        assert b"\x1b" not in terminal.raw
    finally:
        terminal.close()


@pytest.mark.parametrize("no_color,colour", [(None, True), ("", True), ("1", False)])
def test_colours_only_on_a_terminal_that_has_them(box, fake, no_color, colour):
    fake.answers["GET /info"] = reply(500, {"message": "broken"})
    env = {**box.env, **({} if no_color is None else {"NO_COLOR": no_color})}
    terminal = Terminal([CCO, *PULL], env, box.project)
    try:
        assert terminal.wait() == 125
        assert (b"\x1b[31mcco:\x1b[m" in terminal.raw) == colour and (b"\x1b" in terminal.raw) == colour
        assert "cco: engine" in terminal.text()
    finally:
        terminal.close()


@pytest.mark.parametrize("lang,shown", [("C.UTF-8", "getting caf\u00e9 \u6f22\u5b57"), ("C", "getting caf? ??"), ("", "getting caf? ??")])
def test_names_beyond_ascii(box, slow, lang, shown):
    terminal = Terminal([CCO, *PULL], {**box.env, "LANG": lang}, box.project)
    try:
        slow.send(status("getting caf\u00e9 \u6f22\u5b57"))
        terminal.wait_for(lambda t: shown in t.text().replace("\u6f22 ", "\u6f22"))
    finally:
        terminal.close()




def test_progress_without_a_terminal_is_plain_lines(box, fake):
    """The log contains the steps and what took long, and not everything that happened in between."""
    slow = Slow(fake, "POST /build")
    child = subprocess.Popen([CCO, "shell", "true"], env=box.env, cwd=box.project, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    first = []
    reader = threading.Thread(target=lambda: first.append(child.stderr.readline()))
    reader.start()
    slow.send(b'{"stream":"Step 1/2 : FROM debian"}\r\n')
    while reader.is_alive():  # until it has lasted a second
        slow.send(b'{"stream":"Step 2/2 : RUN make"}\r\n')
        reader.join(0.2)
    slow.send(*[b'{"stream":"compiling\\n"}\r\n' for _ in range(2000)])
    slow.end()
    rest = child.stderr.read().decode()
    assert child.wait(30) == 42
    child.stdout.close()
    child.stderr.close()
    assert first[0] == b"cco: building the image\n"
    assert "cco: Step 2/2 : RUN make\n" in rest and "cco: building the image: done in " in rest
    assert "compiling" not in rest and len(rest.split("\n")) < 8 and "\x1b" not in rest and "\r" not in rest


def test_quiet_prints_no_progress(box, slow):
    terminal = Terminal([CCO, "--quiet", *PULL], box.env, box.project)
    try:
        slow.send(two_layers())
        seen = threading.Event()
        threading.Timer(1.5, seen.set).start()  # progress would appear after a second
        while not seen.is_set():
            terminal.pump(0.1)
        slow.fail()
        assert terminal.wait() == 125
        assert b"pulling some/image" not in terminal.raw and "%" not in terminal.raw.decode()
    finally:
        terminal.close()


def test_short_work_shows_nothing(box, slow):
    slow.send(two_layers())
    slow.end()
    result = box.cco(*PULL)
    assert (result.returncode, result.err) == (42, "err\n")
