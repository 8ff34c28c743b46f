# SPDX-License-Identifier: MIT
"""What an agent wrote in one project decides nothing in the sessions of other projects: the ledger of writable trees, the
look-up of host paths, and pins."""

import json
import os
import shutil
import subprocess

import pytest

from conftest import CCO, IMAGE, native_only, put, refused

pytestmark = native_only("test_trust_engines.py has the tests with an engine")

SECRET = "secret-of-the-host"


def agent(box, tree, script, *options):
    """Runs a script of an agent in a session whose project is `tree`."""
    result = box.cco(*IMAGE, *options, "shell", script, cwd=tree)
    assert result.returncode == 0, result.err
    return result


def inside(box, script, *options, **more):
    """Runs a script in a session of another project."""
    return box.cco(*IMAGE, *options, "shell", script, **more)


def ledger(box):
    return box.home / ".local/state/cco/trust/ledger"


@pytest.fixture
def dots(real):
    """A home whose settings are links into a repository, as many users have it, and two secrets."""
    home = real.home
    dot = home / "dot"
    put(home / ".ssh" / "id_ed25519", SECRET + "\n")
    put(home / ".aws" / "credentials", SECRET + "\n")
    put(home / ".aws" / "config", SECRET + "\n")
    put(dot / "gitconfig", "[user]\n\tname = Ann of the repository\n")
    put(dot / "git" / "config", "# of the repository\n")
    put(dot / "claude" / "skills" / "s" / "SKILL.md", "skill of the repository\n")
    (home / ".gitconfig").symlink_to("dot/gitconfig")
    (home / ".config").mkdir(exist_ok=True)
    (home / ".config" / "git").symlink_to("../dot/git")
    (home / ".claude").mkdir(exist_ok=True)
    real.dot = dot
    return real


EXCHANGE = "rm -rf gitconfig git; ln -s ../.ssh/id_ed25519 gitconfig; ln -s ../.aws git"
SHOW = "cat ~/.gitconfig ~/.config/git/config ~/.config/git/credentials 2>/dev/null; true"


def test_links_that_an_agent_exchanged_in_another_project_are_not_followed(dots):
    assert "Ann of the repository" in inside(dots, SHOW).out
    agent(dots, dots.dot, EXCHANGE)
    result = inside(dots, SHOW)
    assert SECRET not in result.out and result.returncode == 0, result.err
    assert f"{dots.home}/.gitconfig: it leads through the link {dots.dot}/gitconfig" in result.err
    assert f"{dots.home}/.config/git/config: it leads through the link {dots.dot}/git," in result.err


def test_links_into_a_recorded_tree_are_not_followed_even_if_nothing_changed(dots):
    """What lies there may come from an agent, although it has the old name."""
    agent(dots, dots.dot, "printf '[core]\\n\\thooksPath = /tmp/evil\\n' >gitconfig")
    result = inside(dots, SHOW)
    assert "evil" not in result.out and f"cco trust {dots.home}/.gitconfig" in result.err, result.err


def test_one_question_is_about_all_linked_files(dots):
    """Users who keep their settings in a repository get one message, and one command that they can paste."""
    home = dots.home
    put(dots.dot / "ssh", "Host example\n")
    (home / ".ssh" / "config").symlink_to("../dot/ssh")
    agent(dots, dots.dot, "true")
    (home / ".claude" / "skills").symlink_to("../dot/claude/skills")
    paths = [f"{home}/.claude/skills", f"{home}/.gitconfig", f"{home}/.config/git/config", f"{home}/.ssh/config"]
    show = "cat ~/.claude/skills/s/SKILL.md ~/.gitconfig ~/.config/git/config ~/.ssh/config 2>/dev/null; true"
    result = inside(dots, show)
    assert result.out == ""
    assert result.err == (f"cco: 4 of your files are not shared:\n     {', '.join(paths)}: each leads into {dots.dot}, where an "
                          f"agent could write\n     To accept their present content: cco trust {' '.join(paths)}\n")
    lines = dots.cco("info").out.split("4 of your files are not shared:")[1].split()
    assert " ".join(["cco", "trust", *paths]) in " ".join(lines)
    command = result.err.splitlines()[-1].partition("cco trust ")[2]
    accepted = subprocess.run(["sh", "-c", f'"$0" trust --yes {command}', CCO], env=dots.env, cwd=dots.project, check=False)
    assert accepted.returncode == 0
    result = inside(dots, show)
    assert "Ann of the repository" in result.out and "skill" in result.out and "Host" in result.out and result.err == ""
    assert "not shared" not in dots.cco("info").out


def test_a_tree_that_was_renamed_is_recognised(dots):
    agent(dots, dots.dot, EXCHANGE)
    moved = dots.home / "moved"
    dots.dot.rename(moved)
    (dots.home / ".gitconfig").unlink()
    (dots.home / ".gitconfig").symlink_to("moved/gitconfig")
    result = inside(dots, SHOW)
    assert SECRET not in result.out and f"{dots.home}/.gitconfig is not shared" in result.err, result.err


@pytest.mark.parametrize("entry", ["projects", "skills"])
def test_a_linked_entry_of_claude_is_not_written_through_a_recorded_tree(dots, entry):
    """The agent exchanges the target of an entry that the sandbox can write."""
    target = dots.dot / "claude" / entry
    target.mkdir(parents=True, exist_ok=True)
    agent(dots, dots.dot, f"rm -rf claude/{entry}; ln -s ../../.aws claude/{entry}")
    link = dots.home / ".claude" / entry
    if link.exists():
        shutil.rmtree(link)
    link.symlink_to(f"../dot/claude/{entry}")
    inside(dots, f"echo evil >>~/.claude/{entry}/config; cat ~/.claude/{entry}/credentials; true")
    assert (dots.home / ".aws" / "config").read_text() == SECRET + "\n"


def test_a_named_path_whose_link_an_agent_made_is_refused(dots):
    """The user has seen `docs` as a directory of the project."""
    project = dots.home / "projA"
    put(project / "docs" / "x", "x\n")
    agent(dots, project, "rm -r docs; ln -s ../.aws docs")
    for option in ("--add-dir", "--ro"):
        refused(inside(dots, "true", option, f"{project}/docs"), 2, option, f"the link {project}/docs", "agent")
    result = inside(dots, f"cat {project}/docs/credentials; true", "--add-dir", f"{dots.home}/projA/docs/../docs")
    assert SECRET not in result.out


def test_a_directory_in_a_recorded_tree_can_be_named(dots):
    project = dots.home / "projA"
    put(project / "docs" / "x", "of the docs\n")
    agent(dots, project, "ln -s docs alias")
    for name in ("docs", "alias"):
        result = inside(dots, f"cat {project}/{name}/x", "--ro", f"{project}/{name}")
        assert result.out == "of the docs\n", result.err


def test_a_project_to_which_a_link_of_an_agent_leads_is_refused(dots):
    project = dots.home / "projA"
    other = dots.home / "other"
    put(project / "sub" / "x", SECRET + "\n")
    put(other / "x", "of the other\n")
    agent(dots, project, "rm -r sub; ln -s ../other sub")
    result = inside(dots, "true", cwd=project / "sub", env={"PWD": str(project / "sub")})
    refused(result, 125, "cannot be the project", f"the link {project}/sub", f"cd {other}")
    assert inside(dots, "cat x", cwd=other, env={"PWD": str(other)}).out == "of the other\n"
    assert inside(dots, "pwd", cwd=project, env={"PWD": str(project)}).returncode == 0


@pytest.mark.parametrize("damage", ["empty", "line", "link", "fifo", "torn"])
def test_a_damaged_ledger_is_never_an_empty_one(dots, damage):
    agent(dots, dots.dot, EXCHANGE)
    file = ledger(dots)
    text = file.read_text()
    if damage == "empty":
        file.write_text("")
    elif damage == "line":
        file.write_text(text.replace("/dot ", "/d0t "))
    elif damage == "link":
        file.rename(file.with_name("other"))
        file.symlink_to("other")
    elif damage == "fifo":
        file.unlink()
        os.mkfifo(file)
    else:
        file.write_text(text + "1 2 3 /half")
    result = inside(dots, SHOW)
    assert SECRET not in result.out
    if damage == "torn":
        assert result.returncode == 0 and f"{dots.home}/.gitconfig: it leads through" in result.err, result.err
        assert "/half" not in file.read_text()
    else:
        refused(result, 125, str(file))


def test_a_session_that_cannot_be_recorded_does_not_start(dots):
    put(dots.home / ".local/state/cco/trust", "a file instead of a directory\n")
    result = inside(dots, "echo started")
    assert result.returncode == 125 and "started" not in result.out, result.err


def test_every_tree_that_a_session_can_write_is_recorded_once(dots):
    more = dots.home / "more"
    read = dots.home / "read"
    more.mkdir()
    read.mkdir()
    for _ in range(2):
        inside(dots, "true", "--add-dir", str(more), "--ro", str(read))
    paths = [line.split(" ")[3] for line in ledger(dots).read_text().splitlines()[1:]]
    assert sorted(paths) == sorted([str(dots.project).replace(" ", "%20"), str(more)])


def test_settings_of_cco_in_a_recorded_tree_are_not_obeyed(dots):
    put(dots.dot / "cco" / "config", "env = FROM_CONFIG=1\n")
    (dots.home / ".config" / "cco").symlink_to("../dot/cco")
    assert inside(dots, "echo $FROM_CONFIG").out == "1\n"
    agent(dots, dots.dot, "echo env = FROM_CONFIG=evil >cco/config")
    result = inside(dots, "echo $FROM_CONFIG")
    assert result.out == "\n" and f"{dots.home}/.config/cco/config is not used" in result.err, result.err


def test_a_helper_that_an_agent_could_write_is_not_run(dots):
    """claude's apiKeyHelper runs on the host, outside of every sandbox."""
    helper = put(dots.dot / "bin" / "key", "#!/bin/sh\necho key\n", 0o700)
    put(dots.home / ".claude" / "settings.json", '{"apiKeyHelper":"~/dot/bin/key"}')
    agent(dots, dots.dot, f"printf '#!/bin/sh\\ntouch {dots.home}/evil\\necho key\\n' >bin/key")
    del dots.env["ANTHROPIC_API_KEY"]
    inside(dots, "true")
    assert helper.exists() and not (dots.home / "evil").exists()


def test_add_dir_that_decides_what_claude_obeys_is_refused(dots):
    (dots.home / ".claude" / "skills").symlink_to("../dot/claude/skills")
    refused(inside(dots, "true", "--add-dir", str(dots.dot)), 2, "--add-dir", f"{dots.home}/.claude/skills")


# pins


def test_a_pinned_file_is_shared_until_it_changes(dots):
    config = dots.home / ".gitconfig"
    agent(dots, dots.dot, "true")
    assert "Ann" not in inside(dots, SHOW).out
    pinned = dots.cco("trust", "--yes", str(config), str(dots.home / ".config/git/config"))
    assert pinned.returncode == 0, pinned.err
    result = inside(dots, SHOW)
    assert result.out == "[user]\n\tname = Ann of the repository\n# of the repository\n", result.err
    assert result.err == ""
    agent(dots, dots.dot, "echo '[core]' >>gitconfig")
    result = inside(dots, SHOW)
    assert "Ann" not in result.out and "has changed since you accepted it" in result.err, result.err
    assert dots.cco("trust", "--yes", str(config)).returncode == 0
    assert "[core]" in inside(dots, SHOW).out


def test_a_pinned_file_is_shared_in_the_project_that_contains_it(dots):
    """Users edit their dotfiles with cco, and git has their name meanwhile."""
    agent(dots, dots.dot, "true")
    assert "Ann" not in inside(dots, SHOW, cwd=dots.dot).out
    assert dots.cco("trust", "--yes", str(dots.home / ".gitconfig")).returncode == 0
    assert "Ann" in inside(dots, SHOW, cwd=dots.dot).out


def test_a_pin_does_not_hold_for_another_target(dots):
    """The other file has the same content."""
    agent(dots, dots.dot, "true")
    assert dots.cco("trust", "--yes", str(dots.home / ".gitconfig")).returncode == 0
    agent(dots, dots.dot, "cp gitconfig other; rm gitconfig; ln -s other gitconfig")
    result = inside(dots, SHOW)
    assert "Ann" not in result.out and "has changed" in result.err, result.err


def test_a_removed_pin_does_not_count(dots):
    agent(dots, dots.dot, "true")
    config = str(dots.home / ".gitconfig")
    assert dots.cco("trust", "--yes", config).returncode == 0
    listed = dots.cco("trust", "--list")
    assert config in listed.out, listed.err
    assert dots.cco("trust", "--remove", config).returncode == 0
    assert config not in dots.cco("trust", "--list").out
    assert "Ann" not in inside(dots, SHOW).out


def test_a_pinned_entry_of_claude_can_only_be_read(dots):
    agent(dots, dots.dot, "true")
    link = dots.home / ".claude" / "skills"
    link.symlink_to("../dot/claude/skills")
    assert inside(dots, "ls ~/.claude/skills").out == ""
    assert dots.cco("trust", "--yes", str(link)).returncode == 0
    result = inside(dots, "cat ~/.claude/skills/s/SKILL.md; echo evil >~/.claude/skills/s/SKILL.md; true")
    assert result.out == "skill of the repository\n", result.err
    assert (dots.dot / "claude/skills/s/SKILL.md").read_text() == "skill of the repository\n"


def test_a_directory_with_a_link_that_leads_out_of_it_cannot_be_pinned(dots):
    agent(dots, dots.dot, "ln -s ../../../.ssh claude/skills/keys")
    (dots.home / ".claude" / "skills").symlink_to("../dot/claude/skills")
    result = dots.cco("trust", "--yes", str(dots.home / ".claude/skills"))
    assert result.returncode == 125 and "leads out of" in result.err, result.err


# git worktrees


def test_read_only_project_keeps_the_repository_of_a_worktree(real):
    main = real.home / "main"
    tree = real.home / "tree"
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    env = {**os.environ, "HOME": str(real.home)}
    subprocess.run([*git, "init", "-q", str(main)], check=True, env=env)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "m"], cwd=main, check=True, env=env)
    subprocess.run([*git, "worktree", "add", "-q", str(tree)], cwd=main, check=True, env=env, stderr=subprocess.DEVNULL)
    hook = main / ".git" / "hooks" / "post-checkout"
    plant = f"echo evil >{hook} && echo written; true"
    for option in (".", str(tree), str(main)):
        result = inside(real, plant, "--ro", option, cwd=tree)
        assert result.out == "" and result.returncode == 0, result.err
    assert not hook.exists()
    assert inside(real, plant, cwd=tree).out == "written\n"


def test_a_recording_is_not_written_through_a_link_of_an_agent(dots):
    (dots.home / "other").mkdir()
    project = dots.home / "projA"
    project.mkdir()
    agent(dots, project, "ln -s ../other films; ln -s ../other/new film; mkdir -p own; ln -s own alias")
    for name in ("films/x", "films/../x", "film"):
        result = inside(dots, "true", "--record", name, cwd=project)
        assert result.returncode != 0 and "--record" in result.err, result.err
    assert list((dots.home / "other").iterdir()) == [] and not (dots.home / "x").exists()
    assert inside(dots, "true", "--record", "alias/x", cwd=project).returncode == 0
    assert (project / "own" / "x").exists()


def program(path, text):
    put(path, text, mode=0o755)
    return path


def test_no_program_from_a_recorded_tree_reaches_the_engine(dots):
    """cco runs ssh on the host, with the user's keys in reach."""
    project = dots.home / "projA"
    project.mkdir()
    agent(dots, project, "printf '#!/bin/sh\\necho ran >>%s\\nexit 1\\n' '" + str(dots.home) + "/ran' >ssh; chmod +x ssh")
    program(dots.home / "own" / "ssh", f"#!/bin/sh\necho own >>{dots.home}/own-ran\nexit 1\n")
    result = dots.cco("--engine", "docker", "shell", "true", cwd=dots.home / "my project", env={
        "PATH": f"{project}:{dots.home}/own:/usr/bin:/bin", "DOCKER_HOST": "ssh://user@host.invalid"})
    assert result.returncode == 125 and "ssh" in result.err, result.err
    assert not (dots.home / "ran").exists() and (dots.home / "own-ran").read_text() == "own\n"


def renewing(box):
    """A login that has expired, and a claude on the host that runs node, as packages of npm do."""
    put(box.home / ".claude" / ".credentials.json", json.dumps({"claudeAiOauth": {
        "accessToken": "a", "refreshToken": "r", "expiresAt": 1, "scopes": ["user:inference"]}}))
    program(box.home / "bin" / "claude", "#!/usr/bin/env fakenode\n")
    program(box.home / "node" / "fakenode", f'#!/bin/sh\necho "$@" >>{box.home}/own-ran\n')
    box.env.pop("ANTHROPIC_API_KEY")
    box.env["PATH"] = f"{box.home}/projA:{box.home}/bin:{box.home}/node:/usr/bin:/bin"


def test_a_renewal_runs_no_program_from_a_recorded_tree(dots):
    """The host's claude is the user's own, but finds its interpreter in PATH."""
    project = dots.home / "projA"
    project.mkdir()
    agent(dots, project, f"printf '#!/bin/sh\\necho ran >>{dots.home}/ran\\n' >fakenode; chmod +x fakenode")
    renewing(dots)
    result = dots.cco("--yes", "--", "--version")
    assert "renewing the login" in result.err and not (dots.home / "ran").exists(), result.err
    assert "disableAllHooks" in (dots.home / "own-ran").read_text()


def test_a_renewal_does_not_run_claude_if_an_agent_could_have_written_its_settings(dots):
    agent(dots, dots.dot, 'echo \'{"otelHeadersHelper": "touch /tmp/x"}\' >settings.json')
    renewing(dots)
    assert "renewing the login" in dots.cco("--yes", "--", "--version").err
    (dots.home / "own-ran").unlink()
    (dots.home / ".claude" / "settings.json").symlink_to("../dot/settings.json")
    result = dots.cco("--yes", "--", "--version")
    assert "renewing the login" not in result.err and not (dots.home / "own-ran").exists(), result.err


def test_a_directory_that_the_user_shares_may_contain_links_to_such_files(dots):
    """A copy of the file, which the sandbox otherwise gets, cannot be mounted over the link."""
    put(dots.dot / "ssh", "Host example\n")
    (dots.home / ".ssh" / "config").symlink_to("../dot/ssh")
    result = inside(dots, "ls ~/.ssh; cat ~/.ssh/config", "--ro", str(dots.home / ".ssh"))
    assert "id_ed25519" in result.out and "Host example" not in result.out, result.err


def test_info_names_files_that_are_not_used(dots):
    assert ".gitconfig" not in dots.cco("info").out
    agent(dots, dots.dot, "true")
    text = " ".join(dots.cco("info").out.split())
    assert f"2 of your files are not shared: {dots.home}/.gitconfig, {dots.home}/.config/git/config: each leads" in text
    assert f"cco trust {dots.home}/.gitconfig {dots.home}/.config/git/config" in text
