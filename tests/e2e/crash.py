# SPDX-License-Identifier: MIT
"""Runs programs and sends them a signal right after a chosen system call (strike.c). For a test:

from crash import strike  # noqa: F401  (a fixture)

def test_it(strike, box):
    for blow in strike.each([CCO, "sync"], "KILL", start="credentials", env=box.env):
        assert whole(store)          # after each signal; the last run got none
"""

import os
import pathlib
import re
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).resolve().parent / "strike.c"
LINE = re.compile(r"calls=(\d+) struck=(-?\d+) status=(exit|signal):(\d+)\n")


class Blow:
    """The result of one run: the calls that counted; whether the signal was sent, and after which call (its number);
    how the program ended: an exit status, or minus the number of a signal, as in subprocess.
    """

    def __init__(self, line, out, err):
        match = LINE.fullmatch(line)
        assert match, (line, err)
        self.calls = int(match[1])
        self.struck = int(match[2]) >= 0
        self.call = int(match[2])
        self.status = int(match[4]) if match[3] == "exit" else -int(match[4])
        self.out, self.err = out, err


class Strike:
    def __init__(self, program, report):
        self.program, self.report = program, report

    def run(self, number, signal, command, start=None, every=False, timeout=60, **kwargs):
        """Sends the signal after the Nth call, counted from the first call with `start` in its path. Output goes to
        files, because processes that the program leaves running may hold a pipe open.
        """
        options = [*(["--all"] if every else []), *(["--from", start] if start else []),
                   "--report", str(self.report)]
        self.report.unlink(missing_ok=True)
        out, err = self.report.with_name("out"), self.report.with_name("err")
        with open(out, "wb") as stdout, open(err, "wb") as stderr:
            kwargs.setdefault("stdin", subprocess.DEVNULL)
            result = subprocess.run([self.program, *options, str(number), signal, "--", *command],
                                    stdout=stdout, stderr=stderr, timeout=timeout, check=False, **kwargs)
        texts = [path.read_text(errors="replace") for path in (out, err)]
        assert result.returncode in (0, 1), texts
        blow = Blow(self.report.read_text(), *texts)
        assert blow.struck == (result.returncode == 1)
        return blow

    def each(self, command, signal, first=1, most=2000, **kwargs):
        """Yields one run for each call, up to and including the run in which no signal was sent. The caller restores
        the state before the next run.
        """
        for number in range(first, most + 1):
            blow = self.run(number, signal, command, **kwargs)
            yield blow
            if not blow.struck:
                return
        pytest.fail(f"more than {most} calls: say where to start")


@pytest.fixture(scope="session")
def strike(tmp_path_factory):
    directory = tmp_path_factory.mktemp("strike")
    program = str(directory / "strike")
    subprocess.run([os.environ.get("CC", "gcc"), "-std=c17", "-D_GNU_SOURCE", "-O1", "-Wall", "-Wextra", "-Werror",
                    "-o", program, str(SOURCE)], check=True, timeout=120)
    tried = subprocess.run([program, "1000000", "KILL", "--", "true"], capture_output=True, timeout=60, check=False)
    if tried.returncode != 0:
        pytest.skip(f"programs cannot be traced here: {tried.stderr.decode(errors='replace').strip()}")
    return Strike(program, directory / "report")
