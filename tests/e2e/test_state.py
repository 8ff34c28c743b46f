# SPDX-License-Identifier: MIT
"""Claude's state, entry by entry: what is shared, what is read-only, and what ends with the session; and nothing that
is made inside ever becomes the host's configuration.
"""

import json
import os
import re
import shlex
import stat
import subprocess

import pytest

from conftest import CCO, ROOT
from terminal import Terminal
from test_credentials import Session, Store, a_login

TABLE = re.findall(r'\{"([^"]+)", (true|false), STATE_(\w+),',
                   (ROOT / "src" / "plan" / "claude_state.c").read_text())
SHARED, PARTS, LOCKED, COPIED, KEPT = (
    [(name, is_dir == "true") for name, is_dir, share in TABLE if share == kind]
    for kind in ("PROJECT", "PARTS", "LOCKED", "COPIED", "KEPT"))


def what_is(path):
    """Returns everything about one file, except the times of directories and of links."""
    st = path.lstat()
    if stat.S_ISLNK(st.st_mode):
        return "link", os.readlink(path)
    if not stat.S_ISREG(st.st_mode):
        return "other", st.st_mode, st.st_uid
    return "file", st.st_mode, st.st_uid, st.st_ino, st.st_nlink, st.st_mtime_ns, path.read_bytes()


def transcripts(box, project=None):
    """Returns claude's directory of the conversations of a project."""
    return box.home / ".claude" / "projects" / re.sub("[^a-zA-Z0-9]", "-", str(project or box.project))


def all_of(box):
    """Returns the whole home, except what a session may change: its project, its conversations, cco's own directories
    and .claude.json, which has its own rules.
    """
    free = [box.project, box.home / ".claude.json", box.home / ".local" / "share" / "cco",
            box.home / ".local" / "state" / "cco",
            *(transcripts(box, p) for p in (box.project, box.home / "other"))]
    parents = {box.home / ".local", box.home / ".local" / "share", box.home / ".local" / "state", box.home / ".claude",
               box.home / ".claude" / "projects"}
    found = {}
    for path in box.home.rglob("*"):
        if path in parents or any(path == f or f in path.parents for f in free):
            continue
        found[str(path.relative_to(box.home))] = what_is(path)
    return found


def a_home(box, with_state=True):
    """Makes a user's home, with entries that an agent could misuse."""
    for name, text in ((".bashrc", "PS1=x\n"), (".ssh/id_ed25519", "PRIVATE KEY\n"), (".gitconfig", "[user]\n name = u\n"),
                       (".config/fish/config.fish", "set x\n"), ("other/.envrc", "export A=1\n")):
        path = box.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (box.home / ".claude.json").write_text(json.dumps(HOST))
    claude = box.home / ".claude"
    claude.mkdir()
    for name, is_dir in SHARED + PARTS + LOCKED + COPIED if with_state else []:
        if is_dir:
            (claude / name).mkdir()
            (claude / name / "host").write_text(f"host {name}\n")
        else:
            (claude / name).write_text('{"model":"opus"}\n' if name.endswith(".json") else f"host {name}\n")
    return all_of(box)


HOST = {"numStartups": 3, "theme": "dark", "hasCompletedOnboarding": True,
        "mcpServers": {"mine": {"command": "true"}}, "customApiKeyResponses": {"approved": ["x"], "rejected": []},
        "projects": {"/other": {"allowedTools": [], "hasTrustDialogAccepted": False, "lastCost": 1}}}


def own_directory(box, project=None):
    """Returns cco's own directory of a project: the directory that contains the project's name."""
    name = re.sub(r"[^A-Za-z0-9._-]", "_", (project or box.project).name)
    found = list((box.home / ".local/share/cco/claude").glob(f"{name}-{'?' * 16}"))
    assert len(found) == 1
    return found[0]


def shell(box, script, cwd=None, status=0):
    result = box.cco("shell", script, cwd=cwd, timeout=60)
    assert result.returncode == status, result.err
    assert box.leftovers() == []
    return result


def test_table_of_claudes_state_is_complete():
    assert ("projects", True) in SHARED and ("todos", True) in PARTS and ("hooks", True) in LOCKED and ("settings.json", False) in COPIED
    assert len(TABLE) == (ROOT / "src/plan/claude_state.c").read_text().count(", STATE_")


@pytest.mark.parametrize("there", [True, False], ids=["there", "missing"])
def test_conversations_of_the_project_are_the_same_on_both_sides(real, own_image, there):
    a_home(real, there)
    path = transcripts(real)
    if there:
        path.mkdir()
        (path / "host").write_text("host\n")
    session = Session(real)
    assert session.do("cat ~/.claude/projects/*/host 2>/dev/null || echo none") == ("host" if there else "none")
    session.do(f"echo inside > ~/.claude/projects/{path.name}/new")
    assert (path / "new").read_text() == "inside\n"
    (path / "new").write_text("outside\n")
    assert session.do("cat ~/.claude/projects/*/new") == "outside"
    assert session.end() == ""


CHANGES = ["echo x > $d/new", "echo x >> $d/host", "rm $d/host", "mv $d/host $d/other", "chmod 777 $d/host",
           "ln -s /tmp $d/link", "ln $d/host $d/hard", "mkdir $d/sub", "mknod $d/p p", "mv $d $d.old", "rmdir $d",
           "rm -rf $d", "chmod 777 $d", "touch $d", "ln -sfn /tmp $d", "umount $d", "mount -o remount,rw $d",
           "mv -T ~/decoy $d", "cp -r ~/decoy/. $d", "setfattr -n user.x -v y $d"]


@pytest.mark.parametrize("there", [True, False], ids=["there", "missing"])
def test_locked_directories_are_read_only(real, own_image, there):
    before = a_home(real, there)
    lines = ["mkdir ~/decoy; echo x > ~/decoy/x", 'try() { eval "$1" 2>/dev/null && echo "did: $1 in $d"; }']
    for name, _ in LOCKED:
        lines.append(f"d=~/.claude/{name}; ls $d")
        for change in CHANGES:
            if there or "/host" not in change or ">>" in change:
                lines.append(f"try {shlex.quote(change)}")
    lines.append("true")
    result = shell(real, "\n".join(lines))
    assert result.out.split() == ["host"] * len(LOCKED) if there else result.out == "", result.out
    assert all_of(real) == before
    assert result.err == ""


@pytest.mark.parametrize("there", [True, False], ids=["there", "missing"])
def test_copies_end_with_the_session(real, own_image, there):
    before = a_home(real, there)
    script = "".join(f"cat ~/.claude/{name}; echo; " for name, _ in COPIED)
    first = shell(real, script).out
    changes = "".join(f"echo evil > ~/.claude/{name} && cat ~/.claude/{name}; chmod 777 ~/.claude/{name}; "
                      f"rm -f ~/.claude/{name}; ln -s /x ~/.claude/{name}; " for name, _ in COPIED)
    assert shell(real, changes + "true").out == "evil\n" * len(COPIED)
    assert shell(real, script).out == first and "evil" not in first
    assert all_of(real) == before
    if there:
        assert first.count("opus") + first.count("host ") == len(COPIED)


def test_kept_entries_stay_with_their_project(real, own_image):
    before = a_home(real)
    other = real.home / "other"
    shell(real, "mkdir -p ~/.claude/image-cache/x; echo 2 > ~/.claude/image-cache/x/y")
    own = own_directory(real)
    assert own.stat().st_mode & 0o7777 == 0o700
    assert (own / "image-cache/x/y").read_text() == "2\n"
    assert shell(real, "cat ~/.claude/image-cache/x/y").out == "2\n"
    assert shell(real, "ls -A ~/.claude ~/.claude/image-cache", cwd=other).out.count("x") == 0
    assert own_directory(real, other) != own
    assert all_of(real) == before


def test_unlisted_entries_end_with_the_session(real, own_image):
    before = a_home(real)
    names = sorted([n for n, _, _ in TABLE] + [".credentials.json"])
    shell(real, "cd ~/.claude && echo x > remote-settings.json && echo x > novelty.json && mkdir shell-snapshots")
    assert shell(real, "ls -A ~/.claude").out.split() == names
    assert sorted(p.name for p in own_directory(real).iterdir()) == sorted(
        [n for n, _ in KEPT + PARTS] + [".credentials.json", ".exchanged"])
    assert all_of(real) == before


def test_entry_that_an_earlier_cco_kept_is_not_found(real, own_image):
    """Earlier versions let the sandbox write everywhere in cco's own directory."""
    a_home(real)
    shell(real, "true")
    own = own_directory(real)
    (own / "remote-settings.json").write_text("evil")
    for name, _ in KEPT:
        (own / name).rmdir()
        (own / name).symlink_to(real.home / ".ssh")
    (own / ".credentials.json").unlink()
    (own / ".credentials.json").symlink_to(real.home / ".ssh/id_ed25519")
    script = "cd ~/.claude; cat remote-settings.json " + " ".join(f"{n}/id_ed25519" for n, _ in KEPT) + " .credentials.json"
    assert shell(real, f"({script}) 2>/dev/null; true").out == ""
    assert (real.home / ".ssh/id_ed25519").read_text() == "PRIVATE KEY\n"


def used(directory):
    return sum(p.lstat().st_blocks for p in directory.rglob("*")) * 512


def test_copies_do_not_fill_the_hosts_disk_or_memory(real, own_image):
    """The agent appends to every file that it may write outside of the project and of claude's shared data."""
    a_home(real)
    del real.env["ANTHROPIC_API_KEY"]
    Store(real).write(a_login(1))
    session = Session(real)
    names = [name for name, _ in COPIED] + [".credentials.json", "remote-settings.json"]
    session.do("cd ~/.claude")
    places = [real.runtime, real.home]
    before = [used(place) for place in places]
    for name in names:
        size = session.do(f"head -c 67108864 /dev/zero 2>&1 >> {name}; wc -c < {name}; tail -c +1048577 {name} > x; "
                          f"rm x {name}")
        assert int(size.split()[-1]) >= 1 << 26, "the test has written something"
        session.do(f"head -c 1000000 /dev/zero >> {name}")
    session.do("head -c 67108864 /dev/zero >> ~/.claude.json")
    assert [after - b < 1 << 20 for after, b in zip([used(place) for place in places], before)] == [True, True]
    session.do("head -c 1073741824 /dev/zero > endless")
    assert int(session.do("wc -c < endless")) < 1 << 28, "the memory for claude's directory has a limit"
    session.end()
    assert real.leftovers() == []


def typed():
    """What an agent would type that wants to change the host's configuration."""
    hook = '{"hooks":{"PreToolUse":[{"hooks":[{"type":"command","command":"evil"}]}]},"apiKeyHelper":"evil"}'
    for name, _ in COPIED:
        yield name, hook if name.endswith(".json") else "evil"
    for name in ("hooks/x", "commands/x.md", "agents/x.md", "skills/x/SKILL.md", "plugins/config.json",
                 "plugins/repos/x/hooks/hooks.json", "output-styles/x.md", "rules/x.md", "managed-settings.json",
                 "settings.evil.json", "local/claude", "shell-snapshots/x.sh", "ide/1.lock", "statsig/x", "new/x"):
        yield name, "evil"


EVIL = {"mcpServers": {"evil": {"command": "evil"}}, "hooks": {"Stop": ["evil"]}, "apiKeyHelper": "evil",
        "awsAuthRefreshHelper": "evil", "env": {"LD_PRELOAD": "evil"}, "permissions": {"allow": ["evil"]},
        "allowedTools": ["evil"], "enabledMcpjsonServers": ["evil"], "enableAllProjectMcpServers": True,
        "hasTrustDialogAccepted": True, "bypassPermissionsModeAccepted": True, "plugins": ["evil"], "unheard": "evil",
        "customApiKeyResponses": {"approved": ["evil"], "rejected": []}, "primaryApiKey": "evil",
        "oauthAccount": {"emailAddress": "evil"}, "installMethod": "evil", "autoUpdates": False,
        "cachedGrowthBookFeatures": {"evil": True}, "__proto__": {"evil": 1}, "theme": {"evil": 1}}


def evil_json(box, how):
    own = {**EVIL, "lastCost": 9}
    text = json.dumps({**EVIL, "numStartups": 4, "projects": {
        str(box.project): own, "/other": {**EVIL, "lastCost": 7}, "/new": EVIL}})
    if how == "escaped":
        return re.sub(r'"(\w)(\w+)":', lambda m: f'"\\u{ord(m[1]):04x}{m[2]}":', text)
    if how == "twice":
        return text.replace('"numStartups"', '"projects":{},"mcpServers":{},"numStartups":3,"numStartups"')[:-1] + \
            ',"mcpServers":{"evil":{"command":"evil"}}}'
    return text


@pytest.mark.parametrize("how", ["plain", "escaped", "twice"])
def test_settings_made_inside_never_become_the_hosts(real, own_image, how):
    before = a_home(real, how == "plain")
    lines = []
    for name, text in typed():
        path = f"~/.claude/{name}"
        lines.append(f"mkdir -p $(dirname {path}); printf %s {shlex.quote(text)} > {path}")
    for name in (".bashrc", ".profile", ".gitconfig", ".config/git/hooks/x", ".ssh/authorized_keys", ".local/bin/claude"):
        lines.append(f"mkdir -p $(dirname ~/{name}); echo evil >> ~/{name}")
    lines.append(f"printf %s {shlex.quote(evil_json(real, how))} > ~/.claude.json; true")
    shell(real, "(" + "\n".join(lines) + ") 2>/dev/null")
    assert all_of(real) == before
    raw = (real.home / ".claude.json").read_bytes()
    after = json.loads(raw)
    assert b"evil" not in raw.replace(b"/evil", b"")
    own = after["projects"].pop(str(real.project), {})
    assert set(own) <= {"lastCost"}
    if how != "twice":
        assert after["numStartups"] == 4 and own == {"lastCost": 9}
    assert {**after, "numStartups": 3} == HOST


def test_two_sessions_of_one_project(real, own_image):
    before = a_home(real)
    other = real.home / "other"
    one, two = Session(real), Session(real)
    real.project, home = other, real.project
    three = Session(real)
    real.project = home
    one.do("echo one > ~/.claude/settings.json; echo one > ~/.claude/CLAUDE.md; echo one > ~/.claude/image-cache/one; mkdir $(echo ~/.claude/projects/*)/one")
    assert two.do("cat ~/.claude/CLAUDE.md; grep -c opus ~/.claude/settings.json") == "host CLAUDE.md\n1"
    assert two.do("cat ~/.claude/image-cache/one") == "one"
    assert two.do("ls -d ~/.claude/projects/*/one").endswith("/one")
    assert three.do("cat ~/.claude/image-cache/one ~/.claude/projects/*/one 2>/dev/null || echo none") == "none"
    assert three.do("cat ~/.claude/CLAUDE.md; grep -c opus ~/.claude/settings.json") == "host CLAUDE.md\n1"
    for n, session in enumerate((one, two, three)):
        session.do("sed -i 's/\"numStartups\":/\"hasSeen%d\":true,\"mcpServers\":{\"e\":{}},&/' ~/.claude.json" % n)
    host = json.loads((real.home / ".claude.json").read_text())
    (real.home / ".claude.json").write_text(json.dumps({**host, "theme": "light"}))
    for session in (one, two, three):
        assert all(line.startswith("cco: not kept: ") for line in session.end().splitlines())
    after = json.loads((real.home / ".claude.json").read_text())
    assert after == {**HOST, "theme": "light", "hasSeen0": True, "hasSeen1": True, "hasSeen2": True}
    assert all_of(real) == before and real.leftovers() == []


def test_claude_config_dir_of_the_host(real, own_image):
    """CLAUDE_CONFIG_DIR is set on the host: inside, everything is at the usual place."""
    config = real.home / "conf"
    (config / "hooks").mkdir(parents=True)
    (config / "hooks" / "h").write_text("h")
    (config / "CLAUDE.md").write_text("obey\n")
    (config / ".claude.json").write_text('{"numStartups":1}')
    Store(real).write(a_login(9))  # claude does not look there
    (config / ".credentials.json").write_text(json.dumps(a_login(1)))
    del real.env["ANTHROPIC_API_KEY"]
    real.env["CLAUDE_CONFIG_DIR"] = str(config)
    usual = sorted(real.home.joinpath(".claude").iterdir())
    result = shell(real, "echo ${CLAUDE_CONFIG_DIR-unset}; cat ~/.claude/CLAUDE.md; ls ~/.claude/hooks; "
                         "grep -o 'access[0-9]' ~/.claude/.credentials.json; echo 1 > $(echo ~/.claude/projects/*)/x; "
                         "echo 1 > ~/.claude/new; echo evil > ~/.claude/CLAUDE.md; "
                         """printf '{"numStartups":2,"mcpServers":{"evil":{}}}' > ~/.claude.json; true""")
    assert result.out.split("\n")[:4] == ["unset", "obey", "h", "access1"]
    assert (config / "projects" / transcripts(real).name / "x").read_text() == "1\n" and not (config / "new").exists()
    assert (config / "CLAUDE.md").read_text() == "obey\n"
    assert json.loads((config / ".claude.json").read_text()) == {"numStartups": 2}
    assert sorted(real.home.joinpath(".claude").iterdir()) == usual
    assert not (real.home / ".claude.json").exists()


def interactive(box, cwd=None):
    """One question and one answer, at a terminal."""
    terminal = Terminal([CCO], box.env, cwd or box.project, 30, 100)
    try:
        terminal.wait_for("Claude Code", 20).wait_for("bypass permissions", 10)
        terminal.type("say hi")
        terminal.wait_for("say hi", 10)
        terminal.type("\r")
        terminal.wait_for(box.standin.answer, 20)
        terminal.type("/exit")
        terminal.wait_for("/exit", 10)
        terminal.type("\r")
        assert terminal.wait(20) == 0
    finally:
        terminal.close()
    return json.loads((box.home / ".claude.json").read_text())


def test_counters_of_the_real_claude_are_merged(claude):
    """Its counters and the project's figures come back, and nothing else. What claude moves from .claude.json into its
    settings, which are a copy, is not lost. It asks no question that makes no sense in a sandbox.
    """
    path = claude.home / ".claude.json"
    first = {**json.loads(path.read_text()), "numStartups": 1}
    for known in ({}, {"migrationVersion": 15}):
        host = {**first, **known}
        path.write_text(json.dumps(host))
        after = interactive(claude)
        project = after.pop("projects")[str(claude.project)]
        assert project["lastCost"] > 0 and after["numStartups"] == 2
        assert all(key.startswith(("last", "history", "example")) or isinstance(value, (int, float))
                   for key, value in project.items()), project
        for key, value in host.items():
            assert key == "numStartups" or after.pop(key) == value
        assert not [key for key in after if "igration" in key and key not in host]
        assert not {"mcpServers", "userID", "machineID", "bypassPermissionsModeAccepted"} & set(after)
    assert not list((claude.home / ".claude").glob("settings*.json"))


def test_mcp_servers_added_inside_stay_inside(claude):
    path = claude.home / ".claude.json"
    for scope in ("user", "local", "project"):
        before = json.loads(path.read_text())
        result = claude.cco("mcp", "add", "-s", scope, "evil", "--", "true")
        assert result.returncode == 0 and "evil" in result.out
        assert "evil" not in path.read_text() and "mcpServers" not in path.read_text()
        assert {**json.loads(path.read_text()), **before} == json.loads(path.read_text())
        told = "cco: .mcp.json added (claude starts its servers)\n"
        assert (told in result.err) == (scope == "project") == (claude.project / ".mcp.json").exists(), result.err


def git(cwd, *args):
    subprocess.run(["git", "-c", "user.email=u@example.com", "-c", "user.name=u", "-c", "init.defaultBranch=main",
                    *args], cwd=cwd, check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "HOME": "/nowhere"})


def test_counters_of_a_subdirectory_of_a_repository(claude):
    """claude keeps the counters of a subdirectory with the repository's root, as it does on the host."""
    git(claude.project, "init", "-q")
    (claude.project / "sub").mkdir()
    after = interactive(claude, claude.project / "sub")
    assert list(after["projects"]) == [str(claude.project)]
    assert after["projects"][str(claude.project)]["lastCost"] > 0
