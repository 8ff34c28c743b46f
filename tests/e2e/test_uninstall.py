# SPDX-License-Identifier: MIT
"""cco uninstall removes what cco made, and nothing else."""

import json
import shutil
import subprocess

from conftest import CCO, native_only, until
from terminal import Terminal
from test_json_schemas import Schema


def installed(real):
    """A copy of cco in the home, a session that runs, a backup and a configuration."""
    program = real.home / ".local" / "bin" / "cco"
    program.parent.mkdir(parents=True)
    shutil.copy(CCO, program)
    (real.home / ".config" / "cco").mkdir(parents=True)
    (real.home / ".config" / "cco" / "config").write_text("timing = false\n")
    backups = real.home / ".local" / "share" / "cco" / "backups"
    backups.mkdir(parents=True)
    (backups / "x").write_text("x")
    (real.home / "mine").write_text("mine")
    assert real.cco("--engine", "native", "--detach", "--name", "held", "shell", "exec sleep 1000").returncode == 0
    until(lambda: "held" in real.cco("sessions").out)
    return program


def files(real):
    return sorted(str(p.relative_to(real.home)) for p in real.home.rglob("*") if p.is_file())


def run(box, program, *words):
    """Runs the copy. Only natively all of it can be removed, because the engine of the tests has other images of cco's."""
    return subprocess.run([program, "--engine", "native", "uninstall", *words], cwd=box.project, env=box.env, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=60, check=False)


def left(real):
    return [path for path in files(real) if "cco" in path]


@native_only("it removes images that other tests use")
def test_uninstall_removes_what_cco_made(real):
    program = installed(real)
    before = files(real)
    result = run(real, program, "--dry-run", "--json")
    assert result.returncode == 0, result.stderr
    plan = json.loads(result.stdout)
    Schema("cco uninstall").check(plan)
    assert plan["removed"]["sessions"] == ["cco-held"] and str(program) in plan["removed"]["files"]
    assert files(real) == before and "held" in real.cco("sessions").out
    result = run(real, program, "--yes")
    assert result.returncode == 0, result.stderr
    assert "removed session cco-held\n" in result.stdout and f"removed {program}\n" in result.stdout
    assert left(real) == [".config/cco/config"] and (real.home / "mine").exists()
    assert not (real.home / ".local/share/cco").exists() and not (real.home / ".local/state/cco").exists()
    assert json.loads(real.cco("sessions", "--json").out) == []


def test_uninstall_asks_about_the_configuration_apart(box):
    program = box.home / ".local" / "bin" / "cco"
    program.parent.mkdir(parents=True)
    shutil.copy(CCO, program)
    (box.home / ".config" / "cco").mkdir(parents=True)
    for answers, there in (("n", (True, True)), ("yn", (False, True)), ("yy", (False, False))):
        shutil.copy(CCO, program)
        terminal = Terminal([str(program), "--engine", "native", "uninstall"], box.env, box.project, cols=200)
        terminal.wait_for("remove all of this? [y/N]").type(answers[0] + "\r")
        assert "end these sessions" not in terminal.text() and "Backups" not in terminal.text()
        if len(answers) > 1:
            terminal.wait_for("remove your configuration as well").type(answers[1] + "\r")
        assert terminal.wait() == 0, terminal.text()
        assert (program.exists(), (box.home / ".config" / "cco").exists()) == there
