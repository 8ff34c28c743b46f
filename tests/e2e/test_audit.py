# SPDX-License-Identifier: MIT
"""The audit reports what a session changed that the host may execute, in every way in which a session can end."""

import os
import re
import signal
import subprocess

import pytest

from conftest import CCO
from test_credentials import running, wait_for


def test_changes_are_reported_and_the_exit_status_is_the_commands(real, own_image):
    subprocess.run(["git", "init", "-q", real.project], check=True)
    result = real.cco("shell", "echo x > .git/hooks/pre-commit; echo x > .envrc; echo x > harmless; exit 5")
    assert result.returncode == 5 and result.out == ""
    assert sorted(result.err.splitlines()) == ["cco: .envrc added (direnv sources it)",
                                               "cco: .git/hooks/pre-commit added (git runs it)"]
    assert real.cco("shell", "touch .envrc; echo y > harmless").err == "", "the same bytes are no change"


def test_strict_gives_exit_status_3_after_a_change(real, own_image):
    assert real.cco("--strict", "shell", "echo x > harmless; exit 4").returncode == 4
    result = real.cco("--strict", "shell", "echo '{}' > .mcp.json")
    assert result.returncode == 3 and ".mcp.json" in result.err
    result = real.cco("--strict", "shell", "no-such-command-at-all")
    assert result.returncode == 127


@pytest.mark.parametrize("how", ["ends", "stopped"])
def test_next_session_reports_changes_of_a_background_session(real, own_image, how):
    wait = "" if how == "ends" else "sleep 300"
    name = real.cco("--detach", "shell", f"echo x > .envrc; {wait}").out.strip()
    if how == "stopped":
        wait_for(lambda: (real.project / ".envrc").exists())
        assert real.cco("stop", name).returncode == 0
    wait_for(lambda: list((real.home / ".local/state/cco/reports").glob("*")))
    result = real.cco("shell", "true")
    assert result.err == f"cco: {name}: .envrc added (direnv sources it)\n"
    assert real.cco("shell", "true").err == ""
    assert real.leftovers() == []


def test_next_session_reports_changes_of_a_killed_session(real, own_image):
    process = subprocess.Popen([CCO, "shell", "echo x > .envrc; sleep 300"], env=real.env, cwd=real.project,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wait_for(lambda: (real.project / ".envrc").exists())
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    wait_for(lambda: not running(real))
    result = real.cco("shell", "true")
    assert re.fullmatch(r"cco: session \S+, which was killed: \.envrc added \(direnv sources it\)\n", result.err)
    assert real.leftovers() == []
