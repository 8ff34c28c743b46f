# SPDX-License-Identifier: MIT
"""Projects on an engine that does not see them: what is sent, what comes back, and what never does."""

import json
import os
import pathlib
import stat
import subprocess

from conftest import CCO, docker_only, until
from remote import IMAGE, archive, containers, engine, remote, shell, sync, volumes

pytestmark = docker_only("a remote engine")

# fixtures, imported by name
__all__ = ["archive", "engine", "remote"]

TOKEN = "sk-ant-oat-" + "farawaysecret"


def describe(root):
    """Returns everything that must be equal on both sides."""
    found = {}
    for path in sorted(root.rglob("*")):
        st = path.lstat()
        name = os.fsencode(path.relative_to(root))
        if stat.S_ISLNK(st.st_mode):
            found[name] = ("link", os.readlink(path))
        elif stat.S_ISDIR(st.st_mode):
            found[name] = ("directory", stat.S_IMODE(st.st_mode))
        else:
            found[name] = ("file", stat.S_IMODE(st.st_mode), st.st_mtime_ns, path.read_bytes())
    return found


def odd_tree(root):
    (root / "empty").mkdir()
    (root / "locked").mkdir()
    (root / "locked" / "in").write_text("in")
    (root / "locked").chmod(0o555)
    (root / "program").write_text("#!/bin/sh\necho ran\n")
    (root / "program").chmod(0o755)
    (root / "nothing").write_bytes(b"")
    (root / "bytes").write_bytes(bytes(range(256)) * 5000)
    (root / "link").symlink_to("bytes")
    (root / "nowhere").symlink_to("../../not there")
    (root / "ä €").write_text("utf-8")
    (root / ("n" * 255)).write_text("long")
    with open(os.fsencode(root) + b"/\xff\n*", "wb") as out:
        out.write(b"any byte")
    os.utime(root / "nothing", ns=(1, 1234567890123456789))
    with open(root / "holes", "wb") as out:
        out.seek(64 << 20)
        out.write(b"end")


def test_project_is_sent_and_changes_come_back(remote):
    odd_tree(remote.project)
    before = describe(remote.project)
    result = shell(remote, "pwd; ./program; cat locked/in; echo; stat -c %Y nothing; du -k holes | cut -f1; "
                   "readlink nowhere; ls | wc -l").check()
    lines = result.out.split("\n")
    assert lines[0] == str(remote.project)
    assert lines[1:4] == ["ran", "in", "1234567890"]
    assert int(lines[4]) < 1000
    assert lines[5] == "../../not there"
    assert describe(remote.project) == before
    assert "came back" not in result.err
    result = shell(remote, "echo more >>'ä €'; rm program; rmdir empty; mkdir made; echo x >made/y; "
                   "ln -sfn nothing link; chmod 600 nothing; printf z >\"$(printf 'o\\377')\"").check()
    assert (remote.project / "ä €").read_text() == "utf-8more\n"
    assert not (remote.project / "program").exists()
    assert not (remote.project / "empty").exists()
    assert (remote.project / "made" / "y").read_text() == "x\n"
    assert os.readlink(remote.project / "link") == "nothing"
    assert stat.S_IMODE((remote.project / "nothing").stat().st_mode) == 0o600
    assert os.path.exists(os.fsencode(remote.project) + b"/o\xff")
    assert "fetched from the session:" in result.err and "deleted" in result.err
    assert remote.leftovers() == []


def test_unavailable_features_are_reported_once(remote):
    first = shell(remote, "true").check()
    assert "does not see this machine's files" in first.err
    assert "localhost" in first.err
    assert shell(remote, "true").check().err == ""


def test_the_second_session_sends_only_what_changed(remote):
    for i in range(50):
        (remote.project / f"f{i}").write_text(str(i) * 1000)
    shell(remote, "true").check()
    (remote.project / "f7").write_text("seven")
    would = sync(remote, "--dry-run")
    assert would["remote"]["changed"] == 1 and would["remote"]["created"] == 0
    assert would["local"] == {"created": 0, "changed": 0, "deleted": 0, "bytes": 0}
    assert shell(remote, "cat f7 f8 | head -c 8").check().out == "seven888"
    assert sync(remote)["remote"] == {"created": 0, "changed": 0, "deleted": 0, "bytes": 0}


def test_file_changed_on_both_sides_is_a_conflict(remote):
    (remote.project / "a").write_text("before")
    (remote.project / "gone").write_text("before")
    session = subprocess.Popen(
        [CCO, "shell", *IMAGE, "echo there >a; rm gone; echo ready; read _"], cwd=remote.project,
        env=remote.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert session.stdout.readline() == b"ready\n"
    (remote.project / "a").write_text("here")
    (remote.project / "gone").write_text("changed here")
    _, err = session.communicate(b"\n", timeout=60)
    assert session.returncode == 0, err
    assert (remote.project / "a").read_text() == "here"
    assert (remote.project / "a.cco-conflict").read_text() == "there\n"
    assert (remote.project / "gone").read_text() == "changed here", "a change overrides a deletion"
    assert b"a.cco-conflict" in err


def test_ignored_files_are_not_sent(remote):
    subprocess.run(["git", "init", "-q"], cwd=remote.project, check=True)
    (remote.project / ".gitignore").write_text("big/\n*.o\n")
    (remote.project / "big").mkdir()
    (remote.project / "big" / "blob").write_text("blob")
    (remote.project / "x.o").write_text("object")
    result = shell(remote, "ls -A; touch y.o; mkdir -p big; touch big/made kept").check()
    assert "x.o" not in result.out and "big" not in result.out and ".git" in result.out
    assert not (remote.project / "y.o").exists() and not (remote.project / "big" / "made").exists()
    assert (remote.project / "kept").exists()
    result = shell(remote, "cat x.o big/blob", "--sync", "all").check()
    assert result.out == "objectblob"


def test_sync_option_limits_the_direction(remote, engine):
    (remote.project / "a").write_text("one")
    shell(remote, "cat a; echo two >a; touch new", "--sync", "push").check()
    assert (remote.project / "a").read_text() == "one" and not (remote.project / "new").exists()
    result = shell(remote, "cat a; touch more", "--sync", "none").check()
    assert result.out == "two\n", "none: the volume is used unchanged"
    assert not (remote.project / "more").exists()
    result = shell(remote, "cat a", "--sync", "push").check()
    assert result.out == "one", "push: the remote side becomes what the host has"
    assert box_usage(remote) == 2


def box_usage(box):
    result = box.cco("shell", "--sync", "sideways", "true")
    assert "--sync" in result.err
    return result.returncode


def test_additional_directories_are_sent(remote):
    lib = remote.home / "lib"
    reference = remote.home / "reference"
    settings = remote.home / ".config" / "tool"
    for directory in (lib, reference, settings):
        directory.mkdir(parents=True)
        (directory / "f").write_text(directory.name)
    (remote.project / "private").mkdir()
    (remote.project / "private" / "f").write_text("private")
    (remote.project / "key").write_text("private")
    result = shell(remote, f"cat {lib}/f {reference}/f {settings}/f; cat key; ls private; "
                   f"echo x >{lib}/f; echo x >{reference}/f; echo x >private/g 2>/dev/null; true",
                   "--add-dir", str(lib), "--ro", str(reference), "--ro", str(settings), "--deny",
                   "private", "--deny", "key").check()
    assert result.out == "libreferencetool"
    assert (lib / "f").read_text() == "x\n"
    assert (reference / "f").read_text() == "reference"
    assert os.listdir(remote.project / "private") == ["f"]
    assert (remote.project / "key").read_text() == "private"


def test_claude_state_is_sent_and_returns(remote):
    state = remote.home / ".claude"
    slug = "".join(c if c.isalnum() else "-" for c in str(remote.project))
    (state / "projects" / slug).mkdir(parents=True)
    (state / "projects" / slug / "old.jsonl").write_text("old")
    number = "11111111-1111-4111-8111-111111111111"
    (state / "projects" / slug / f"{number}.jsonl").write_text("{}")
    (state / "file-history" / number).mkdir(parents=True)
    (state / "file-history" / number / "x@v1").write_text("v1")
    (state / "file-history" / "other").mkdir()
    (state / "projects" / "-other").mkdir()
    (state / "projects" / "-other" / "s.jsonl").write_text("of another project")
    (state / "settings.json").write_text('{"model":"opus"}')
    (state / "skills").mkdir()
    (state / "skills" / "s.md").write_text("skill")
    result = shell(remote, "cd ~/.claude; ls projects; cat projects/*/old.jsonl settings.json skills/s.md; "
                   "echo new >projects/$(ls projects)/new.jsonl; echo t >todos/t.json; "
                   f"ls file-history; cat file-history/{number}/x@v1; echo v2 >file-history/{number}/x@v2; "
                   " echo evil >skills/evil.md; "
                   "echo '{\"hooks\":{}}' >settings.json; mkdir -p hooks; echo evil >hooks/h").check()
    assert result.out.startswith(f"{slug}\nold")
    assert '"opus"' in result.out and "skill" in result.out
    assert (state / "projects" / slug / "new.jsonl").read_text() == "new\n"
    assert f"{number}\nv1" in result.out
    assert (state / "file-history" / number / "x@v2").read_text() == "v2\n"
    assert not (state / "todos" / "t.json").exists()  # it belongs to no conversation
    assert os.listdir(state / "skills") == ["s.md"]
    assert not (state / "hooks").exists() or os.listdir(state / "hooks") == []
    assert (state / "settings.json").read_text() == '{"model":"opus"}'
    result = shell(remote, "ls ~/.claude/hooks ~/.claude/skills; ls ~/.claude/projects/*").check()
    assert "evil" not in result.out and "new.jsonl" in result.out


def login(box):
    directory = box.home / ".claude"
    directory.mkdir(exist_ok=True)
    (directory / ".credentials.json").write_text(json.dumps(
        {"claudeAiOauth": {"accessToken": TOKEN, "refreshToken": "never", "expiresAt": 32503680000000,
                           "scopes": [], "subscriptionType": "max"}}))
    del box.env["ANTHROPIC_API_KEY"]


def test_secrets_are_never_on_a_remote_disk(remote, engine):
    login(remote)
    remote.env["ANTHROPIC_AUTH_HELPER_TOKEN"] = "unused"
    (remote.home / ".gitconfig").write_text("[user]\n\tname = gitconfig-marker\n")
    session = subprocess.Popen(
        [CCO, "shell", *IMAGE, "--env", f"SECRET_OF_MINE={TOKEN}",
         "cat ~/.claude/.credentials.json; git config user.name; cat ~/.gitconfig; echo; echo ready; read _"],
        cwd=remote.project, env=remote.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    seen = b""
    while not seen.endswith(b"ready\n"):
        line = session.stdout.readline()
        assert line, session.stderr.read()
        seen += line
    assert TOKEN.encode() in seen and b"never" not in seen and b"gitconfig-marker" in seen
    found = subprocess.run(["grep", "-rlaF", "-e", TOKEN, "-e", "gitconfig-marker", str(engine.dir)],
                           capture_output=True, text=True, check=False).stdout
    ids = json.loads(engine.call("GET", "/containers/json")[1])
    details = b"".join(engine.call("GET", f"/containers/{c['Id']}/json")[1] for c in ids)
    session.communicate(b"\n", timeout=60)
    assert found == ""
    assert ids and TOKEN.encode() not in details


def test_renewed_login_reaches_the_remote_session(remote):
    login(remote)
    store = remote.home / ".claude" / ".credentials.json"
    session = subprocess.Popen(
        [CCO, "shell", *IMAGE, "echo ready; for i in $(seq 300); do "
         "grep -q renewed ~/.claude/.credentials.json && break; sleep 0.1; done; "
         "cat ~/.claude/.credentials.json"], cwd=remote.project, env=remote.env,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert session.stdout.readline() == b"ready\n", session.stderr.read()
    new = store.with_suffix(".new")
    new.write_text(store.read_text().replace(TOKEN, "sk-ant-oat-renewed"))
    new.replace(store)
    out, err = session.communicate(timeout=60)
    assert b"sk-ant-oat-renewed" in out and b"never" not in out, err


def test_cleanup_asks_before_it_removes_volumes(remote, engine):
    shell(remote, "true").check()
    until(lambda: containers(engine) == [])
    mine = [v for v in volumes(engine) if "my_project" in v]
    assert len(mine) == 2
    result = remote.cco("cleanup")
    assert "2 volumes" in result.out and set(mine) <= set(volumes(engine))
    result = remote.cco("cleanup", "--all", "--dry-run", "--json")
    assert sorted(json.loads(result.out)["removed"]["volumes"]) == sorted(mine)
    result = remote.cco("cleanup", "--all")
    assert all(name in result.err for name in mine), result.err
    assert set(mine) <= set(volumes(engine))
    result = remote.cco("cleanup", "--all", "--yes")
    assert result.returncode == 0 and not set(mine) & set(volumes(engine))


def test_changed_executables_are_reported(remote):
    subprocess.run(["git", "init", "-q"], cwd=remote.project, check=True)
    result = shell(remote, "echo true >.git/hooks/pre-commit; chmod +x .git/hooks/pre-commit",
                   "--strict")
    assert result.returncode == 3
    assert ".git/hooks/pre-commit" in result.err


def test_remote_session_as_an_ordinary_user(remote, engine, tmp_path):
    os.chmod(engine.socket, 0o666)
    engine.dir.chmod(0o755)
    for path in [tmp_path, *tmp_path.parents]:
        if path.stat().st_uid == os.geteuid() and path != pathlib.Path("/"):
            path.chmod(path.stat().st_mode | 0o755)
    for path in [remote.home, remote.project, remote.runtime]:
        os.chown(path, 4321, 4321)
    (remote.project / "a").write_text("one")
    os.chown(remote.project / "a", 4321, 4321)
    result = subprocess.run(
        ["setpriv", "--reuid=4321", "--regid=4321", "--clear-groups", CCO, "shell", *IMAGE,
         "id -u; stat -c %u a .; echo two >a; echo b >b"], cwd=remote.project, env=remote.env,
        capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL)
    assert result.returncode == 0, result.stderr
    assert result.stdout == "4321\n4321\n4321\n"
    assert (remote.project / "a").read_text() == "two\n"
    assert (remote.project / "b").stat().st_uid == 4321
    subprocess.run(["setpriv", "--reuid=4321", "--regid=4321", "--clear-groups", CCO, "cleanup",
                    "--all", "--yes"], env=remote.env, cwd=remote.project, capture_output=True, check=False)


def test_plan_shows_the_remote_trees(remote):
    remote.env["CCO_ENGINE_FILES"] = "remote"
    plan = json.loads(remote.cco("shell", *IMAGE, "--dry-run").out)
    assert [t["id"] for t in plan["trees"]][0] == "project"
    assert "this machine's localhost" in plan["left_out"]
    remote.env["CCO_ENGINE_FILES"] = "nowhere"
    assert remote.cco("shell", *IMAGE, "true").returncode == 2
