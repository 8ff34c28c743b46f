# SPDX-License-Identifier: MIT
"""cco help on a terminal, with less as the pager, and the manual page in groff's eyes."""

import contextlib
import fcntl
import os
import select
import shutil
import signal
import subprocess
import time

import pytest

from conftest import CCO
from terminal import Terminal

needs_less = pytest.mark.skipif(shutil.which("less") is None, reason="less is not installed")
needs_groff = pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
BOLD = b"\x1b[1m"


@pytest.fixture
def shown(box):
    """Starts cco on a terminal; each one is closed in the end."""
    started = []

    def show(*args, rows=24, **env):
        started.append(Terminal([CCO, *args], {**box.env, **env}, box.project, rows=rows))
        return started[-1]

    yield show
    for terminal in started:
        terminal.close()


def leave(terminal):
    """Types q until less ends: it drops what was typed before it has seen an interrupt."""
    deadline = time.monotonic() + 30
    while terminal.pump(0.2) and time.monotonic() < deadline:
        with contextlib.suppress(OSError):  # it has ended meanwhile
            terminal.type("q")
    assert terminal.wait() == 0


@needs_less
@pytest.mark.parametrize("keys", ["", "\x03", "\x03\x03 ", " \x03G"])
def test_the_pager_is_left_with_a_clean_terminal(shown, keys):
    terminal = shown("help", "sessions").wait_for("usage: cco sessions").wait_for(lambda t: t.is_raw())
    for key in keys:
        terminal.type(key)
        terminal.pump(0.3)
    leave(terminal)
    assert terminal.attributes() == terminal.before


@needs_less
def test_long_text_waits_and_short_text_does_not(shown):
    terminal = shown("help", "sessions").wait_for(lambda t: t.is_raw())
    assert "Limits" not in terminal.text()
    terminal.type("G")
    leave(terminal.wait_for("Limits"))
    assert shown("help", "stop", rows=60).wait() == 0


def test_headings_are_bold_unless_no_color_is_set(shown, box):
    terminal = shown("help", "sessions", PAGER="")
    assert terminal.wait() == 0 and BOLD + b"Names" in terminal.raw
    terminal = shown("help", "sessions", PAGER="cat", NO_COLOR="1")
    assert terminal.wait() == 0 and b"\x1b" not in terminal.raw and b"Names" in terminal.raw
    assert b"\x1b" not in box.cco("help", "sessions").stdout


def test_without_less_the_text_is_printed(shown, tmp_path):
    terminal = shown("help", "stop", PATH=str(tmp_path))
    assert terminal.wait() == 0 and "usage: cco stop" in terminal.text()


def test_lines_are_as_wide_as_a_narrow_terminal(box):
    terminal = Terminal([CCO, "help", "images"], {**box.env, "PAGER": "", "NO_COLOR": "1"}, box.project, cols=60)
    try:
        assert terminal.wait() == 0
        lines = [line for line in terminal.raw.decode().split("\r\n") if not line.startswith("      ")]
        assert 50 < max(map(len, lines)) <= 60
    finally:
        terminal.close()


def test_a_closed_pipe_needs_no_message(box):
    result = subprocess.run(["sh", "-c", '"$0" help man | head -1', str(CCO)], env=box.env, cwd=box.project, capture_output=True, text=True, check=False)
    assert result.stdout == ".TH CCO 1\n" and result.stderr == ""


@pytest.mark.parametrize("signo", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_output_that_nobody_reads(box, signo):
    ours, its = os.pipe()
    fcntl.fcntl(its, fcntl.F_SETPIPE_SZ, 4096)
    with open(ours, "rb"), subprocess.Popen([CCO, "help", "man"], env=box.env, cwd=box.project, stdout=its) as child:
        os.close(its)
        assert select.select([ours], [], [], 30)[0]
        child.send_signal(signo)
        try:
            assert child.wait(10) == -signo
        finally:
            child.kill()


@needs_groff
def test_groff_has_no_warning_about_the_manual_page(box):
    page = box.cco("help", "man").stdout
    result = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-P-cbou"], input=page, capture_output=True, check=True)
    assert result.stderr == b"" and b"TROUBLESHOOTING" in result.stdout
