# SPDX-License-Identifier: MIT
"""Programs that are struck by a signal right after a chosen system call, see strike.c. For a test:

    from crash import strike  # noqa: F401  (a fixture)

    def test_it(strike, box):
        for blow in strike.each([CCO, "sync"], "KILL", start="credentials", env=box.env):
            assert whole(store)          # after each blow; the last one hit nothing
"""

import os
import pathlib
import re
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).resolve().parent / "strike.c"
LINE = re.compile(r"calls=(\d+) struck=(-?\d+) status=(exit|signal):(\d+)\n")


class Blow:
    """What came of one run: the calls that counted; whether it was struck, after which call (its number);
    how it ended: an exit status, or minus the number of a signal, as subprocess has it."""

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
        """Strikes at the Nth call, counted from the first one on that has `start` in its path. Output goes
        to files, since what the program leaves running may hold them open."""
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
        """One run for each call, until one is not struck; that one is yielded too. Whoever iterates puts
        things in order before the next run."""
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
