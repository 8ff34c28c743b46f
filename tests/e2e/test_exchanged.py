# SPDX-License-Identifier: MIT
"""Another process exchanges directories between the moment when cco examines them and the moment when the engine mounts
them.
"""

import shlex

import pytest

from conftest import docker_only
from wiretap import Wiretap

pytestmark = docker_only("between cco and an engine")


def between(box, engine_socket, action):
    """Stands between cco and the engine, and acts as the agent of another session right before a container is created."""
    actions = [action]

    def act(data):
        if b"/containers/create" in data and actions:
            actions.pop()()
        return data
    tap = Wiretap(engine_socket, act)
    box.use(tap.socket)
    return tap


@pytest.mark.parametrize("what", ["project", "repository"])
@pytest.mark.parametrize("by", ["link", "directory"])
def test_directory_exchanged_before_the_engine_mounts_it_is_noticed(real, own_image, engine_socket, what, by):
    """A session in a directory above, or in a worktree's repository, could otherwise redirect the mounts of another
    session.
    """
    secret = real.home / "secrets"
    secret.mkdir()
    (secret / "f").write_text("of-the-host")
    above = real.home / "above"
    project, victim = above / "sub", above / "sub"
    project.mkdir(parents=True)
    if what == "repository":
        victim = real.home / "main" / ".git"
        tree = victim / "worktrees" / "w"
        tree.mkdir(parents=True)
        (victim / "HEAD").write_text("ref: refs/heads/main\n")
        (tree / "gitdir").write_text(f"{project}/.git\n")
        (project / ".git").write_text(f"gitdir: {tree}\n")
    assert real.cco("shell", "true", cwd=project).returncode == 0

    def exchange():
        victim.rename(victim.parent / "old")
        victim.symlink_to(secret) if by == "link" else secret.rename(victim)
    tap = between(real, engine_socket, exchange)
    result = real.cco("shell", f"cat {shlex.quote(str(victim))}/f; echo evil > {shlex.quote(str(victim))}/new", cwd=project)
    tap.close()
    assert result.returncode == 125 and "was replaced by another directory" in result.err, result.err
    assert result.out == "" and not list(real.home.rglob("new")) and real.leftovers() == []
