# SPDX-License-Identifier: MIT
"""cco cleanup removes exactly cco's own leftovers, also if sessions start and end at the same time."""

import json
import os
import re
import socket
import subprocess
import threading
import time
import urllib.parse

import pytest

from conftest import CCO, ENGINE, IMAGE, docker_only, killed_session, until
from fake import reply
from terminal import Terminal


# The states of a session after its cco was killed.
ENDS, ENDED = ("stop session", "stopped session") if ENGINE.native else ("remove container", "removed container")


def containers(api, **labels):
    filters = json.dumps({"label": [f"{k}={v}" for k, v in {"cco": "1", **labels}.items()]})
    status, text = api("GET", f"/v1.41/containers/json?all=1&filters={urllib.parse.quote(filters)}")
    assert status == 200
    return json.loads(text)


def of_project(api, box):
    return containers(api, **{"cco.project": box.project})


@pytest.fixture
def alone(api):
    """Skips the test if other sessions run, because --all would end them."""
    if not ENGINE.native and [c for c in containers(api, **{"cco.uid": os.getuid()}) if c["State"] == "running"]:
        pytest.skip("sessions run on this engine that are not the tests'")


@pytest.fixture
def make(api):
    """Makes containers that are not cco's, and removes them afterwards."""
    made = []

    def make(name, labels, start=False):
        body = json.dumps({"Image": "debian:trixie-slim", "Cmd": ["sleep", "1000"], "Labels": labels})
        status, text = api("POST", f"/v1.41/containers/create?name={name}", body)
        assert status == 201, text
        made.append(json.loads(text)["Id"])
        if start:
            assert api("POST", f"/v1.41/containers/{made[-1]}/start")[0] == 204
        return made[-1]
    yield make
    for one in made:
        api("DELETE", f"/v1.41/containers/{one}?force=1")


def exists(api, one):
    return api("GET", f"/v1.41/containers/{one}/json")[0] == 200


@docker_only("containers that are not of cco")
def test_containers_of_other_programs_stay(real, api, alone, make):
    other = make("cco-foreign-1", {"cco": "1", "cco.uid": str(os.getuid() + 1), "cco.project": "/x"})
    similar = make("cco-app-1a2b", {"app": "cco"})
    other_runs = make("cco-foreign-2", {"cco": "1", "cco.uid": str(os.getuid() + 1)}, start=True)
    half = make("cco-foreign-3", {"cco.uid": str(os.getuid())})
    mine = make("cco-mine-1", {"cco": "1", "cco.uid": str(os.getuid()), "cco.project": str(real.project)}, start=True)
    api("POST", f"/v1.41/containers/{mine}/kill")
    until(lambda: not json.loads(api("GET", f"/v1.41/containers/{mine}/json")[1])["State"]["Running"])
    result = real.cco("cleanup", "--all", "--yes")
    assert result.returncode == 0 and f"removed container cco-mine-1 ({real.project})" in result.out
    assert all(exists(api, one) for one in (other, similar, other_runs, half)) and not exists(api, mine)
    assert "cco-foreign" not in result.out and "1a2b" not in result.out


def orphan(box, name):
    """A session whose cco was killed; its container keeps running."""
    terminal = Terminal([CCO, *IMAGE, "--name", name, "shell", "echo rea''dy; exec sleep 1000"], box.env, box.project)
    terminal.wait_for("ready")
    terminal.kill()
    terminal.close()


def test_running_sessions_are_stopped_only_after_confirmation(real, api, alone):
    orphan(real, "orphan")
    live = Terminal([CCO, *IMAGE, "--name", "live", "shell", "trap 'echo by''e; exit 3' TERM HUP; echo rea''dy; while :; do sleep 0.1; done"],
                    real.env, real.project)
    try:
        live.wait_for("ready")
        result = real.cco("cleanup")
        assert result.returncode == 0 and result.out.count(" alone: it runs (--all ends it, too)") == 2
        result = real.cco("cleanup", "--all")
        assert result.returncode == 2 and "--yes" in result.err
        before = real.leftovers()
        result = real.cco("cleanup", "--all", "--dry-run")
        assert result.returncode == 0 and "would stop session cco-live" in result.out
        assert f"would {ENDS} cco-orphan" in result.out
        assert real.leftovers() == before and len(of_project(api, real)) == 2
        for answer, left in (("n\r", 2), ("y\r", 0)):
            asking = Terminal([CCO, "cleanup", "--all"], real.env, real.project, 30, 120)
            try:
                asking.wait_for("[y/N]")
                assert "cco-live" in asking.text() and "cco-orphan" in asking.text() and str(real.project) in asking.text().replace("\n", "")
                asking.type(answer)
                assert asking.wait() == 0
                text = asking.text()
            finally:
                asking.close()
            until(lambda n=left: len(of_project(api, real)) == n)
        assert "stopped session cco-live" in text and f"{ENDED} cco-orphan" in text
        assert live.wait() == 3 and "bye" in live.text()
        assert real.leftovers() == []
    finally:
        live.close()


def test_json_reports_what_was_removed(real, api, alone):
    orphan(real, "machine")
    result = real.cco("cleanup", "--json")
    answer = json.loads(result.out)
    assert list(answer) == ["dry_run", "removed", "stopped", "running", "left", "caches", "other_images", "error"]
    assert answer["running"] == [{"name": "cco-machine", "project": str(real.project)}] and answer["dry_run"] is False
    assert answer["removed"] == {"containers": [], "sessions": [], "files": [], "volumes": []}
    answer = json.loads(real.cco("cleanup", "--json", "--all", "--yes").out)
    gone = [{"name": "cco-machine", "project": str(real.project)}]
    assert answer["removed"]["containers"] == ([] if ENGINE.native else gone)
    assert answer["stopped"] == (["cco-machine"] if ENGINE.native else [])
    assert answer["removed"]["sessions"] == ["cco-machine"] and real.leftovers() == []
    assert json.loads(real.cco("cleanup", "--json").out)["removed"]["containers"] == []


def test_stray_sockets_keys_and_temporary_files_are_removed(box, fake):
    """Sockets and keys without a session and temporary files are removed, and nothing else."""
    directory = box.runtime / "cco"
    directory.mkdir(mode=0o700)
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(directory / "cco-gone-1.sock"))
    stale.close()
    (directory / "cco-gone-2.key").write_text("0" * 64)
    (directory / "notes.txt").write_text("mine")
    (directory / "cco-strange").mkdir()
    state = box.home / ".local/state/cco"
    state.mkdir(parents=True)
    for name, age in (("x.ab12.tmp", 7200), ("y.tmp", 60), ("report", 7200)):
        (state / name).write_text("x")
        os.utime(state / name, (time.time() - age,) * 2)
    fake.answers["GET /images/json"] = reply(200, [])
    would = box.cco("cleanup", "--dry-run")
    assert would.returncode == 0 and len(would.out.strip().split("\n")) == 3 and (state / "x.ab12.tmp").exists()
    result = box.cco("cleanup")
    assert result.out == would.out.replace("would remove", "removed")
    assert sorted(p.name for p in directory.iterdir()) == ["cco-strange", "notes.txt"]
    assert sorted(p.name for p in state.iterdir()) == ["report", "y.tmp"]
    assert box.cco("cleanup").out == "nothing to clean up\n"


def test_images_are_reported_and_stay(box, fake):
    fake.answers["GET /images/json"] = reply(200, [
        {"Id": "sha256:" + c * 64, "RepoTags": [f"cco:{c * 12}"], "Labels": {"cco": "1", "cco.digest": c * 64}} for c in "ab"])
    result = box.cco("cleanup")
    assert result.returncode == 0 and "2 images that would not be used here: cco image prune" in result.out
    assert not fake.asked("DELETE")


def test_images_of_failed_builds_without_a_tag_are_pruned(box, fake):
    """An image built on a finished one, which a container uses, or which was pulled, stays."""
    def image(c, tags, labels={}, digests=()):
        return {"Id": "sha256:" + c * 64, "RepoTags": tags, "RepoDigests": list(digests), "Labels": {"cco": "1", **labels}}

    fake.answers["GET /images/"] = reply(404, {"message": "No such image"})
    fake.answers["GET /images/json"] = reply(200, [
        image("a", []), image("b", None), image("c", ["<none>:<none>"]), image("d", [], {"cco.digest": "d" * 64}),
        image("e", [], digests=["mine@sha256:" + "e" * 64])])
    fake.answers["GET /containers/json"] = reply(200, [{"ImageID": "sha256:" + "b" * 64}])
    fake.answers["DELETE /images/"] = reply(200, [{"Deleted": "x"}])
    fake.answers["GET /system/df"] = reply(200, {"LayersSize": 9})
    [first, *_] = [line for line in box.cco("image", "list").out.split("\n") if "sha256:aaa" in line]
    assert first.split()[0] == "sha256:" + "a" * 16 and first.endswith("failed")
    assert box.cco("image", "prune", "--yes").returncode == 0
    assert [r[0].split("/")[-1] for r in fake.asked("DELETE")] == ["sha256%3A" + "a" * 64, "sha256%3A" + "c" * 64]


@docker_only("an engine that is gone")
@pytest.mark.parametrize("json_too", [False, True])
def test_files_are_removed_without_an_engine(real, api, engine_socket, json_too):
    """The files of a session that may still run stay."""
    orphan(real, "kept")  # first, because a starting cco sweeps dead sessions
    killed_session(real)
    gone = {"DOCKER_HOST": f"unix://{real.home}/nothing"}
    result = real.cco("cleanup", *(["--json"] if json_too else []), env=gone)
    assert result.returncode == 125 and "DOCKER_HOST" in result.err
    if json_too:
        answer = json.loads(result.out)
        assert answer["other_images"] is None and len(answer["removed"]["sessions"]) == 1
        assert answer["error"]["status"] == 125 and "DOCKER_HOST" in answer["error"]["message"] + answer["error"]["hint"]
    else:
        assert "removed private copies of cco-my-project-" in result.out
    assert {name.split(".")[0] for name in real.leftovers()} == {"cco-kept"}
    assert real.cco("stop", "kept").returncode == 0 and real.leftovers() == []
    until(lambda: not of_project(api, real))


def test_cleanup_is_safe_beside_starting_and_ending_sessions(real, api):
    """Two cleanups run in a loop. No session fails, and nothing is left in the end."""
    over = threading.Event()
    failures = []

    def clean():
        while not over.is_set():
            result = real.cco("cleanup")
            if result.returncode != 0:
                failures.append(result.err)
    cleaners = [threading.Thread(target=clean) for _ in range(2)]
    for cleaner in cleaners:
        cleaner.start()
    try:
        for _ in range(4):
            children = [subprocess.Popen([CCO, *IMAGE, "shell", f"echo out-{i}; exit {i + 1}"], cwd=real.project, env=real.env,
                                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for i in range(3)]
            for i, child in enumerate(children):
                out, err = child.communicate(timeout=90)
                assert (child.returncode, out, err) == (i + 1, f"out-{i}\n".encode(), b"")
        terminal = Terminal([CCO, *IMAGE, "shell", "echo rea''dy; cat"], real.env, real.project)
        try:
            terminal.wait_for("ready")
            terminal.type("still the''re\r")
            terminal.wait_for(lambda t: t.text().count("still the''re") >= 2)
            terminal.type("\x04")
            assert terminal.wait() == 0
        finally:
            terminal.close()
    finally:
        over.set()
        for cleaner in cleaners:
            cleaner.join(60)
    assert failures == []
    assert real.cco("cleanup").returncode == 0 and real.leftovers() == []
    until(lambda: not of_project(api, real))


@docker_only("only an engine knows sessions whose notes are on another machine")
def test_session_with_another_runtime_directory_stays(real, api, tmp_path):
    """The session was started without XDG_RUNTIME_DIR, so its lock is below /tmp. Cleanup looks there as well."""
    other = {k: v for k, v in real.env.items() if k != "XDG_RUNTIME_DIR"}
    child = subprocess.Popen([CCO, *IMAGE, "--name", "remote", "shell", "echo up; cat"], cwd=real.project, env=other,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"up\n"
    assert re.search("^left session .* alone: it runs", real.cco("cleanup").out, re.M)
    assert len(of_project(api, real)) == 1
    child.stdin.close()
    assert child.wait(60) == 0
    child.stdout.close()
