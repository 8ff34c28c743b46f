# SPDX-License-Identifier: MIT
"""Completion, as bash performs it."""

import subprocess

import pytest

DRIVER = r"""
source /dev/stdin <<<"$SCRIPT"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
compopt() { :; }
_cco
printf '%s\n' "${COMPREPLY[@]}"
"""


def complete(box, *words):
    script = box.cco("completion", "bash").out
    result = subprocess.run(["bash", "-c", DRIVER, "bash", *words], capture_output=True, text=True, check=False,
                            timeout=20, cwd=box.project, env={**box.env, "SCRIPT": script})
    assert result.stderr == ""
    return result.stdout.split()


def test_bash_completes_words(box):
    assert complete(box, "cco", "se") == ["sessions", "self-update"] or "sessions" in complete(box, "cco", "se")
    assert complete(box, "cco", "--netw") == ["--network"]
    assert complete(box, "cco", "--network", "br") == ["bridge"]
    assert complete(box, "cco", "--quiet", "--network", "host", "inf") == ["info"]
    assert complete(box, "cco", "info", "--js") == ["--json"]
    assert complete(box, "cco", "info", "--mem") == []
    assert complete(box, "cco", "completion", "z") == ["zsh"]
    assert complete(box, "cco", "help", "sto") == ["stop"]


def test_bash_completes_files_for_claude(box):
    (box.project / "some.txt").write_text("")
    assert complete(box, "cco", "-p", "say", "som") == ["some.txt"]
    (box.project / "dir").mkdir()
    assert complete(box, "cco", "--add-dir", "di") == ["dir"]


@pytest.mark.parametrize("shell", ["bash"])
def test_completion_prints_a_script_that_bash_accepts(box, shell):
    script = box.cco("completion", shell).out
    assert subprocess.run([shell, "-n"], input=script, text=True, check=False).returncode == 0
