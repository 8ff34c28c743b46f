# SPDX-License-Identifier: MIT
"""Projects on an engine that does not see them, if a connection or a process is cut off: the work is kept and comes
back.
"""

import json
import os
import shutil
import signal
import subprocess

import pytest

from conftest import CCO, docker_only, until
from remote import IMAGE, archive, containers, engine, remote, killed, shell, start, sync, volumes

pytestmark = docker_only("a remote engine")

# fixtures, imported by name
__all__ = ["archive", "engine", "remote"]


def test_sync_fetches_the_work_of_a_killed_session(remote, engine):
    (remote.project / "a").write_text("one")
    killed(remote, "echo two >a; echo ready; sleep 1000")
    assert (remote.project / "a").read_text() == "one"
    until(lambda: containers(engine) == [])
    came = sync(remote)
    assert came["local"]["changed"] == 1
    assert (remote.project / "a").read_text() == "two\n"
    until(lambda: containers(engine) == [])
    shell(remote, "true").check()
    assert remote.leftovers() == []


def test_killed_session_seen_from_another_project(remote, engine):
    other = remote.home / "other"
    other.mkdir()
    killed(remote, "echo two >a; echo ready; sleep 1000")
    until(lambda: containers(engine) == [])
    told = shell(remote, "true", cwd=other).check().err
    assert f"run cco sync in {remote.project}" in told
    sync(remote)
    assert (remote.project / "a").read_text() == "two\n"


def test_next_session_fetches_the_work_of_a_killed_session(remote, engine):
    (remote.project / "a").write_text("one")
    killed(remote, "echo two >a; echo ready; sleep 1000")
    until(lambda: containers(engine) == [])
    result = shell(remote, "cat a").check()
    assert result.out == "two\n" and (remote.project / "a").read_text() == "two\n"
    assert "fetched from the session: 1 file changed" in result.err


def test_sync_while_a_session_runs(remote):
    (remote.project / "a").write_text("one")
    session = subprocess.Popen(
        [CCO, "shell", *IMAGE, "echo two >a; echo ready; read _; cat b"], cwd=remote.project, env=remote.env,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert session.stdout.readline() == b"ready\n"
    (remote.project / "b").write_text("from here")
    assert sync(remote)["local"]["changed"] == 1
    assert (remote.project / "a").read_text() == "two\n"
    out, _ = session.communicate(b"\n", timeout=60)
    assert out == b"from here"


@pytest.mark.parametrize("others", [True, False])
def test_file_that_was_fetched_and_removed_here_stays_removed(remote, others):
    """The session has not changed it since. It can be the only file of the project."""
    for path in remote.project.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if others:
        (remote.project / "a").write_text("one")
    session = subprocess.Popen(
        [CCO, "shell", *IMAGE, "echo made >f; echo ready; read _"], cwd=remote.project, env=remote.env,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert session.stdout.readline() == b"ready\n"
    assert sync(remote)["local"]["created"] == 1
    (remote.project / "f").unlink()
    session.communicate(b"\n", timeout=60)
    assert not (remote.project / "f").exists()
    assert sync(remote)["local"]["created"] == 0


def test_background_session_is_synchronized(remote, engine):
    result = shell(remote, "sleep 1; echo made >f", "--detach").check()
    name = result.out.strip()
    until(lambda: remote.leftovers() == [])
    assert (remote.project / "f").read_text() == "made\n"
    told = shell(remote, "true").check().err
    assert f"{name}: fetched from the session: 1 new" in told


def test_stopped_session_is_synchronized(remote):
    """stop returns after the last changes of the session have been fetched."""
    command = "trap 'echo end >g; exit' HUP TERM; echo made >f; while :; do sleep 0.1; done"
    name = shell(remote, command, "--detach").check().out.strip()
    until(lambda: sync(remote) and (remote.project / "f").exists())
    assert remote.cco("stop", name).returncode == 0
    assert (remote.project / "g").read_text() == "end\n"


def test_adopted_session_is_synchronized(remote, engine):
    name = shell(remote, "echo made >f; sleep 3; echo more >>f", "--detach").check().out.strip()
    found = json.loads(remote.cco("sessions", "--json").out)
    os.kill(found[0]["pid"], signal.SIGKILL)
    until(lambda: json.loads(remote.cco("sessions", "--json").out)[0]["state"] == "orphaned")
    result = remote.cco("attach", "--wait", name)
    assert result.returncode == 0, result.err
    assert (remote.project / "f").read_text() == "made\nmore\n"
    assert remote.leftovers() == []


def test_work_survives_a_killed_engine(box, archive, tmp_path_factory):
    engine = start(archive, tmp_path_factory.getbasetemp())
    try:
        box.use(engine.socket)
        (box.project / "a").write_text("one")
        session = subprocess.Popen(
            [CCO, "shell", *IMAGE, "echo two >a; sync; echo ready; sleep 1000"], cwd=box.project,
            env=box.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert session.stdout.readline() == b"ready\n"
        engine.kill()
        _, err = session.communicate(timeout=60)
        assert session.returncode == 125 and err
        assert (box.project / "a").read_text() == "one"
        engine.start()
        assert sync(box)["local"]["changed"] == 1
        assert (box.project / "a").read_text() == "two\n"
    finally:
        engine.close()


def test_removed_volume_deletes_nothing_here(remote, engine):
    (remote.project / "a").write_text("one")
    shell(remote, "true").check()
    for name in volumes(engine):
        engine.call("DELETE", f"/volumes/{name}")
    assert shell(remote, "cat a").check().out == "one"
    assert (remote.project / "a").read_text() == "one"
