# SPDX-License-Identifier: MIT
"""The user's own set-up of claude, which leads to other places of the home."""

import hashlib
import json
import os

import pytest

from conftest import IMAGE


@pytest.fixture
def linked(real):
    """A home whose skills and commands are links, as users make them who keep these files under version control."""
    claude = real.home / ".claude"
    for name in (".claude/skills", ".claude/commands", ".claude/agents", ".agents/skills/x", "dotfiles/agents", ".ssh"):
        (real.home / name).mkdir(parents=True)
    (real.home / ".agents/skills/x/SKILL.md").write_text("a skill\n")
    (real.home / "dotfiles/commit.md").write_text("a command\n")
    (real.home / "dotfiles/agents/one.md").write_text("an agent\n")
    (real.home / ".ssh/id_ed25519").write_text("a private key\n")
    (claude / "skills/x").symlink_to("../../.agents/skills/x")
    (claude / "commands/commit.md").symlink_to(real.home / "dotfiles/commit.md")
    (claude / "agents").rmdir()
    (claude / "agents").symlink_to("../dotfiles/agents")
    return real


def shell(box, script):
    return box.cco(*IMAGE, "shell", script)


def test_links_lead_where_they_lead_outside(linked):
    result = shell(linked, "cd ~/.claude; cat skills/x/SKILL.md commands/commit.md agents/one.md")
    assert (result.returncode, result.out) == (0, "a skill\na command\nan agent\n"), result.err
    assert "missing" not in result.err and json.loads(linked.cco("info", "--json").out)["project"]["missing"] == []


def test_targets_of_links_cannot_be_changed(linked):
    result = shell(linked, "cd ~/.claude; echo evil > skills/x/SKILL.md; echo evil > commands/commit.md; echo > skills/x/new; true")
    assert result.returncode == 0
    assert (linked.home / ".agents/skills/x/SKILL.md").read_text() == "a skill\n"
    assert (linked.home / "dotfiles/commit.md").read_text() == "a command\n"
    assert not (linked.home / ".agents/skills/x/new").exists()


def test_links_of_others_lead_nowhere(linked):
    """A skill can be a clone of somebody else's repository, and so can a marketplace of plugins."""
    (linked.home / "Documents").mkdir()
    (linked.home / "Documents/private").write_text("private\n")
    (linked.home / "notes").write_text("private\n")
    for name in ("skills/clone", "plugins/marketplaces/y"):
        (linked.home / ".claude" / name).mkdir(parents=True)
        (linked.home / ".claude" / name / "docs").symlink_to(linked.home / "Documents")
        (linked.home / ".claude" / name / "notes").symlink_to(linked.home / "notes")
    (linked.home / "deep").write_text("private\n")
    (linked.home / ".agents/skills/x/deep").symlink_to(linked.home / "deep")
    result = shell(linked, "cd ~/.claude; cat skills/*/docs/* skills/*/notes plugins/*/*/docs/* plugins/*/*/notes skills/x/deep ~/Documents/* ~/notes; ls -d ~/Documents ~/notes ~/deep; true")
    assert result.out == "" and "links in your set-up of claude lead to what is missing inside" in result.err
    for path in (".claude/skills/clone/docs", ".claude/skills/clone/notes", ".agents/skills/x/deep"):
        assert f"{linked.home}/{path}" in result.err
    assert "plugins/marketplaces/y" not in json.dumps(json.loads(linked.cco("info", "--json").out)["project"]["missing"]) and "--ro" not in result.err


def test_files_with_passwords_are_no_targets(linked):
    for name in (".git-credentials", ".netrc", ".npmrc", ".pypirc", ".bash_history"):
        (linked.home / name).write_text("private\n")
        (linked.home / ".claude/skills" / name[1:]).symlink_to(f"../../{name}")
    result = shell(linked, "cat ~/.claude/skills/*; true")
    assert "private" not in result.out and result.err.count("which is missing inside") == 5


def test_link_to_keys_is_reported_once_and_not_shown(linked):
    (linked.home / ".claude/skills/keys").symlink_to("../../.ssh")
    result = shell(linked, "cat ~/.claude/skills/keys/id_ed25519")
    assert "a private key" not in result.out
    line = f"{linked.home}/.claude/skills/keys leads to {linked.home}/.ssh, which is missing inside: it contains your keys"
    assert result.err.count(line) == 1
    assert line not in shell(linked, "true").err
    missing = json.loads(linked.cco("info", "--json").out)["project"]["missing"]
    assert [m["text"].startswith(line) for m in missing] == [True]
    assert json.loads(linked.cco("--dry-run").out)["missing"] == missing
    assert "missing: " + line in " ".join(linked.cco("info").out.split())
    (linked.home / "other").mkdir()
    assert line not in linked.cco(*IMAGE, "--quiet", "shell", "true", cwd=linked.home / "other").err
    assert line in linked.cco(*IMAGE, "shell", "true", cwd=linked.home / "other").err


def settings(box, **members):
    (box.home / ".claude").mkdir(exist_ok=True)
    (box.home / ".claude/settings.json").write_text(json.dumps(members))


def test_token_in_the_settings_is_a_login(box, fake):
    box.env.pop("ANTHROPIC_API_KEY")
    settings(box, env={"ANTHROPIC_AUTH_TOKEN": "sk-ant-secret"})
    info = json.loads(box.cco("info", "--json", "--image", "x").out)
    assert info["credentials"]["ready"] and info["credentials"]["source"] == "auth_token"
    assert info["credentials"]["detail"] == f"ANTHROPIC_AUTH_TOKEN in {box.home}/.claude/settings.json"
    (box.project / "shared.json").write_text(json.dumps({"env": {"ANTHROPIC_AUTH_TOKEN": "sk-ant-secret"}}))
    (box.home / ".claude/settings.json").unlink()
    (box.home / ".claude/settings.json").symlink_to(box.project / "shared.json")
    info = box.cco("info", "--json", "--image", "x")
    assert not json.loads(info.out)["credentials"]["ready"] and "it is not shared" in info.out and "sk-ant" not in info.out


def test_claude_logs_in_with_a_token_of_the_settings(claude):
    claude.env.pop("ANTHROPIC_API_KEY")
    claude.standin.accept("sk-ant-of-settings")
    settings(claude, env={"ANTHROPIC_AUTH_TOKEN": "sk-ant-of-settings"})
    result = claude.cco("-p", "hi")
    assert (result.returncode, result.out, result.err) == (0, claude.standin.answer + "\n", "")


def test_claudes_own_sandbox_is_switched_off_inside(claude):
    """With it, claude does not start, or each command of the agent fails."""
    settings(claude, sandbox={"enabled": True, "failIfUnavailable": True})
    claude.standin.use(("Bash", {"command": "echo works > result", "description": "x"}))
    result = claude.cco("-p", "hi")
    assert (result.returncode, result.out) == (0, claude.standin.answer + "\n"), result.err
    assert (claude.project / "result").read_text() == "works\n"


def test_sandbox_of_the_projects_settings_is_switched_off_inside(claude):
    (claude.project / ".claude").mkdir()
    (claude.project / ".claude/settings.json").write_text('{"sandbox": {"enabled": true, "failIfUnavailable": true}}')
    claude.standin.use(("Bash", {"command": "echo works > result", "description": "x"}))
    result = claude.cco("--trust", "-p", "hi")
    assert (result.returncode, result.out) == (0, claude.standin.answer + "\n"), result.err
    assert (claude.project / "result").read_text() == "works\n"


GUARD = """#!/bin/sh
. "$(dirname "$0")/lib.sh"
cat >/dev/null
echo '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"guarded"}}'
"""


def guard(box, command):
    return settings(box, hooks={"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": command}]}]})


def script(path, text=GUARD):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_guard_of_the_user_guards_inside(claude):
    """The script is outside of ~/.claude/hooks. Without it, claude would do what it refuses."""
    script(claude.home / "my hooks" / "guard.sh")
    script(claude.home / "my hooks" / "lib.sh", "# sourced\n")
    guard(claude, 'bash "$HOME/my hooks/guard.sh"')
    claude.standin.use(("Bash", {"command": "echo evil > result", "description": "x"}))
    result = claude.cco("-p", "hi")
    assert (result.returncode, result.out) == (0, claude.standin.answer + "\n"), result.err
    assert not (claude.project / "result").exists() and "guarded" in claude.standin.said() and "missing" not in result.err


def test_scripts_of_the_user_are_inside_and_cannot_be_changed(real):
    script(real.home / "bin/guard.sh", "#!/bin/sh\necho guard\n")
    script(real.home / "bin/other.sh", "#!/bin/sh\necho other\n")
    script(real.home / ".claude/line.sh", "#!/bin/sh\necho line\n")
    settings(real, statusLine={"type": "command", "command": "~/.claude/line.sh"},
             hooks={"Stop": [{"hooks": [{"type": "command", "command": "$HOME/bin/guard.sh 2>/dev/null"}]}]})
    result = shell(real, "~/bin/guard.sh; ~/.claude/line.sh; ls ~/bin; echo evil > ~/bin/guard.sh; echo evil > ~/.claude/line.sh; true")
    assert result.out == "guard\nline\nguard.sh\n", result.err
    assert "evil" not in (real.home / "bin/guard.sh").read_text() + (real.home / ".claude/line.sh").read_text()


def test_guard_that_cannot_run_inside_is_named(real):
    script(real.home / ".ssh/guard.sh")
    guard(real, "~/.ssh/guard.sh")
    result = shell(real, "test -e ~/.ssh/guard.sh && echo shown; true")
    assert result.out == "" and "the hook PreToolUse of claude's settings runs" in result.err
    assert "as if it had allowed everything" in result.err
    guard(real, "$TOOLS/guard.sh")
    assert "a variable that cco does not know" in shell(real, "true").err


def test_imports_of_the_users_instructions_are_inside(real):
    for name, text in ((".claude/CLAUDE.md", "@RULES.md and @~/notes/style.md\n```\n@~/code.md\n```\n"), (".claude/RULES.md", "rules\n"),
                       ("notes/style.md", "style, @more.md\n"), ("notes/more.md", "more\n"), ("notes/other.md", "other\n"),
                       ("code.md", "code\n")):
        (real.home / name).parent.mkdir(exist_ok=True)
        (real.home / name).write_text(text)
    result = shell(real, "cd ~; cat .claude/RULES.md notes/style.md notes/more.md; ls notes; test -e code.md && echo code; echo evil > notes/more.md; true")
    assert result.out == "rules\nstyle, @more.md\nmore\nmore.md\nstyle.md\n", result.err
    assert (real.home / "notes/more.md").read_text() == "more\n" and "missing" not in result.err


def test_profile_of_aws_is_copied_without_others(real):
    aws = real.home / ".aws"
    aws.mkdir()
    (aws / "config").write_text("[profile work]\nregion = eu-central-1\n[profile sso]\nsso_session = corp\n[profile private]\nregion = x\n")
    (aws / "credentials").write_text("[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = s\n[private]\naws_access_key_id = AKIAPRIVATE\n")
    env = {"CLAUDE_CODE_USE_BEDROCK": "1", "AWS_PROFILE": "work"}
    result = real.cco(*IMAGE, "shell", "cat ~/.aws/config ~/.aws/credentials; echo $AWS_PROFILE; ls -ld ~/.aws/credentials", env=env)
    assert "region = eu-central-1" in result.out and "AKIAWORK" in result.out and "\nwork\n" in result.out and "-rw------- " in result.out
    assert "private" not in result.out.lower() and "sso" not in result.out, result.err
    plan = real.cco("--dry-run", *IMAGE, env=env)
    assert "AKIA" not in plan.out and json.loads(plan.out)["missing"] == []
    assert json.loads(real.cco("info", "--json", env=env).out)["credentials"]["ready"]


def test_token_of_sso_is_copied_without_what_renews_it(real):
    cache = real.home / ".aws/sso/cache"
    cache.mkdir(parents=True)
    (real.home / ".aws/config").write_text("[profile work]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n"
                                           "[sso-session corp]\nsso_start_url = https://corp\nsso_region = eu-west-1\n[sso-session other]\nsso_region = x\n")
    token = {"startUrl": "https://corp", "region": "eu-west-1", "accessToken": "token-of-sso", "expiresAt": "2999-01-01T00:00:00Z",
             "clientId": "id", "clientSecret": "secret-of-client", "refreshToken": "token-that-renews"}
    for name in ("corp", "other"):
        (cache / f"{hashlib.sha1(name.encode()).hexdigest()}.json").write_text(json.dumps(token | {"accessToken": f"{name}-token"}))
    env = {"CLAUDE_CODE_USE_BEDROCK": "1", "AWS_PROFILE": "work"}
    result = real.cco(*IMAGE, "shell", "cat ~/.aws/config ~/.aws/sso/cache/*; ls -l ~/.aws/sso/cache; echo $AWS_PROFILE; grep -rs token-that-renews ~ /run /tmp", env=env)
    assert "corp-token" in result.out and "[sso-session corp]" in result.out and "-rw------- " in result.out and "\nwork\n" in result.out, result.err
    for left_out in ("other", "secret-of-client", "token-that-renews"):
        assert left_out not in result.out
    plan = real.cco("--dry-run", *IMAGE, env=env)
    assert "corp-token" not in plan.out and json.loads(plan.out)["missing"] == []
    assert json.loads(real.cco("info", "--json", env=env).out)["credentials"]["ready"]


def test_cloud_without_a_login_is_not_ok(box, fake):
    for use, key in (("BEDROCK", "AWS_BEARER_TOKEN_BEDROCK"), ("VERTEX", "CLAUDE_CODE_SKIP_VERTEX_AUTH"), ("FOUNDRY", "ANTHROPIC_FOUNDRY_API_KEY")):
        env = {f"CLAUDE_CODE_USE_{use}": "1"}
        info = json.loads(box.cco("info", "--json", "--image", "x", env=env).out)
        if "role of this machine" in info["credentials"]["text"]:
            continue  # the test runs on a machine of this provider
        assert not info["credentials"]["ready"] and "there is no login of" in info["credentials"]["text"]
        assert key in info["credentials"]["note"] or "GOOGLE_APPLICATION_CREDENTIALS" in info["credentials"]["note"]
        assert "cannot log in inside" in info["project"]["missing"][0]["text"]
        info = json.loads(box.cco("info", "--json", "--image", "x", env=env | {key: "k"}).out)
        assert info["credentials"]["ready"] and info["project"]["missing"] == []


def test_login_of_the_cloud_that_cannot_work_inside_is_reported(box, fake):
    (box.home / ".aws").mkdir()
    (box.home / ".aws/config").write_text("[profile sso]\nsso_session = corp\n")
    env = {"CLAUDE_CODE_USE_BEDROCK": "1", "AWS_PROFILE": "sso"}
    info = json.loads(box.cco("info", "--json", "--image", "x", env=env).out)
    assert not info["credentials"]["ready"] and "SSO" in info["credentials"]["text"]
    assert "aws sso login --profile sso" in info["credentials"]["note"]
    assert "SSO" in info["project"]["missing"][0]["text"]


def test_editor_is_found_only_with_its_option(real):
    ide = real.home / ".claude/ide"
    ide.mkdir(parents=True)
    for port, folder in ((41234, real.project), (41235, real.home / "other")):
        lock = {"pid": os.getpid(), "workspaceFolders": [str(folder)], "ideName": "VS Code", "authToken": "the-token-of-the-editor"}
        (ide / f"{port}.lock").write_text(json.dumps(lock))
    real.env |= {"CLAUDE_CODE_SSE_PORT": "41234", "ENABLE_IDE_INTEGRATION": "true"}
    plain = real.cco(*IMAGE, "--dry-run")
    assert "41234.lock" not in plain.out and [m["text"][:24] for m in json.loads(plain.out)["missing"]] == ["/ide does not find VS Co"]
    wanted = real.cco(*IMAGE, "--network", "host", "--dry-run", "--ide")
    assert "/.claude/ide/41234.lock" in wanted.out and "41235" not in wanted.out, wanted.err
    assert "CLAUDE_CODE_SSE_PORT" in wanted.out and "the-token" not in wanted.out + wanted.err
