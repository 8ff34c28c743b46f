# SPDX-License-Identifier: MIT
"""What a command has of the process that starts cco: umask, resource limits, groups, terminal."""

import json
import os
import resource
import shutil
import subprocess

from conftest import CCO, ENGINE, IMAGE, only_if, open_to_all

USER, GROUP = 4242, 4711


def started_by(box, prepare, script):
    """Runs a script in a sandbox whose cco is started after prepare()."""
    run = subprocess.run([CCO, *IMAGE, "shell", script], cwd=box.project, env=box.env, stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=120, check=False, preexec_fn=prepare)
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def test_umask_is_that_of_the_caller(real):
    for mask in (0o077, 0o002):
        assert started_by(real, lambda: os.umask(mask), "umask; mkdir d; stat -c %a d; rmdir d") == \
            [f"{mask:04o}", f"{0o777 & ~mask:o}"]


def test_resource_limits_are_those_of_the_caller(real):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (300, 400))
        resource.setrlimit(resource.RLIMIT_STACK, (4 << 20, 4 << 20))

    assert started_by(real, limit, "ulimit -n; ulimit -H -n; ulimit -s") == ["300", "400", "4096"]


def test_limit_of_file_sizes_does_not_end_cco(real):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8 << 20, 8 << 20))

    assert started_by(real, limit, "ulimit -f; (dd if=/dev/zero of=big bs=1M count=9 2>/dev/null; true);"
                      "stat -c %s big; rm big") == [str((8 << 20) // 512), str(8 << 20)]


@only_if(os.geteuid() == 0 and not ENGINE.rootless, "the test changes to another user, whose groups the engine maps")
def test_project_of_a_group_can_be_written(real):
    base = real.home.parent
    shutil.copy(CCO, base / "cco")
    for path in (base, *base.rglob("*")):
        os.chown(path, USER, USER, follow_symlinks=False)
    open_to_all(base)
    os.chown(real.project, 0, GROUP)
    real.project.chmod(0o2775)
    engines = [str(os.stat(ENGINE.socket).st_gid)] if ENGINE.socket else []
    groups = ",".join([str(GROUP), *engines])
    script = "umask 002; echo x >new && stat -c '%u %g %a' new; echo; id -G; id -Gn >/dev/null && echo named"
    run = subprocess.run(["setpriv", f"--reuid={USER}", f"--regid={USER}", "--groups", groups, base / "cco", *IMAGE,
                          "shell", script], cwd=real.project, env=real.env, stdin=subprocess.DEVNULL,
                         capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    file, inside = run.stdout.split("\n\n")
    assert (real.project / "new").stat().st_gid == GROUP
    if not ENGINE.native:  # a native sandbox has the groups, but shows ids that it does not map as nobody's
        assert file == f"{USER} {GROUP} 664"
        assert inside.split("\n")[:2] == [f"{USER} {GROUP}", "named"]


def test_terminal_of_the_user_is_known(real):
    source = "xterm-of-the-user|made by a test,\n\tam, cols#80, clear=\\E[7Z,\n"
    (real.home / ".terminfo").mkdir()
    subprocess.run(["tic", "-o", real.home / ".terminfo", "-"], input=source, text=True, check=True)
    real.env["TERM"] = "xterm-of-the-user"
    run = real.cco(*IMAGE, "shell", "tput clear; echo; mkdir ~/.terminfo/y && echo more")
    assert (run.out, run.err) == ("\x1b[7Z\nmore\n", ""), run.err


def test_size_of_shared_memory(real):
    size = "df -B1 --output=size /dev/shm | tail -n 1"
    assert int(real.cco(*IMAGE, "shell", size).out) >= 1 << 30
    assert int(real.cco(*IMAGE, "--shm-size", "20m", "shell", size).out) == 20 << 20
    if ENGINE.limits and not ENGINE.native:
        assert int(real.cco(*IMAGE, "--memory", "64m", "shell", size).out) == 32 << 20


@only_if(os.geteuid() == 0 and not ENGINE.rootless, "the test is about root")
def test_root_is_told_about_the_project_of_another_user(real):
    os.chown(real.project, USER, USER)
    run = real.cco(*IMAGE, "shell", "touch x 2>/dev/null || echo no")
    assert run.out == "no\n" and "root in the sandbox cannot write to it" in run.err
    again = real.cco(*IMAGE, "shell", "true")
    assert again.err == ""
    project = json.loads(real.cco(*IMAGE, "info", "--json").out)["project"]
    assert not project["ready"] and "cannot write" in project["missing"][0]["text"]


@only_if(os.geteuid() == 0, "the test gives a directory to another user")
def test_runtime_directory_of_another_user_is_not_used(real, tmp_path):
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    os.chown(other, USER, USER)
    run = real.cco(*IMAGE, "shell", "echo up", env={"XDG_RUNTIME_DIR": str(other)})
    assert run.out == "up\n" and f"XDG_RUNTIME_DIR is {other}" in run.err
    assert not list(other.iterdir())
