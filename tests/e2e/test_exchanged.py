# SPDX-License-Identifier: MIT
"""Directories that somebody exchanges between cco's look at them and the engine's mount."""

import shlex
import socket
import threading

import pytest

from conftest import docker_only

pytestmark = docker_only("between cco and an engine")


class Between:
    """Stands between cco and the engine, and acts as another session's agent right before a container is made."""

    def __init__(self, box, engine_socket, action):
        self.engine, self.action = engine_socket, action
        self.listener = socket.socket(socket.AF_UNIX)
        path = str(box.runtime / "between")
        self.listener.bind(path)
        self.listener.listen(8)
        box.use(path)
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                left, _ = self.listener.accept()
            except OSError:
                return
            right = socket.socket(socket.AF_UNIX)
            right.connect(self.engine)
            for one, other in ((left, right), (right, left)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    def pump(self, one, other):
        try:
            while data := one.recv(65536):
                if b"/containers/create" in data and self.action:
                    self.action, action = None, self.action
                    action()
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@pytest.mark.parametrize("what", ["project", "repository"])
@pytest.mark.parametrize("by", ["link", "directory"])
def test_exchanged_between_the_look_and_the_mount(real, own_image, engine_socket, what, by):
    """A session in a directory above, or in a worktree's repository, could lead another one anywhere."""
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
    between = Between(real, engine_socket, exchange)
    result = real.cco("shell", f"cat {shlex.quote(str(victim))}/f; echo evil > {shlex.quote(str(victim))}/new", cwd=project)
    between.listener.shutdown(socket.SHUT_RDWR)  # its thread goes before its number can be another's
    between.thread.join()
    between.listener.close()
    assert result.returncode == 125 and "exchanged for another directory" in result.err, result.err
    assert result.out == "" and not list(real.home.rglob("new")) and real.leftovers() == []
