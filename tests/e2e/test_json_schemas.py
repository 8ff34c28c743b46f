# SPDX-License-Identifier: MIT
"""The tables of src/manual/json.md against what cco prints: every member is in its table, nothing else is, and the types are right."""

import datetime
import json
import os
import re

import pytest

from conftest import ROOT, docker_only, until
from fake import reply

PAGE = (ROOT / "src/manual/json.md").read_text()
SECTIONS = ("cco", "engine", "confinement", "image", "credentials", "project", "claude", "config")
ROW = re.compile(r"^\| `([^`]+)` \| ([a-z ]+) \|(?: .*)? \|$", re.M)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
TYPES = {"string", "integer", "boolean", "time", "object", "list of strings", "list of objects", "map of strings"}


def tables():
    """{"cco info": {"engine.name": "string or null", ...}, ...}"""
    found = {}
    for part in PAGE.split("\n## ")[1:]:
        heading, body = part.split("\n", 1)
        rows = {}
        for path, kind in ROW.findall(body):
            names = [path.replace("SECTION", name) for name in SECTIONS] if path.startswith("SECTION.") else [path]
            rows.update(dict.fromkeys(names, kind))
        if rows:
            assert len([line for line in body.splitlines() if line.startswith("| `")]) == len(ROW.findall(body)), heading
            found[heading] = rows
    errors = {path: kind for path, kind in found["Errors"].items() if path != "error"}
    found["cco cleanup"].update(errors)
    found["cco uninstall"].update(errors)
    return found


TABLES = tables()


class Schema:
    """One table. Notes which rows have been seen with a value."""

    def __init__(self, heading):
        self.rows = dict(TABLES[heading])
        if heading == "cco info":
            self.rows.update(dict.fromkeys(SECTIONS, "object"))
        self.seen = set()

    def children(self, path):
        start = f"{path}." if path else ""
        return {rest for row in self.rows if row.startswith(start) and row != path
                and "." not in (rest := row[len(start):]) and "[]" not in rest}

    def check(self, value, path=""):
        assert isinstance(value, dict), path
        assert set(value) == self.children(path), path
        for name, member in value.items():
            assert NAME.fullmatch(name), name
            self.check_member(member, f"{path}.{name}" if path else name)

    def check_list(self, value):
        assert isinstance(value, list)
        for item in value:
            self.check(item, "[]")

    def check_member(self, value, path):
        kind = self.rows[path]
        if value is None:
            assert kind.endswith(" or null"), path
            return
        kind = kind.removesuffix(" or null")
        self.seen.add(path)
        if kind == "object":
            self.check(value, path)
        elif kind == "list of objects":
            assert isinstance(value, list), path
            for item in value:
                self.seen.add(path + "[]")
                self.check(item, path + "[]")
        elif kind == "list of strings":
            assert isinstance(value, list) and all(isinstance(item, str) for item in value), path
        elif kind == "map of strings":
            assert all(isinstance(item, str) for item in value.values()), path
        elif kind == "time":
            assert TIME.fullmatch(value) and datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ"), path
        else:
            python = {"string": str, "integer": int, "boolean": bool}[kind]
            assert type(value) is python, path

    def unseen(self):
        """Lists and objects whose members no sample had."""
        return {path for path, kind in self.rows.items()
                if (kind.startswith("list of objects") and path + "[]" not in self.seen) or (kind.startswith("object") and path not in self.seen)}


def said(result, status=0):
    assert result.returncode == status, result.err
    return json.loads(result.out)


def login(box):
    (box.home / ".claude").mkdir(exist_ok=True)
    (box.home / ".claude" / ".credentials.json").write_text(json.dumps({"claudeAiOauth": {
        "accessToken": "sk-ant-oat01-secret", "refreshToken": "sk-ant-ort01-secret", "expiresAt": 4102444800000}}))
    box.env.pop("ANTHROPIC_API_KEY", None)


@pytest.fixture
def session(box):
    """A session without an engine."""
    started = box.cco("--engine", "native", "--detach", "--name", "held", "shell", "exec sleep 1000")
    if started.returncode != 0:
        pytest.skip(f"no session without an engine here: {started.err}")
    until(lambda: "held" in box.cco("sessions").out)
    yield box
    box.cco("stop", "held")


def test_values_are_in_snake_case():
    """The words in the third column that look like values of a list."""
    words = re.findall(r"`([a-z][a-z0-9]*(?:-[a-z0-9]+)+)`", "".join(re.findall(r"^\|[^|]+\| string[^|]*\|(.*)", PAGE, re.M)))
    assert words == [], words


def test_tables_use_the_types_that_are_described():
    assert len(TABLES) == 11
    for heading, rows in TABLES.items():
        assert {kind.removesuffix(" or null") for kind in rows.values()} <= TYPES, heading


def link_to_keys(box):
    """A link in claude's set-up whose target no sandbox gets."""
    (box.home / ".ssh").mkdir()
    (box.home / ".claude" / "skills").mkdir(parents=True)
    (box.home / ".claude" / "skills" / "x").symlink_to("../../.ssh")


def test_info(session, tmp_path):
    schema = Schema("cco info")
    link_to_keys(session)
    login(session)
    (session.project / ".env").write_text("PATH=./bin\n")
    for options, env in (((), {}), (("--engine", "native"), {}), (("--image", "x"), {"DOCKER_HOST": "unix:///nowhere"}),
                         ((), {"HOME": str(tmp_path / "none")})):
        result = session.cco("info", "--json", *options, env=env)
        schema.check(said(result, result.returncode))
    assert schema.unseen() == set()


def test_info_with_an_engine(box, fake):
    schema = Schema("cco info")
    fake.answers["GET /images/"] = reply(200, {
        "Id": "sha256:" + "1" * 64, "Created": "2026-01-02T03:04:05.6789Z", "Size": 1800000000, "Config": {"Env": []}})
    schema.check(said(box.cco("info", "--json", "--image", "some/image")))
    assert {"engine.api", "engine.rootless", "image.size", "image.created"} <= schema.seen


def test_sessions(session):
    schema = Schema("cco sessions")
    listed = said(session.cco("sessions", "--json"))
    schema.check_list(listed)
    assert [s["name"] for s in listed] == ["cco-held"] and "[].started" in schema.seen


def test_image_list(box, fake):
    schema = Schema("cco image list")
    fake.answers["GET /images/json"] = reply(200, [
        {"Id": "sha256:" + c * 64, "Created": created, "Size": size, "RepoTags": [f"cco:{tag}"],
         "Labels": {"cco": "1", "cco.digest": c * 64, "cco.packages": "jq"}}
        for c, created, size, tag in (("a", 1700000000, 9, "a" * 12), ("b", 0, 0, "old-" + "b" * 12), ("c", 5, 5, "failed-" + "c" * 12))])
    fake.answers["POST /containers/create"] = reply(404, {"message": "not for a look at the version"})
    listed = said(box.cco("image", "list", "--json"))
    schema.check_list(listed)
    assert len(listed) == 3 and {"[].created", "[].size", "[].digest"} <= schema.seen


def container(name, state):
    return {"Id": name * 8, "Names": [f"/cco-{name}"], "State": state, "Status": "x", "Created": 1700000000,
            "Labels": {"cco": "1", "cco.uid": str(os.getuid()), "cco.session": f"cco-{name}", "cco.project": "/p"}}


def test_cleanup(box, fake):
    schema = Schema("cco cleanup")
    fake.answers["GET /containers/json"] = reply(200, [container("gone", "exited"), container("live", "running")])
    fake.answers["GET /images/json"] = reply(200, [])
    fake.answers["DELETE /containers/"] = reply(204)
    schema.check(said(box.cco("cleanup", "--json", "--dry-run")))
    schema.check(said(box.cco("cleanup", "--json")))
    fake.answers["DELETE /containers/"] = reply(500, {"message": "no"})
    broken = said(box.cco("cleanup", "--json"), 125)
    schema.check(broken)
    assert broken["error"]["status"] == 125 and schema.unseen() == set()
    gone = said(box.cco("cleanup", "--json", env={"DOCKER_HOST": "unix:///nowhere"}), 125)
    schema.check(gone)
    assert gone["other_images"] is None


@docker_only("images")
def test_image_list_of_an_engine(real):
    Schema("cco image list").check_list(said(real.cco("image", "list", "--json")))


def test_cleanup_of_an_engine(real):
    Schema("cco cleanup").check(said(real.cco("cleanup", "--json")))


def test_sync(box, fake):
    schema = Schema("cco sync")
    fake.answers["GET /volumes"] = reply(200, {"Volumes": []})
    schema.check(said(box.cco("sync", "--json")))
    schema.check(said(box.cco("sync", "--json", "--dry-run")))


def test_backup_creds(box):
    schema = Schema("cco backup-creds")
    login(box)
    one = said(box.cco("backup-creds", "--json"))
    schema.check(one)
    assert said(box.cco("backup-creds", "--list", "--json")) == [one]
    (box.home / ".local/share/cco/backups/claude-credentials.20000101T000000Z.conflict.json").write_text("torn")
    for backup in said(box.cco("backup-creds", "--list", "--json")):
        schema.check(backup)
    assert {"created", "expires_at"} <= schema.seen


def test_trust_list(box):
    schema = Schema("cco trust --list")
    (box.project / ".env").write_text("PATH=./bin\n")
    assert box.cco("trust", "--yes").returncode == 0
    schema.check_list(said(box.cco("trust", "--list", "--json")))
    assert {"[].kind", "[].path", "[].state"} <= schema.seen


def test_self_update(machine):
    status, out, _ = machine.update(machine.server().url + "/r/", "--check", "--json")
    assert status == 1
    Schema("cco self-update").check(json.loads(out))


@pytest.mark.parametrize("case", ["claude", "native", "remote"])
def test_golden_plans(case):
    Schema("The plan").check(json.loads((ROOT / "tests/plan" / case / "plan.json").read_text()))


def test_plans(box, fake):
    schema = Schema("The plan")
    link_to_keys(box)
    (box.project / ".env").write_text("A=b\nPATH=./bin\n")
    lines = (("-p", "x"), ("--publish", "8080", "--memory", "1g", "--cpus", "2", "--env", "C=d", "--packages", "jq", "-p", "x"),
             ("--engine", "native", "shell", "true"), ("--image", "x", "shell"))
    for line in lines:
        schema.check(said(box.cco("--dry-run", *line)))
    login(box)
    schema.check(said(box.cco("--dry-run", "-p", "x", env={"CCO_ENGINE_FILES": "remote"})))
    schema.check(json.loads((ROOT / "tests/plan/native/plan.json").read_text()))
    assert schema.unseen() <= {"native.subuids", "native.subgids", "links", "sent"}, schema.unseen()


@pytest.mark.parametrize("line,status,kind", [
    (("info", "--json", "--bogus"), 2, "usage"), (("info", "--bogus", "--json"), 2, "usage"), (("sessions", "--json", "x"), 2, "usage"),
    (("image", "list", "--json"), 125, "not_found"), (("image", "list", "--json", "--engine", "native"), 2, "usage"),
    (("backup-creds", "--json"), 125, "not_found"), (("sync", "--json", "--engine", "docker"), 125, "not_found"),
    (("self-update", "--check", "--json"), 125, "refused"), (("--dry-run", "--ro", "/nowhere", "-p", "x"), None, None),
    (("--dry-run", "--network", "x"), 2, "usage")])
def test_errors(box, line, status, kind):
    result = box.cco(*line)
    answer = said(result, status or result.returncode)
    Schema("Errors").check(answer)
    error = answer["error"]
    assert error["status"] == result.returncode > 1 and error["message"].split("\n")[0] in result.err
    assert kind is None or error["kind"] == kind


@pytest.mark.parametrize("name", ["a\x1b[2J", "b\x9b2J", "c\u202ed", "e\x7f\nf"])
def test_names_cannot_control_a_terminal(box, name):
    box.project = box.project / name
    box.project.mkdir()
    for line in (("info", "--json"), ("--dry-run", "--engine", "native", "shell", "true"), ("info", "--json", name)):
        result = box.cco(*line)
        assert json.loads(result.out) and json.dumps(name)[1:-1] in result.out
        assert not set(name) - set("abcdef[2J\n") & set(result.out), line


@pytest.mark.parametrize("line", [("info", "--bogus"), ("image", "list"), ("cleanup", "--dry-run", "--bogus")])
def test_without_json_errors_are_on_stderr_only(box, line):
    result = box.cco(*line)
    assert result.returncode > 1 and result.out == "" and result.err.startswith("cco: ")


def test_a_value_that_leaves_its_table_is_noticed():
    schema = Schema("cco self-update")
    good = {"current": "1", "newest": "2", "newer": True, "updated": False}
    schema.check(good)
    for bad in ({**good, "more": 1}, {k: v for k, v in good.items() if k != "newer"}, {**good, "newer": 1}, {**good, "newer": None}):
        with pytest.raises(AssertionError):
            schema.check(bad)
