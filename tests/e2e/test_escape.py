# SPDX-License-Identifier: MIT
"""The escape suite (tests/escape): several hundred attempts to get out, in sessions of every kind and, as the control,
outside of any sandbox. Each attempt ends as its table says, and the host is unchanged.
"""

import re
import os
import pwd
import shutil
import subprocess
import sys

import pytest

from landlock_only import FORBID, LANDLOCK, PYTHON
from conftest import ENGINE, docker_only, only_if
from escape_world import PROGRAM, World, native
from test_session import IMAGE

LEAST = 60
ROOT = os.getuid() == 0

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Linux only"),
    pytest.mark.skipif(not PROGRAM.exists(), reason="tests/escape is not built: run ./build.sh test"),
]


def an_ordinary_user():
    """A native sandbox does not depend on which user this is."""
    try:
        found = pwd.getpwnam("cco-test")
        return found.pw_uid, found.pw_gid
    except KeyError:
        return 54321, 54321


@pytest.fixture
def world(request):
    w = World(*request.param)
    yield w
    w.close()


US = [pytest.param((os.getuid(), os.getgid()), id="us")]
EACH = [pytest.param((0, 0), id="root"), pytest.param(an_ordinary_user(), id="user")] if ROOT else US


def place_for(world, place):
    return place if world.uid == 0 else {"native": "user"}.get(place, f"{place}-user")


def holds(world, place, argv, network=True, modes=True, terminal=False):
    """Asserts that all attempts end as they should, that nothing of the host has changed, and that no process was
    affected.
    """
    before, bait = world.state(modes), world.bait()
    world.facts.update({"shared-network": "yes"} if network else {})
    report = world.run(place, argv, bait, terminal=terminal)
    touched = bait.touched()
    assert set(report.ends) == set(world.names), report.said + report.text[-2000:]
    assert report.wrong == [], "\n".join([report.said, *report.wrong])
    assert len(report.ends) - len(report.skipped) >= LEAST
    after = world.state(modes)
    assert {k: v for k, v in after.items() if k in before} == before
    own = ".claude/projects/" + re.sub("[^a-zA-Z0-9]", "-", str(world.project))  # made by cco
    assert [k for k in after if "evil" in k or "cco-escape" in k.removeprefix(own)] == []
    assert touched <= ({"the port"} if network else set()), touched
    assert report.status == 0
    return report


def test_every_attempt_has_a_reason():
    lines = subprocess.run([PROGRAM, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split("\t") for line in lines]
    assert len(rows) >= LEAST and len({row[0] for row in rows}) == len(rows)
    assert all(len(row) == 3 and all(row) for row in rows)


@pytest.mark.parametrize("world", US, indirect=True)
def test_attempts_succeed_outside_of_any_sandbox(world):
    """The control: an attempt that fails outside as well would show nothing."""
    bait = world.bait()
    report = world.run("out" if ROOT else "out-user", [], bait, shown=world.program)
    touched = bait.touched()
    assert set(report.ends) == set(world.names), report.text[-2000:]
    assert report.wrong == [], "\n".join(report.wrong)
    got = [name for name, end in report.ends.items() if end == "OPEN"]
    assert len(got) >= (150 if ROOT else 100), len(got)
    assert touched >= {"the port", "the socket at a path", "the abstract socket", "the abstract socket of datagrams",
                       "by a signal", "in its memory", "the shared memory"}


@pytest.mark.parametrize("world", EACH, indirect=True)
def test_attempts_fail_in_a_native_sandbox(world):
    holds(world, place_for(world, "native"), native(world))


@pytest.mark.parametrize("world", US, indirect=True)
def test_attempts_fail_in_a_native_sandbox_on_a_terminal(world):
    holds(world, "tty", native(world), terminal=True)


@only_if(ENGINE.name == "docker", "one engine is enough to see what a terminal adds")
@pytest.mark.parametrize("world", US, indirect=True)
def test_attempts_fail_in_a_container_on_a_terminal(world, engine_socket):
    world.env.update(ENGINE.env)
    holds(world, "docker-tty", [world.cco, *IMAGE, "--name", world.name, "shell"], terminal=True)


@pytest.mark.parametrize("world", US, indirect=True)
def test_attempts_fail_without_a_network(world):
    holds(world, "none", native(world, "--network", "none"), network=False)


@pytest.mark.parametrize("world", EACH, indirect=True)
def test_attempts_fail_with_allow_userns(world):
    holds(world, place_for(world, "userns"), native(world, "--allow-userns"))


@pytest.mark.parametrize("world", EACH[-1:], indirect=True)
def test_attempts_fail_with_subids(world):
    """Files with the subordinate ids can be made inside, but nothing more of the host can be reached."""
    if shutil.which("newuidmap") is None or world.uid == 0:
        pytest.skip("no newuidmap, or only root to try it")
    holds(world, "subids", native(world, "--subids"))


@pytest.mark.skipif(LANDLOCK < 6, reason="Landlock of this kernel sees neither signals nor abstract sockets")
@pytest.mark.parametrize("world", EACH, indirect=True)
def test_attempts_fail_with_landlock_only(world):
    holds(world, place_for(world, "landlock-only"),
          [PYTHON, FORBID, "namespaces", world.cco, "--engine", "native", "--name", world.name, "shell"], modes=False)


def whose_group():
    """Returns the group that may read the password file of this machine, or None if that group is root's."""
    try:
        st = os.stat("/etc/shadow")
    except FileNotFoundError:
        return None
    return st.st_gid if st.st_gid != 0 and st.st_mode & 0o040 else None


@pytest.mark.skipif(not ROOT or whose_group() is None, reason="no group may read /etc/shadow, or we are not root")
@pytest.mark.parametrize("world", [pytest.param((*an_ordinary_user(), [whose_group()]), id="user")], indirect=True)
@pytest.mark.parametrize("landlock_only", [False, True], ids=["namespaces", "landlock-only"])
def test_supplementary_groups_give_no_access(world, landlock_only):
    """Only root can leave a supplementary group, so cco must deny the files that the group may read."""
    assert world.call(["/usr/bin/head", "-n", "1", "/etc/shadow"]).stdout.startswith("root:")
    start = native(world)
    if landlock_only:
        start = [PYTHON, FORBID, "namespaces", *start]
    holds(world, place_for(world, "landlock-only" if landlock_only else "native"), start, modes=not landlock_only)


@docker_only("test_attempts_fail_in_a_native_sandbox is that")
@pytest.mark.parametrize("world", US, indirect=True)
def test_attempts_fail_in_a_container(world, engine_socket):
    world.env.update(ENGINE.env)
    holds(world, ENGINE.name, [world.cco, *IMAGE, "--name", world.name, "shell"])
