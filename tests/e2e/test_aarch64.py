# SPDX-License-Identifier: MIT
"""The AArch64 release under qemu, without starting a session. `./build.sh test --flavour musl-aarch64 unit` runs its
unit tests.
"""

import json
import shutil
import subprocess

import pytest

from conftest import CCO, ROOT

OTHER = ROOT / "build" / "cco-aarch64"
QEMU = shutil.which("qemu-aarch64-static")

pytestmark = pytest.mark.skipif(QEMU is None or not OTHER.exists(),
                                reason="build/cco-aarch64 or qemu-user-static is not there")


def run(box, program, *arguments):
    return subprocess.run([*program, *arguments], cwd=box.project, env=box.env, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60, check=False)


def test_version_is_printed(box):
    got = run(box, [QEMU, str(OTHER)], "--version")
    assert got.returncode == 0, got.stderr
    assert got.stdout == run(box, [CCO], "--version").stdout


def test_plan_equals_the_plan_of_the_native_build(box, fake):
    arguments = ["--dry-run", "--env", "A=b", "--network", "bridge", "-p", b"gr\xc3\xbc\xc3\x9fe, \xff"]
    plans = []
    for program in ([QEMU, str(OTHER)], [CCO]):
        got = run(box, program, *arguments)
        assert got.returncode == 0, got.stderr
        assert b"sk-ant-e2e-secret" not in got.stdout
        text = got.stdout.decode(errors="surrogateescape")
        name = json.loads(text)["name"]
        plans.append(text.replace(name, "NAME").replace(str(OTHER), "CCO").replace(CCO, "CCO").splitlines())
    assert plans[0] == plans[1]


def test_usage_error_has_status_2(box):
    got = run(box, [QEMU, str(OTHER)], "--network", "moon")
    assert got.returncode == 2 and b"--network" in got.stderr and got.stdout == b""
