# SPDX-License-Identifier: MIT
"""The native sandbox on machines that forbid namespaces: when cco uses it, what it reports, and sessions in it."""

import json
import os
import shutil
import subprocess

import pytest

from landlock_only import NEEDED, LandlockOnly, alone, landlock_only, mark, nested, running  # noqa: F401
from conftest import CCO, TIMEOUT, docker_only, until, with_standin
from terminal import Terminal

pytestmark = NEEDED


@pytest.mark.parametrize("what, why", [("namespaces", "forbids new namespaces"), ("mounts", "forbids mounts")])
def test_weaker_sandbox_is_reported_in_one_line(box, what, why):
    landlock_only = LandlockOnly(box, what)
    result = landlock_only.cco("shell", "pwd; echo new > file; id -u; cat; exit 7", stdin=b"given\n")
    assert result.returncode == 7
    assert result.out == f"{landlock_only.project}\n{os.getuid()}\ngiven\n"
    assert why in alone(result.err)
    assert (landlock_only.project / "file").read_text() == "new\n"
    assert (landlock_only.project / "file").stat().st_uid == os.getuid()
    assert box.leftovers() == []


def test_exit_statuses(landlock_only):
    assert landlock_only.cco("shell", "kill -TERM $$").returncode == 143
    assert landlock_only.cco("shell", "no-such-program", "x").returncode == 127
    assert landlock_only.cco("shell", "/etc/passwd", "x").returncode == 126


def test_dry_run_shows_the_weaker_sandbox(landlock_only):
    result = landlock_only.cco("--dry-run", "shell")
    plan = json.loads(result.out)
    assert result.returncode == 0 and result.err == ""
    assert any("no namespaces (" in line for line in plan["warnings"])
    assert str(landlock_only.box.runtime) in json.dumps(plan["user"]) + json.dumps(plan)


def test_info_reports_the_confinement_that_works(landlock_only):
    result = landlock_only.cco("info", "--json")
    confinement = json.loads(result.out)["confinement"]
    works = {item["name"]: item["works"] for item in confinement["list"]}
    assert confinement["in_use"] and confinement["ready"] and confinement["sandbox"] == "landlock_only"
    assert works["landlock"] and works["filter"] and not works["namespaces"]
    assert "forbids new namespaces" in next(w["text"] for w in confinement["list"] if w["name"] == "namespaces")
    text = landlock_only.cco("info")
    assert "Landlock ABI" in text.out and "does not work: namespaces, processes, network" in text.out and text.err == ""
    none = json.loads(LandlockOnly(landlock_only.box, "namespaces,landlock").cco("info", "--json").out)
    assert none["confinement"]["sandbox"] == "none" and not none["ready"] and not none["confinement"]["ready"]
    assert landlock_only.box.leftovers() == []


def test_require_full_refuses_the_weaker_sandbox(landlock_only):
    result = landlock_only.cco("--require", "full", "shell", "touch started")
    assert result.returncode == 125 and "--require full" in result.err and "forbids new namespaces" in result.err
    assert not (landlock_only.project / "started").exists() and landlock_only.box.leftovers() == []


def test_without_landlock_either_nothing_runs(box):
    result = LandlockOnly(box, "namespaces,landlock").cco("shell", "touch started")
    assert result.returncode == 125 and "no Landlock either" in result.err
    assert not (box.project / "started").exists() and box.leftovers() == []


@pytest.mark.parametrize("call", ["clone", "mount"])
def test_other_faults_do_not_weaken_the_sandbox(box, call):
    result = LandlockOnly(box, f"io={call}").cco("shell", "touch started")
    assert result.returncode == 125 and "Landlock" not in result.err and result.err
    assert not (box.project / "started").exists() and box.leftovers() == []


@pytest.mark.parametrize("call", ["landlock", "landlock_add_rule", "landlock_restrict_self"])
def test_remaining_confinement_is_complete_or_nothing_runs(box, call):
    result = LandlockOnly(box, f"namespaces,io={call}").cco("shell", "touch started")
    assert result.returncode == 125 and "andlock" in result.err
    assert not (box.project / "started").exists() and box.leftovers() == []


def test_exhausted_namespace_limit_is_an_error(box):
    argv = nested("echo 0 > /proc/sys/user/max_user_namespaces")
    result = subprocess.run([*argv, CCO, "--engine", "native", "shell", "echo here"], capture_output=True,
                            cwd=box.project, env=box.env, text=True, timeout=TIMEOUT, check=False)
    assert (result.returncode, result.stdout) == (0, "here\n"), result.stderr
    assert alone(result.stderr) == "user.max_user_namespaces is 0"
    result = subprocess.run([*argv, CCO, "--engine", "native", "--require", "full", "shell", "echo here"],
                            capture_output=True, cwd=box.project, env=box.env, text=True, timeout=TIMEOUT, check=False)
    assert result.returncode == 125 and "sysctl user.max_user_namespaces=" in result.stderr


def test_covered_proc(box):
    argv = nested("mount --bind /dev/null /proc/uptime")
    result = subprocess.run([*argv, CCO, "--engine", "native", "shell", "echo here"], capture_output=True,
                            cwd=box.project, env=box.env, text=True, timeout=TIMEOUT, check=False)
    assert (result.returncode, result.stdout) == (0, "here\n"), result.stderr
    assert "parts of /proc are covered" in alone(result.stderr)


def test_session_on_a_terminal(landlock_only):
    terminal = Terminal(landlock_only.argv("shell"), landlock_only.env, landlock_only.project)
    terminal.wait_for(Terminal.is_raw)
    terminal.type("stty size; tty; exec sh -c 'trap \"stty size; exit 5\" INT; echo $((6 * 7))x; while :; do sleep 0.1; done'\n")
    terminal.wait_for("24 80").wait_for("/dev/pts/").wait_for("42x")
    terminal.resize(30, 100)
    terminal.type("\x03")
    terminal.wait_for("30 100")
    assert terminal.wait() == 5


@pytest.fixture
def claude(landlock_only):
    found = shutil.which("claude")
    if found is None:
        pytest.skip("no claude on this machine")
    landlock_only.env["PATH"] = f"{os.path.dirname(found)}:{landlock_only.env['PATH']}"
    yield from with_standin(landlock_only)


def test_real_claude_answers(claude):
    result = claude.cco("-p", "first question")
    assert (result.returncode, result.out) == (0, claude.standin.answer + "\n"), result.err
    alone(result.err)
    result = claude.cco("--continue", "-p", "second question")
    assert result.returncode == 0, result.err
    assert "first question" in claude.standin.said().splitlines()[-1]
    assert list((claude.home / ".claude" / "projects").iterdir()) and claude.box.leftovers() == []


def in_docker(engine_socket, *args):
    docker = shutil.which("docker")
    if docker is None:
        pytest.skip("no docker program")
    return subprocess.run([docker, "-H", f"unix://{engine_socket}", "run", "--rm", "-i", "-v",
                           f"{CCO}:/usr/local/bin/cco:ro", *args], capture_output=True, text=True,
                          timeout=TIMEOUT, check=False)


@docker_only("in a container of Docker's")
@pytest.mark.parametrize("options", [(), ("--user", "1234:1234", "-e", "HOME=/tmp/home"), ("--cap-drop", "ALL")])
def test_session_in_a_docker_container(box, engine_socket, options):
    if "--user" in options:
        os.chown(box.project, 1234, 1234)
    result = in_docker(engine_socket, "-v", f"{box.project}:/work", "-w", "/work", *options, "debian:trixie-slim",
                       "sh", "-c", "mkdir -p $HOME; cco --engine native shell "
                       "'echo made > file; cat /root/x; id -u; exit 9'; echo status $?; ls $HOME /tmp")
    assert "status 9" in result.stdout, result.stderr
    assert "cco: no namespaces (the container around cco forbids new namespaces)" in result.stderr
    assert (box.project / "file").read_text() == "made\n"


@docker_only("in a container of Docker's")
def test_container_that_allows_namespaces_gets_the_full_sandbox(box, engine_socket):
    result = in_docker(engine_socket, "-v", f"{box.project}:/work", "-w", "/work", "--security-opt", "seccomp=unconfined", "--security-opt",
                       "systempaths=unconfined", "debian:trixie-slim", "cco", "--engine", "native", "--require",
                       "full", "shell", "echo $$; ls -d /root; exit 3")
    assert result.returncode == 3 and not result.stderr.startswith("cco:"), result.stderr


def session_with_a_process(landlock_only, name):
    """A session on a terminal, and the mark of a process that runs in it."""
    sign = mark()
    terminal = Terminal(landlock_only.argv("--name", name, "shell"), landlock_only.env, landlock_only.project)
    terminal.wait_for(Terminal.is_raw)
    terminal.type(f"setsid sleep {sign} & echo $((6 * 7))x\n")
    terminal.wait_for("42x")
    until(lambda: running(sign))
    return sign, terminal


def test_background_session_is_attached_adopted_and_stopped(landlock_only):
    """The session is detached and attached, adopted after its cco was killed, and ended by stop."""
    sign, terminal = session_with_a_process(landlock_only, "b")
    terminal.type("\x1cd")
    assert terminal.wait() == 0
    listed = subprocess.run([CCO, "sessions", "--json"], env=landlock_only.env, cwd=landlock_only.project, capture_output=True, check=False)
    found = json.loads(listed.stdout)
    assert [s["name"] for s in found] == ["cco-b"], listed
    again = Terminal([CCO, "attach", "b"], landlock_only.env, landlock_only.project)
    again.wait_for("42x").wait_for(Terminal.is_raw)
    again.type("echo $((7 * 7))y\n")
    again.wait_for("49y")
    again.type("\x1cd")
    assert again.wait() == 0 and running(sign)
    stopped = subprocess.run([CCO, "stop", "b"], env=landlock_only.env, cwd=landlock_only.project, capture_output=True, check=False,
                             timeout=TIMEOUT)
    assert stopped.returncode == 0, stopped.stderr
    until(lambda: not running(sign))
    until(lambda: landlock_only.box.leftovers() == [])


def test_session_of_a_killed_cco_is_adopted(landlock_only):
    sign, terminal = session_with_a_process(landlock_only, "k")
    terminal.kill()
    again = Terminal([CCO, "attach", "k"], landlock_only.env, landlock_only.project)
    again.wait_for(Terminal.is_raw)
    again.type("echo $((7 * 7))y\n")
    again.wait_for("49y")
    assert running(sign)
    again.type("exit 4\n")
    assert again.wait() == 4
    until(lambda: not running(sign))
    assert landlock_only.box.leftovers() == []
