# SPDX-License-Identifier: MIT
"""An earlier or a simultaneous session puts links where the next session mounts something. In a native session nothing
of the host can be reached through them. The test plants links before the session, or exchanges directories for links
as fast as this machine can while the session starts.
"""

import ctypes
import os
import shutil
import sys
import threading

import pytest

from conftest import TIMEOUT
from escape_world import PROGRAM, World, native
from test_state import SHARED

EXCHANGE = 2  # RENAME_EXCHANGE

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Linux only"),
    pytest.mark.skipif(not PROGRAM.exists(), reason="tests/escape is not built: run ./build.sh test"),
]


@pytest.fixture
def world():
    w = World(os.getuid(), os.getgid())
    w.argv = native(w)
    yield w
    w.close()


def session(world, script, *options):
    result = world.call([*world.argv[:-1], *options, "shell", script], timeout=TIMEOUT)
    assert result.returncode in (0, 1, 2, 125), result.stderr
    assert world.mark not in result.stdout, result.stdout
    if result.returncode == 125:
        assert result.stderr.startswith("cco: "), result.stderr
    return result


def private(state):
    """Returns the tree without the data that claude on the host and in the sandbox share."""
    shared = {name for name, _ in SHARED}
    return {k: v for k, v in state.items() if not (k.startswith(".claude/") and k.split("/")[1] in shared)}


def own_directory(world):
    found = list((world.home / ".local" / "share" / "cco" / "claude").iterdir())
    assert len(found) == 1
    return found[0]


def replace(path, kind, target):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "file":
        path.write_text("x")
    elif kind == "directory":
        path.mkdir()
    else:
        path.symlink_to({"link": target, "up": "../" * 12 + str(target)[1:], "dangling": "/nowhere/at/all"}[kind])


@pytest.mark.parametrize("kind", ["link", "up", "dangling", "pipe", "file", "directory"])
def test_links_left_in_claudes_directory_are_not_followed(world, kind):
    assert session(world, "true").returncode == 0
    own = own_directory(world)
    entries = sorted(entry.name for entry in own.iterdir())
    assert {"image-cache", "todos", "history.jsonl"} <= set(entries)
    before = private(world.state())
    for name in entries:
        kept = world.base / "kept"
        is_dir = (own / name).is_dir()
        shutil.move(own / name, kept)
        replace(own / name, kind, world.home / (".ssh" if is_dir else ".netrc"))
        session(world, f"cat ~/.claude/{name} ~/.claude/{name}/*; echo evil > ~/.claude/{name}/evil; "
                       f"echo evil > ~/.claude/{name}; true")
        replace(own / name, "file", None)
        (own / name).unlink()
        shutil.move(kept, own / name)
    assert private(world.state()) == before
    assert world.leftovers() == []


@pytest.mark.parametrize("name", [".git", ".git/hooks", ".claude", ".env", ".mcp.json", ".envrc"])
def test_planted_links_in_the_project_lead_nowhere(world, name):
    """The link is visible inside, and leads nowhere."""
    before = world.state()
    path = world.project / name
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(world.home / (".netrc" if "." in name[1:] or name == ".env" else ".ssh"))
    session(world, f"cat {name} {name}/*; echo evil > {name}; echo evil > {name}/evil; true")
    assert world.state() == before


class Exchanger:
    """Exchanges two names for one directory in a loop."""

    def __init__(self, directory, one, other):
        self.stop = False
        self.fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        self.names = one.encode(), other.encode()
        self.count = 0
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        call = ctypes.CDLL(None, use_errno=True).renameat2
        while not self.stop:
            if call(self.fd, self.names[0], self.fd, self.names[1], EXCHANGE) == 0:
                self.count += 1

    def end(self):
        self.stop = True
        self.thread.join()
        os.close(self.fd)


@pytest.mark.parametrize("option", ["--ro", "--deny", "--add-dir"])
def test_project_directory_exchanged_for_a_link_during_the_start(world, option):
    (world.project / "vendor").mkdir()
    (world.project / "vendor" / "id_ed25519").write_text("fine\n")
    (world.project / "swapped").symlink_to(world.home / ".ssh")
    before = world.state()
    exchanger = Exchanger(world.project, "vendor", "swapped")
    try:
        for _ in range(25):
            session(world, "cat vendor/id_ed25519 vendor/known_hosts; echo evil > vendor/evil", option, "vendor")
    finally:
        exchanger.end()
    assert exchanger.count > 100
    assert world.state() == before


def test_entries_of_ccos_own_directory_cannot_be_exchanged(world):
    """A sandbox can write in them, but it cannot put a link in place of them for the next session."""
    session(world, "true")
    own = own_directory(world)
    before = {entry.name: entry.lstat().st_ino for entry in own.iterdir() if entry.name != ".exchanged"}
    assert {"image-cache", "todos", "history.jsonl"} <= set(before)
    session(world, "for n in %s; do mv ~/.claude/$n ~/.claude/old; rm -rf ~/.claude/$n; ln -sfn ~/.ssh ~/.claude/$n; "
                   "mv -T ~/decoy ~/.claude/$n; done; true" % " ".join(before))
    assert {entry.name: entry.lstat().st_ino for entry in own.iterdir() if entry.name != ".exchanged"} == before
    assert not any(entry.is_symlink() for entry in own.iterdir())
