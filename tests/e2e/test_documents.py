# SPDX-License-Identifier: MIT
"""What README.md and SECURITY.md name as shown by a test is shown by one that exists."""

import pathlib
import re
import subprocess

import pytest

from escape_world import PROGRAM

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DOCUMENTS = ["README.md", "SECURITY.md"]
FILES = {path.name: path for path in (ROOT / "tests").rglob("*") if re.fullmatch(r"(test|fuzz|torture)_\w+\.(py|c)", path.name)}
FUNCTIONS = {name: set(re.findall(r"^def (test_\w+)", path.read_text(), re.M)) for name, path in FILES.items() if name.endswith(".py")}


def quoted(text):
    return re.findall(r"`([^`\n]+)`", text)


def cells(text):
    """The last column of the table that tells the engines side by side."""
    section = text.split("\n### Side by side\n")[1].split("\n### ")[0]
    return [line.split("|")[-2] for line in section.splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_tests_that_are_named_exist(name):
    words = quoted((ROOT / name).read_text())
    every = set().union(*FUNCTIONS.values())
    named = {word.rsplit("/", 1)[-1] for word in words}
    files = {word for word in named if re.fullmatch(r"(test|fuzz)_\w+\.(py|c)", word)}
    pairs = {word for word in named if "::" in word}
    alone = {word for word in named if re.fullmatch(r"test_\w+", word)}
    assert pairs and sorted(files - set(FILES)) == []
    assert [pair for pair in sorted(pairs) if pair.split("::")[1] not in FUNCTIONS.get(pair.split("::")[0], ())] == []
    assert sorted(alone - every) == []


def test_every_claim_has_its_test():
    rows = cells((ROOT / "SECURITY.md").read_text())
    assert len(rows) >= 30 and all(quoted(row) for row in rows)


@pytest.mark.skipif(not PROGRAM.exists(), reason="tests/escape is not built: run ./build.sh test")
def test_attempts_that_are_named_exist():
    lines = subprocess.run([PROGRAM, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
    attempts = {line.split("\t")[0] for line in lines}
    named = {word for row in cells((ROOT / "SECURITY.md").read_text()) for word in quoted(row) if not word.startswith(("test_", "--"))}
    assert len(named) >= 60 and sorted(named - attempts) == []
