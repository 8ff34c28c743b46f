# SPDX-License-Identifier: MIT
"""A sandbox gets the data of its own project only: of claude's state, of .claude.json, of logins and of variables."""

import json
import re
import shlex
import subprocess
import time

import pytest

from conftest import CCO, ENGINE, IMAGE, until
from test_state import shell, transcripts

MINE, THEIRS = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"

FILES_CLOCK = 5  # CLOCK_REALTIME_COARSE, which gives files their times

SECRETS = ("CLAUDE_CODE_OAUTH_REFRESH_TOKEN", "ANTHROPIC_ADMIN_KEY", "CLAUDE_CODE_CLIENT_KEY_PASSPHRASE",
           "CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_NEW_SECRET", "CLAUDE_CODE_NEW_SECRET")


def test_secrets_in_variables_do_not_pass(real, own_image):
    real.env.update({name: f"secret-{name}" for name in SECRETS}, CLAUDE_CODE_EFFORT_LEVEL="low")
    result = shell(real, "env")
    assert "secret-" not in result.out
    assert "CLAUDE_CODE_EFFORT_LEVEL=low" in result.out and "ANTHROPIC_API_KEY=sk-ant-e2e-secret" in result.out
    listed = json.loads(real.cco("info", "--json").out)["claude"]["variables_left_out"]
    assert listed == sorted(SECRETS)
    assert all(name in real.cco("info").out for name in SECRETS)
    verbose = real.cco("--verbose", "shell", "true").err
    assert all(name in verbose for name in SECRETS) and "secret-" not in verbose
    passed = real.cco("--env", "ANTHROPIC_ADMIN_KEY", "shell", "echo $ANTHROPIC_ADMIN_KEY").out
    assert passed == "secret-ANTHROPIC_ADMIN_KEY\n"


def conversation(box, project, number, word):
    """Makes a conversation of a project with all its parts, as claude keeps them on the host."""
    claude = box.home / ".claude"
    slug = f"{word}-plan"
    for path, text in (
            (transcripts(box, project) / f"{number}.jsonl", json.dumps({"slug": slug, "text": f"{word} said"}, separators=(",", ":"))),
            (transcripts(box, project) / "memory" / "MEMORY.md", f"{word} memory"),
            (claude / "file-history" / number / "0123456789abcdef@v1", f"{word} file"),
            (claude / "tasks" / number / "1.json", f"{word} task"),
            (claude / "todos" / f"{number}-agent-{number}.json", f"{word} todo"),
            (claude / "plans" / f"{slug}.md", f"{word} plan")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    with (claude / "history.jsonl").open("a") as file:
        file.write(json.dumps({"display": f"{word} prompt", "project": str(project)}) + "\n")


def tree(path):
    return {str(p.relative_to(path)): p.read_text() for p in path.rglob("*") if p.is_file()}


@pytest.fixture
def two(real, own_image):
    """A home in which two projects have conversations."""
    other = real.home / "other"
    other.mkdir()
    conversation(real, real.project, MINE, "mine")
    conversation(real, other, THEIRS, "theirs")
    real.other = other
    return real


def test_only_this_projects_conversations_are_visible(two):
    result = shell(two, "cd ~/.claude; cat $(find . -type f)")
    for what in ("said", "memory", "file", "task", "todo", "plan", "prompt"):
        assert f"mine {what}" in result.out
    assert "theirs" not in result.out
    result = shell(two, "cd ~/.claude; cat $(find . -type f)", cwd=two.other)
    assert "theirs said" in result.out and "mine" not in result.out


def test_other_projects_conversations_cannot_be_changed(two):
    before = tree(two.home / ".claude")
    there = transcripts(two, two.other).name
    shell(two, f"cd ~/.claude; for f in projects/{there}/memory/MEMORY.md projects/{there}/{THEIRS}.jsonl "
               f"file-history/{THEIRS}/0123456789abcdef@v1 tasks/{THEIRS}/1.json todos/{THEIRS}-agent-{THEIRS}.json "
               f"plans/theirs-plan.md plans/new.md sessions/1.json; do mkdir -p $(dirname $f); echo evil > $f; done; "
               f"echo {shlex.quote(json.dumps({'display': 'evil', 'project': str(two.other)}))} >> history.jsonl; "
               "ln -s /etc/passwd file-history/link; mkfifo tasks/fifo; true")
    assert tree(two.home / ".claude") == before


def test_new_parts_of_conversations_reach_the_host(two):
    """They reach it at the end of the session, or of the next one if cco was killed."""
    script = (f"cd ~/.claude; echo v2 > file-history/{MINE}/0123456789abcdef@v2; echo done > tasks/{MINE}/1.json; "
              "echo changed > plans/mine-plan.md; "
              f"echo {shlex.quote(json.dumps({'display': 'inside', 'project': str(two.project)}))} >> history.jsonl")
    shell(two, script)
    claude = two.home / ".claude"
    assert (claude / "file-history" / MINE / "0123456789abcdef@v2").read_text() == "v2\n"
    assert (claude / "tasks" / MINE / "1.json").read_text() == "done\n"
    assert (claude / "plans" / "mine-plan.md").read_text() == "changed\n"
    assert [json.loads(line)["display"] for line in (claude / "history.jsonl").read_text().splitlines()] == \
        ["mine prompt", "theirs prompt", "inside"]
    again = tree(claude)
    shell(two, "true")
    assert tree(claude) == again


def test_new_parts_reach_the_host_after_kill_9(two):
    with subprocess.Popen([CCO, *IMAGE, "shell", f"echo v3 > ~/.claude/file-history/{MINE}/0123456789abcdef@v3; "
                           "echo up; exec sleep 1000"], cwd=two.project, env=two.env, stdout=subprocess.PIPE,
                          stdin=subprocess.DEVNULL) as child:
        assert child.stdout.readline() == b"up\n"
        child.kill()
    assert two.cco("cleanup", "--all", "--yes").returncode == 0
    shell(two, "true", cwd=two.other)
    path = two.home / ".claude" / "file-history" / MINE / "0123456789abcdef@v3"
    until(lambda: path.exists() or shell(two, "true"))
    assert path.read_text() == "v3\n"


def test_what_a_sandbox_plants_is_not_obeyed_by_the_next(two):
    names = ("remote-settings.json", "policy-limits.json", "managed-settings.json", "shell-snapshots/x.sh", "new/x")
    shell(two, "cd ~/.claude; for f in %s; do mkdir -p $(dirname $f); echo planted > $f; done" % " ".join(names))
    assert "planted" not in shell(two, "cd ~/.claude; cat %s 2>/dev/null; cat * 2>/dev/null; true" % " ".join(names)).out


def test_links_that_a_session_leaves_in_claudes_state_are_removed(two):
    entry = transcripts(two, two.project)
    secret = two.home / "secret"
    secret.write_text("secret\n")
    own = entry / "own"
    own.symlink_to(secret)
    until(lambda: time.clock_gettime_ns(FILES_CLOCK) // 10**6 > own.lstat().st_ctime_ns // 10**6)
    name = shlex.quote(str(entry))
    result = shell(two, f"cd {name} && rm memory/MEMORY.md && ln -s ~/secret memory/MEMORY.md && ln -s ~/secret x.jsonl && "
                        "mkdir closed && ln -s ~/secret closed/link && chmod 0 closed")
    assert not (entry / "memory" / "MEMORY.md").is_symlink() and not (entry / "x.jsonl").is_symlink()
    assert not (entry / "closed" / "link").is_symlink()
    assert "removed 3 links" in result.err
    assert own.is_symlink(), "a link of the user's own stays"


def test_link_in_place_of_the_projects_conversations_is_not_followed(real, own_image):
    secret = real.home / "secret"
    secret.mkdir()
    (secret / "key").write_text("secret\n")
    transcripts(real).parent.mkdir(parents=True)
    transcripts(real).symlink_to(secret)
    result = shell(real, "cat ~/.claude/projects/*/key 2>/dev/null; echo kept > $(echo ~/.claude/projects/*)/x")
    assert result.out == "" and "cannot be shared" in result.err and str(transcripts(real)) in result.err
    assert tree(secret) == {"key": "secret\n"}
    assert shell(real, "cat ~/.claude/projects/*/x").out == "kept\n"


def last_messages(claude):
    """Returns what the last question to the stand-in contained."""
    return json.dumps([body for path, _, body in claude.standin.requests if path.startswith("/v1/messages")][-1])


def hosts_claude(claude, *args):
    """Runs this machine's claude in the project, without cco."""
    if not ENGINE.native:
        pytest.skip("this machine's claude is needed")
    result = subprocess.run(["claude", *args], cwd=claude.project, env={**claude.env, "IS_SANDBOX": "1"}, check=False,
                            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr


def test_conversations_are_resumed_in_both_directions(claude):
    """With the real claude: begun inside, continued on the host by its id, and continued inside again."""
    host = ["-p", "--dangerously-skip-permissions"]
    assert claude.cco("-p", "first question").returncode == 0
    number = next(transcripts(claude).glob("*.jsonl")).stem
    hosts_claude(claude, *host, "--resume", number, "second question")
    assert "first question" in last_messages(claude)
    assert claude.cco("--continue", "-p", "third question").returncode == 0
    assert "first question" in last_messages(claude) and "second question" in last_messages(claude)
    hosts_claude(claude, *host, "--continue", "fourth question")
    assert "third question" in last_messages(claude)
    assert [p.name for p in (claude.home / ".claude" / "projects").iterdir()] == [transcripts(claude).name]


def question(claude, text):
    """Returns the conversation in which the user asked this, and the id of the question."""
    for path in transcripts(claude).glob("*.jsonl"):
        for line in map(json.loads, path.read_text().splitlines()):
            if line.get("type") == "user" and text in json.dumps(line["message"]["content"]):
                return path.stem, line["uuid"]
    raise AssertionError(text)


def test_files_are_rewound_in_both_directions(claude):
    """With the real claude: what it changed inside is rewound on the host, and the other way round."""
    claude.env["CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING"] = "1"
    file = claude.project / "file"
    file.write_text("old\n")

    def change(text):
        claude.standin.use(("Read", {"file_path": str(file)}), ("Write", {"file_path": str(file), "content": text}))

    change("inside\n")
    assert claude.cco("-p", "change it inside").returncode == 0
    assert file.read_text() == "inside\n"
    number, first = question(claude, "change it inside")
    hosts_claude(claude, "--resume", number, "--rewind-files", first)
    assert file.read_text() == "old\n"
    file.write_text("later\n")
    change("outside\n")
    hosts_claude(claude, "-p", "--dangerously-skip-permissions", "--resume", number, "change it outside")
    assert file.read_text() == "outside\n"
    result = claude.cco("--resume", number, "--rewind-files", question(claude, "change it outside")[1])
    assert result.returncode == 0 and file.read_text() == "later\n", result.out + result.err


def test_long_paths_have_the_name_that_claude_gives_them(claude):
    deep = claude.project / ("d" * 120) / ("e" * 120)
    deep.mkdir(parents=True)
    assert claude.cco("-p", "question of a long path", cwd=deep).returncode == 0
    found = [p for p in (claude.home / ".claude" / "projects").iterdir()]
    assert len(found) == 1 and re.fullmatch(r"[-a-zA-Z0-9]{200}-[0-9a-z]+", found[0].name)
    assert list(found[0].glob("*.jsonl"))
    assert claude.cco("--continue", "-p", "again", cwd=deep).returncode == 0
    assert "question of a long path" in last_messages(claude)


def test_only_this_projects_part_of_claude_json_is_visible(two):
    """And what was left out is not lost when the copy is merged."""
    path = two.home / ".claude.json"
    secret = {"env": {"TOKEN": "theirs"}}
    host = {"numStartups": 3, "theme": "dark", "hasCompletedOnboarding": True, "primaryApiKey": "theirs",
            "oauthAccount": {"emailAddress": "theirs"}, "githubRepoPaths": {"r": ["theirs"]}, "unheard": "theirs",
            "customApiKeyResponses": {"approved": ["sk-ant-e2e-secret", "theirs"], "rejected": []},
            "mcpServers": {"user": {"command": "mine-user"}},
            "projects": {str(two.project): {"mcpServers": {"local": {"command": "mine-local"}}, "lastCost": 1},
                         str(two.other): {"mcpServers": {"s": secret}, "history": [{"display": "theirs"}]}}}
    path.write_text(json.dumps(host))
    result = shell(two, "cat ~/.claude.json; sed -i 's/\"numStartups\":3/\"numStartups\":4/' ~/.claude.json")
    assert "theirs" not in result.out
    copy = json.loads(result.out)
    assert copy["mcpServers"] == host["mcpServers"] and copy["theme"] == "dark" and copy["hasCompletedOnboarding"]
    assert copy["projects"][str(two.project)]["mcpServers"] == {"local": {"command": "mine-local"}}
    assert copy["customApiKeyResponses"]["approved"] == ["sk-ant-e2e-secret"]
    assert json.loads(path.read_text()) == {**host, "numStartups": 4}
    del two.env["ANTHROPIC_API_KEY"]
    assert '"primaryApiKey":"theirs"' in shell(two, "cat ~/.claude.json").out  # it is the only login


def test_key_in_claudes_own_file_is_the_last_login(claude):
    """The real claude uses it inside, and cco does not say that there is no login."""
    path = claude.home / ".claude.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "primaryApiKey": "sk-ant-of-the-file"}))
    assert json.loads(claude.cco("info", "--json").out)["credentials"]["source"] == "api_key"
    del claude.env["ANTHROPIC_API_KEY"]
    claude.standin.accept("sk-ant-of-the-file")
    result = claude.cco("-p", "hi")
    assert (result.returncode, result.out, result.err) == (0, claude.standin.answer + "\n", "")
    found = json.loads(claude.cco("info", "--json").out)["credentials"]
    assert (found["source"], found["detail"]) == ("primary_key", f"primaryApiKey in {path}")
    assert "no login found" not in claude.cco("info").out


def test_only_this_projects_logins_of_mcp_servers_are_visible(two):
    """And only access tokens. The host's file stays as it is."""
    store = two.home / ".claude" / ".credentials.json"
    servers = {name: {"serverName": name, "serverUrl": f"https://{name}", "accessToken": f"token-{name}",
                      "refreshToken": "theirs", "clientSecret": "theirs"} for name in ("user", "local", "shared", "other")}
    store.write_text(json.dumps({
        "claudeAiOauth": {"accessToken": "mine", "refreshToken": "theirs", "expiresAt": 4102444800000, "scopes": []},
        "mcpOAuth": {f"{name}|0123": value for name, value in servers.items()},
        "mcpOAuthClientConfig": {"user|0123": {"clientSecret": "theirs"}}, "unheard": {"x": "theirs"}}))
    before = store.read_text()
    (two.home / ".claude.json").write_text(json.dumps({
        "mcpServers": {"user": {"type": "http", "url": "https://user"}},
        "projects": {str(two.project): {"mcpServers": {"local": {"type": "http", "url": "https://local"}}},
                     str(two.other): {"mcpServers": {"other": {"type": "http", "url": "https://other"}}}}}))
    (two.project / ".mcp.json").write_text(json.dumps({"mcpServers": {"shared": {"type": "http", "url": "https://shared"}}}))
    del two.env["ANTHROPIC_API_KEY"]
    copy = json.loads(shell(two, "cat ~/.claude/.credentials.json").out)
    assert set(copy["mcpOAuth"]) == {"user|0123", "local|0123"}  # the project is not trusted
    text = two.cco("--trust", "shell", "cat ~/.claude/.credentials.json").out
    copy = json.loads(text)
    assert set(copy["mcpOAuth"]) == {"user|0123", "local|0123", "shared|0123"} and "theirs" not in text
    assert copy["mcpOAuth"]["user|0123"]["accessToken"] == "token-user"
    assert copy["claudeAiOauth"]["accessToken"] == "mine" and set(copy) == {"claudeAiOauth", "mcpOAuth"}
    assert store.read_text() == before


def test_git_worktree_shares_the_memory_of_its_repository(two):
    """claude keeps the memory of a worktree there. Its conversations are its own."""
    def git(*args):
        subprocess.run(["git", "-c", "user.email=u@example.com", "-c", "user.name=u", *args], cwd=two.project, check=True,
                       capture_output=True, env={"PATH": "/usr/bin:/bin", "HOME": "/nowhere"})

    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "x")
    tree_dir = two.home / "tree"
    git("worktree", "add", "-q", str(tree_dir))
    root = transcripts(two).name
    result = shell(two, f"cd ~/.claude/projects; cat ./{root}/memory/MEMORY.md; ls ./{root}; "
                        f"echo learned >> ./{root}/memory/MEMORY.md", cwd=tree_dir)
    assert result.out == "mine memory\nmemory\n"
    assert (transcripts(two) / "memory" / "MEMORY.md").read_text() == "mine memory\nlearned\n"
