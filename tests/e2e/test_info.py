# SPDX-License-Identifier: MIT
"""cco info works even if everything is missing, and says what the user can do about it."""

import datetime
import json
import os
import socket
import subprocess

import pytest

from conftest import CCO, ENGINE, IMAGE
from fake import reply
from terminal import Terminal

# The schema (src/manual/json.md): section, its own members and their types.
TEXT, MAYBE, FLAG, MAYBE_FLAG, COUNT, LIST = (str,), (str, type(None)), (bool,), (bool, type(None)), (int, type(None)), (list,)
SCHEMA = {
    "cco": {"version": TEXT, "path": TEXT},
    "engine": {"name": MAYBE, "address": MAYBE, "chosen_by": MAYBE, "context": MAYBE, "api": MAYBE, "rootless": MAYBE_FLAG,
               "user_namespaces": MAYBE_FLAG, "host_network": MAYBE_FLAG, "files": MAYBE, "passed_over": LIST},
    "confinement": {"in_use": FLAG, "sandbox": MAYBE, "list": LIST},
    "image": {"reference": MAYBE, "own": FLAG, "present": FLAG, "id": MAYBE, "created": MAYBE, "size": COUNT,
              "claude_version": MAYBE, "packages": LIST, "changed": MAYBE},
    "credentials": {"source": TEXT, "detail": MAYBE, "account": MAYBE, "expires_at": MAYBE, "expires_in": COUNT,
                    "can_refresh": FLAG},
    "project": {"path": MAYBE, "git_top": MAYBE, "git_common_dir": MAYBE, "mounts": COUNT, "caches": FLAG, "trust": MAYBE,
                "items": LIST, "missing": LIST, "sessions": LIST},
    "claude": {"directory": MAYBE, "program": MAYBE, "fetched_version": MAYBE, "present": FLAG, "settings": LIST,
               "variables_left_out": LIST},
    "config": {"file": MAYBE, "dockerfile": MAYBE},
}


def info(box, *options, cwd=None, env=None):
    result = box.cco("info", "--json", *options, cwd=cwd, env=env)
    assert result.err == "", result.err
    answer = json.loads(result.out)
    assert list(answer) == ["ready", *SCHEMA]
    for name, members in SCHEMA.items():
        section = answer[name]
        assert list(section) == ["ready", "text", "next", "note", *members], name
        assert isinstance(section["ready"], bool) and isinstance(section["text"], str)
        for key, kinds in {"next": MAYBE, "note": MAYBE, **members}.items():
            assert isinstance(section[key], kinds), (name, key)
        assert section["ready"] or section["next"] or section["note"] or name in ("image", "credentials")
    assert answer["ready"] == all(answer[name]["ready"] for name in SCHEMA)
    assert result.returncode == (0 if answer["ready"] else 1)
    text = box.cco("info", *options, cwd=cwd, env=env)
    assert text.returncode == result.returncode and text.err == ""
    lines = text.out.split("\n")
    assert len(lines) <= 24 and all(len(line) <= 80 or str(box.home) in line or " " not in line[17:] for line in lines), text.out
    return answer


def image(**more):
    return reply(200, {"Id": "sha256:" + "1" * 64, "Created": "2026-01-02T03:04:05.6789Z", "Size": 1800000000,
                       "Architecture": "amd64", "Os": "linux", "Config": {"Env": ["PATH=/bin"], **more}})


def test_everything_is_ready(box, fake):
    fake.answers["GET /images/"] = image()
    answer = info(box, "--image", "some/image")
    assert answer["ready"] and answer["engine"]["name"] == "Docker 20.10.24" and answer["engine"]["api"] == "1.41"
    assert answer["engine"]["address"] == "unix://" + fake.socket and answer["engine"]["chosen_by"] == "DOCKER_HOST"
    assert answer["image"]["created"] == "2026-01-02T03:04:05Z" and answer["image"]["size"] == 1800000000
    assert answer["credentials"]["source"] == "api_key" and answer["project"]["path"] == str(box.project)
    asked = [r[0].split("?")[0] for r in fake.requests]
    assert len(asked) == 2 * 3, f"two infos, each with no more than a ping, /info and the image: {asked}"


def test_no_engine(box):
    answer = info(box, env={"DOCKER_HOST": f"unix://{box.home}/nothing"})
    assert not answer["engine"]["ready"] and answer["engine"]["next"] == "unset DOCKER_HOST"
    assert answer["project"]["ready"] and answer["credentials"]["ready"] and not answer["image"]["ready"]


def test_no_engine_answers_and_none_is_named(box):
    if os.path.exists("/var/run/docker.sock"):
        pytest.skip("an engine is at the first place")
    answer = info(box)
    assert answer["engine"]["ready"] and answer["engine"]["address"] == "native" and answer["confinement"]["in_use"]
    assert answer["image"]["ready"] and answer["image"]["reference"] is None
    if answer["confinement"]["sandbox"] != "none":
        assert answer["confinement"]["ready"] and answer["project"]["ready"]
    assert answer["claude"]["ready"] and answer["claude"]["program"] is None  # the first session fetches it
    (box.home / "bin").mkdir()
    (box.home / "bin" / "claude").write_text("#!/bin/sh\n")
    (box.home / "bin" / "claude").chmod(0o755)
    answer = info(box, env={"PATH": f"{box.home}/bin:/usr/bin:/bin"})
    assert answer["claude"]["program"] == f"{box.home}/bin/claude"


def test_stale_sockets_are_listed_with_the_reason(box):
    """The known sockets that come before, and why each is not used."""
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(box.runtime / "docker.sock"))
    if os.path.exists("/var/run/docker.sock"):
        pytest.skip("an engine is at the first place")
    answer = info(box)
    assert answer["engine"]["ready"] and answer["confinement"]["in_use"]  # no engine is named, so none is needed
    assert "refused" in answer["engine"]["text"] and "start docker" in answer["engine"]["next"] or "dockerd" in answer["engine"]["next"]
    passed = {p["address"]: p["reason"] for p in answer["engine"]["passed_over"]}
    assert passed["unix:///var/run/docker.sock"] == "not there"
    assert passed[f"unix://{box.runtime}/docker.sock"] == "nobody listens"
    stale.close()


def test_chosen_engine_and_the_reasons_against_the_others(box, fake):
    if os.path.exists("/var/run/docker.sock"):
        pytest.skip("an engine is at the first place")
    del box.env["DOCKER_HOST"]
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(box.runtime / "docker.sock"))
    (box.home / ".docker" / "run").mkdir(parents=True)
    (box.home / ".docker" / "run" / "docker.sock").symlink_to(fake.socket)
    answer = info(box, "--image", "x")
    assert answer["engine"]["ready"] and answer["engine"]["address"] == f"unix://{box.home}/.docker/run/docker.sock"
    assert "the first that answers" in answer["engine"]["chosen_by"]
    assert f"not unix://{box.runtime}/docker.sock: nobody listens" in box.cco("info").out.replace("\n                 ", " ")
    stale.close()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
def test_socket_without_permission(box, fake):
    os.chmod(fake.socket, 0o600)
    command = ["setpriv", "--reuid=12345", "--clear-groups", CCO, "info", "--json"]
    result = subprocess.run(command, env={"HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "DOCKER_HOST": f"unix://{fake.socket}"},
                            cwd="/usr/share", capture_output=True, timeout=30, check=False)
    answer = json.loads(result.stdout)
    assert result.returncode == 1 and not answer["ready"]
    assert answer["engine"]["next"] == "sudo usermod -aG docker $USER" and "log in again" in answer["engine"]["note"]


@pytest.mark.parametrize("where", ["/", "/usr", "home"])
def test_directory_that_cannot_be_a_project(box, fake, where):
    answer = info(box, "--image", "x", cwd=box.home if where == "home" else where)
    assert not answer["project"]["ready"] and answer["project"]["next"].startswith("cd ")
    assert "cannot be the project" in answer["project"]["text"] and answer["engine"]["ready"]


def test_user_without_a_home(box, fake):
    """If even the user has no entry, the other sections are still printed."""
    env = {"DOCKER_HOST": box.env["DOCKER_HOST"], "PATH": "/usr/bin"}
    command = [CCO, "info", "--json"] if os.getuid() != 0 else ["setpriv", "--reuid=54321", "--clear-groups", CCO, "info", "--json"]
    os.chmod(fake.dir, 0o755)
    os.chmod(fake.socket, 0o777)
    result = subprocess.run(command, env=env, cwd="/usr/share", capture_output=True, timeout=30, check=False)
    answer = json.loads(result.stdout)
    assert result.returncode == 1 and list(answer) == ["ready", *SCHEMA]
    if os.getuid() == 0:
        assert answer["engine"]["ready"] and "no home" in answer["project"]["text"]


def login(box, expires_in, **more):
    (box.home / ".claude").mkdir(exist_ok=True)
    now = datetime.datetime.now(datetime.timezone.utc).timestamp()
    (box.home / ".claude" / ".credentials.json").write_text(json.dumps({"claudeAiOauth": {
        "accessToken": "sk-ant-oat01-secret", "refreshToken": "sk-ant-ort01-secret", "expiresAt": int((now + expires_in) * 1000), **more}}))
    box.env.pop("ANTHROPIC_API_KEY", None)


def test_account_and_expiry_of_the_login(box, fake):
    login(box, 5 * 3600 + 90)
    (box.home / ".claude.json").write_text(json.dumps({"oauthAccount": {"emailAddress": "ann@example.com", "accountUuid": "secret-uuid"}}))
    answer = info(box, "--image", "x")
    assert answer["credentials"]["ready"] and answer["credentials"]["account"] == "ann@example.com"
    assert 5 * 3600 < answer["credentials"]["expires_in"] <= 5 * 3600 + 90 and answer["credentials"]["can_refresh"]
    text = box.cco("info").out
    assert "~/.claude/.credentials.json (ann@example.com), expires in 5h01m" in " ".join(text.split())
    assert "secret" not in text + json.dumps(answer)


def test_expired_login(box, fake):
    login(box, -5)
    answer = info(box, "--image", "x")
    assert not answer["credentials"]["ready"] and answer["credentials"]["next"].startswith("claude")
    assert "expired" in answer["credentials"]["text"]
    (box.home / ".claude" / ".credentials.json").write_text("{")
    assert not info(box, "--image", "x")["credentials"]["ready"]
    (box.home / ".claude" / ".credentials.json").unlink()
    assert info(box, "--image", "x")["credentials"]["source"] == "none"


def test_control_bytes_in_names_do_not_reach_the_terminal(box, fake):
    login(box, 9000)
    (box.home / ".claude.json").write_text(json.dumps({"oauthAccount": {"emailAddress": "a\x1b[2Jb\u202e"}}))
    odd = box.home / "a\x1b]0;title\x07\nb"
    odd.mkdir()
    out = box.cco("info", cwd=odd).out
    assert "\x1b" not in out and "\u202e" not in out and "\\x1b" in out


def test_broken_configuration_is_reported_as_a_section(box, fake):
    (box.home / ".config" / "cco").mkdir(parents=True)
    (box.home / ".config" / "cco" / "config").write_text("nonsense = 1\n")
    answer = info(box, "--image", "x")
    assert not answer["config"]["ready"] and "config" in answer["config"]["text"] and "nonsense" in answer["config"]["text"]
    assert answer["config"]["next"] == "${EDITOR:-vi} ~/.config/cco/config" and answer["engine"]["ready"]
    assert box.cco("sessions").returncode == 2


def test_missing_image(box, fake):
    fake.answers["GET /images/"] = reply(404, {"message": "No such image"})
    fake.answers["GET /images/json"] = reply(200, [])
    answer = info(box, "--image", "some/image")
    assert answer["ready"] and answer["image"]["next"] == "cco image pull some/image"
    answer = info(box)
    assert answer["ready"] and answer["image"]["next"] == "cco image build" and answer["image"]["changed"] is None


@pytest.mark.parametrize("labels,options,changed", [
    ({"cco.packages": "figlet"}, (), "packages"), ({"cco.packages": ""}, ("--packages", "figlet"), "packages"),
    ({"cco.packages": ""}, (), "dockerfile")])
def test_reasons_for_a_stale_image(box, fake, labels, options, changed):
    fake.answers["GET /images/"] = reply(404, {"message": "No such image"})
    fake.answers["GET /images/json"] = reply(200, [{"Id": "sha256:" + "1" * 64, "RepoTags": ["cco:0123456789ab"],
                                                    "Labels": {"cco": "1", "cco.digest": "0" * 64, **labels}}])
    answer = info(box, *options)
    assert answer["image"]["changed"] == changed and answer["ready"]
    assert "cco:0123456789ab" in box.cco("info", *options).out


def test_worktree_shows_its_common_directory(box, fake):
    main = box.home / "main"
    for command in (["init", "-q", str(main)], ["-C", str(main), "-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "--allow-empty", "-m", "x"],
                    ["-C", str(main), "worktree", "add", "-q", str(box.home / "side")]):
        subprocess.run(["git", *command], check=True, env={**box.env, "GIT_CONFIG_GLOBAL": "/dev/null"}, capture_output=True)
    answer = info(box, "--image", "x", cwd=box.home / "side")
    assert answer["project"]["git_common_dir"] == str(main / ".git")
    assert "a worktree of ~/main/.git" in box.cco("info", cwd=box.home / "side").out


def test_missing_items_are_red_on_a_terminal(box, fake):
    for no_color, red in (("", True), ("1", False)):
        terminal = Terminal([CCO, "info"], {**box.env, "NO_COLOR": no_color}, "/")
        try:
            assert terminal.wait() == 1
            assert (b"\x1b[31mNO" in terminal.raw) == red and (b"\x1b" in terminal.raw) == red
        finally:
            terminal.close()


def test_sessions_of_the_project_are_listed(real, api):
    terminal = Terminal([CCO, *IMAGE, "--name", "seen", "shell"], real.env, real.project)
    try:
        terminal.wait_for("$" if ENGINE.uid else "#")
        answer = info(real, *IMAGE)
        assert answer["project"]["sessions"] == [{"name": "cco-seen", "state": "attached", "here": True}]
        assert "sessions: cco-seen (attached)" in real.cco("info").out
        assert info(real, *IMAGE, cwd=real.home)["project"]["sessions"][0]["here"] is False
        terminal.type("exit\r")
        terminal.wait()
    finally:
        terminal.close()
