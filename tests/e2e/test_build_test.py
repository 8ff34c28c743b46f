# SPDX-License-Identifier: MIT
"""The names that `./build.sh test` accepts. Nothing is built or run here."""

import os
import subprocess

import pytest

from conftest import ROOT

BUILD = ROOT / "build.sh"
pytestmark = pytest.mark.skipif(not BUILD.exists(), reason="build.sh is not in this copy of the tests")


def run(*args):
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    return subprocess.run([BUILD, "test", *args], capture_output=True, text=True, timeout=60, env=env, check=False)


def listed():
    result = run("--list")
    assert result.returncode == 0, result.stderr
    return {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()}


def test_list_has_parts_and_every_test_file():
    names = listed()
    assert names["unit"][0] == names["e2e"][0] == "part:"
    assert {"unit", "replay"} <= set(names["tar_read"])
    for kind, pattern in (("unit", "unit/test_*.c"), ("replay", "fuzz/fuzz_*.c"), ("torture", "torture/torture_*.c"),
                          ("e2e", "e2e/test_*.py")):
        for path in (ROOT / "tests").glob(pattern):
            name = path.stem.split("_", 1)[1]
            assert kind in names[name] or names[name][0] == "part:", path


@pytest.mark.parametrize("name, near", [("tarread", "tar_read"), ("unti", "unit"), ("sesion", "session")])
def test_unknown_name_is_refused_with_a_near_one(name, near):
    result = run(name)
    assert result.returncode == 2 and result.stdout == ""
    assert f'no part and no test is named "{name}"; did you mean "{near}"?' in result.stderr
    assert "--list" in result.stderr


@pytest.mark.parametrize("args", [["tar_read", "tarread"], ["unit", ""], ["../tar_read"], ["tar_read or relay"], ["."], ["-k"], ["--flavour"],
                                  ["--flavour", "gcc", "tar_read"], ["--no-engine"]])
def test_one_wrong_argument_refuses_the_whole_command(args):
    result = run(*args)
    assert result.returncode == 2 and result.stdout == "" and result.stderr.startswith("build.sh: test: "), result.stderr
