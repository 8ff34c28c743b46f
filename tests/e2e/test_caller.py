# SPDX-License-Identifier: MIT
"""What a command inherits from the process that starts cco: umask, resource limits, groups."""

import os
import resource
import stat
import subprocess

from conftest import CCO, ENGINE, IMAGE


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
