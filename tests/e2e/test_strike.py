# SPDX-License-Identifier: MIT
"""The tool that kills programs after a chosen system call works as described, shown with small programs."""

import os
import signal
import subprocess
import time

from crash import strike  # noqa: F401

# Replaces a file correctly. The calls are those of the traced process itself.
REPLACE = ["python3", "-ISc", """
import os
fd = os.open("f.tmp", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
os.write(fd, b"new")
os.fsync(fd)
os.close(fd)
os.rename("f.tmp", "f")
os.mkdir("end")
"""]
SCRIPT = ["sh", "-c", "echo one >file1; echo two >file2; : >file3"]


def tidy(place):
    for path in place.iterdir():
        path.rmdir() if path.is_dir() else path.unlink()


def test_a_program_that_is_not_struck_ends_as_it_would(strike, tmp_path):
    blow = strike.run(100000, "KILL", ["sh", "-c", "echo out; echo err >&2; exit 7"], cwd=tmp_path)
    assert (blow.struck, blow.status, blow.out, blow.err) == (False, 7, "out\n", "err\n")
    assert blow.calls >= 2


def test_programs_own_signals_reach_it(strike, tmp_path):
    blow = strike.run(100000, "KILL", ["sh", "-c", "trap 'echo caught' USR1; kill -USR1 $$; kill -9 $$"], cwd=tmp_path)
    assert (blow.struck, blow.status, blow.out) == (False, -signal.SIGKILL, "caught\n")


def test_script_is_killed_after_each_call(strike, tmp_path):
    """Files appear in their order; the later the kill, the more of them exist."""
    seen = []
    for blow in strike.each(SCRIPT, "KILL", start="file1", cwd=tmp_path):
        files = [tmp_path / f"file{i}" for i in (1, 2, 3)]
        seen.append(tuple(file.read_text() if file.exists() else None for file in files))
        assert blow.status == (-signal.SIGKILL if blow.struck else 0)
        tidy(tmp_path)
    assert seen[0] == ("", None, None)
    assert seen[-1] == seen[-2] == ("one\n", "two\n", "")
    order = [("", None, None), ("one\n", None, None), ("one\n", "", None), ("one\n", "two\n", None),
             ("one\n", "two\n", "")]
    assert [state for i, state in enumerate(seen) if i == 0 or state != seen[i - 1]] == order


def test_a_replaced_file_is_the_old_or_the_new_one(strike, tmp_path):
    seen = set()
    for blow in strike.each(REPLACE, "KILL", start="f.tmp", cwd=tmp_path):
        seen.add((tmp_path / "f").read_text() if (tmp_path / "f").exists() else None)
        assert (tmp_path / "end").exists() or blow.struck
        tidy(tmp_path)
        (tmp_path / "f").write_text("old")
    assert seen == {None, "old", "new"}


def test_named_call_counts_as_the_first(strike, tmp_path):
    assert strike.run(1, "KILL", REPLACE, start="f.tmp", cwd=tmp_path).struck
    assert (tmp_path / "f.tmp").read_text() == ""
    assert strike.run(1, "KILL", REPLACE, start="end", cwd=tmp_path).struck
    assert (tmp_path / "f").read_text() == "new" and (tmp_path / "end").exists()
    blow = strike.run(1, "KILL", REPLACE, start="no such path", cwd=tmp_path)
    assert (blow.struck, blow.calls, blow.status) == (False, 0, 1)  # "end" exists already


def test_second_path_of_a_rename_counts(strike, tmp_path):
    program = ["python3", "-ISc", "import os; os.rename('x', 'target'); os.mkdir('y')"]
    (tmp_path / "x").write_text("")
    assert strike.run(1, "KILL", program, start="target", cwd=tmp_path).struck
    assert (tmp_path / "target").exists() and not (tmp_path / "y").exists()


def test_after_sigterm_the_program_goes_on(strike, tmp_path):
    program = ["python3", "-ISc", "import os, signal\n"
               "signal.signal(signal.SIGTERM, lambda *_: open('caught', 'w').close())\n"
               "os.mkdir('first')\nos.mkdir('second')\nraise SystemExit(5)"]
    blow = strike.run(1, "TERM", program, start="first", cwd=tmp_path)
    assert (blow.struck, blow.calls, blow.status) == (True, 1, 5)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["caught", "first", "second"]
    blow = strike.run(1, "TERM", ["sh", "-c", ": >third; : >fourth"], start="third", cwd=tmp_path)
    assert (blow.struck, blow.status) == (True, -signal.SIGTERM)
    assert (tmp_path / "third").exists() and not (tmp_path / "fourth").exists()


def test_children_are_neither_counted_nor_killed(strike, tmp_path):
    script = "(while [ ! -e go ]; do sleep 0.01; done; for i in 1 2 3 4 5 6 7 8; do : >$i; done) & : >mine; : >never"
    blow = strike.run(1, "KILL", ["sh", "-c", script], start="mine", cwd=tmp_path)
    assert blow.struck and not (tmp_path / "never").exists()
    (tmp_path / "go").write_text("")
    deadline = time.monotonic() + 30
    while not (tmp_path / "8").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_every_call_counts_if_requested(strike, tmp_path):
    some = strike.run(100000, "KILL", ["true"], cwd=tmp_path)
    every = strike.run(100000, "KILL", ["true"], every=True, cwd=tmp_path)
    assert every.calls > some.calls


def test_stopped_program_continues_on_sigcont(strike, tmp_path):
    script = ("(i=0; while [ ! -e after ] && [ $i -lt 3000 ]; do kill -CONT $$; sleep 0.01; i=$((i+1)); done) & "
              "kill -STOP $$; : >after; exit 3")
    blow = strike.run(100000, "KILL", ["sh", "-c", script], cwd=tmp_path)
    assert (blow.struck, blow.status) == (False, 3) and (tmp_path / "after").exists()


def test_invalid_arguments_are_refused(strike):
    for words in ([], ["1", "KILL"], ["0", "KILL", "--", "true"], ["1", "NONE", "--", "true"], ["x", "9", "--", "true"],
                  ["--what", "1", "9", "--", "true"], ["1", "9", "--", "/nonexistent"], ["1", "9", "true", "x"]):
        result = subprocess.run([strike.program, *words], capture_output=True, timeout=60, check=False)
        assert result.returncode == 2 and result.stderr, words


def test_nothing_it_traces_outlives_it(strike, tmp_path):
    child = subprocess.Popen([strike.program, "100000", "KILL", "--", "sh", "-c", "echo $$ >pid.tmp; mv pid.tmp pid; sleep 600"],
                             cwd=tmp_path)
    deadline = time.monotonic() + 30
    while not (tmp_path / "pid").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    child.kill()
    child.wait()
    traced = int((tmp_path / "pid").read_text())
    while os.path.exists(f"/proc/{traced}"):
        assert time.monotonic() < deadline
        with open(f"/proc/{traced}/stat", encoding="ascii", errors="replace") as f:
            if f.read().rsplit(")", 1)[1].split()[0] == "Z":  # no process has waited for it yet
                break
        time.sleep(0.01)
