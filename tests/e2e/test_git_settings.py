# SPDX-License-Identifier: MIT
"""The user's settings of git work inside: also the files that they include and name."""

import subprocess

import pytest

from conftest import native_only, put, until
from landlock_only import NEEDED, landlock_only  # noqa: F401


@pytest.fixture
def home(real, own_image):
    real.project = real.home / "code" / "app"
    real.project.mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=real.project, check=True, env={"PATH": "/usr/bin:/bin", "HOME": "/nowhere"})
    return real


def inside(box, script, **kwargs):
    result = box.cco("shell", script, **kwargs)
    assert result.returncode == 0, result.err
    return result.out


def test_included_settings(home):
    put(home.home / ".gitconfig", "[include]\n\tpath = .gitcommon\n[includeIf \"gitdir:~/code/\"]\n\tpath = ~/conf/work.inc\n"
        "[includeIf \"gitdir:~/other/\"]\n\tpath = ~/conf/other.inc\n")
    put(home.home / ".gitcommon", "[user]\n\tname = Ann\n\temail = ann@home\n")
    put(home.home / "conf" / "work.inc", "[user]\n\temail = ann@work\n[include]\n\tpath = deeper.inc\n")
    put(home.home / "conf" / "deeper.inc", "[user]\n\tuseConfigOnly = true\n")
    put(home.home / "conf" / "other.inc", "[user]\n\temail = secret-of-other\n")
    assert inside(home, "git commit -q --allow-empty -m x; git log --format='%an %ae'; git config user.useConfigOnly") == \
        "Ann ann@work\ntrue\n"
    # Settings for other repositories stay outside.
    assert inside(home, "ls -A ~/conf; echo evil >>~/.gitcommon; true") == "deeper.inc\nwork.inc\n"
    assert "evil" not in (home.home / ".gitcommon").read_text()


def test_files_that_settings_name(home):
    put(home.home / ".config" / "git" / "config", "[core]\n\texcludesFile = ~/.gitignore_global\n"
        "\tattributesFile = ~/conf/attributes\n\thooksPath = ~/githooks\n[commit]\n\ttemplate = ~/.gitmessage\n"
        "[user]\n\tname = Ann\n\temail = ann@home\n[credential]\n\thelper = store --file ~/conf/credentials\n")
    put(home.home / ".gitignore_global", "*.swp\n")
    put(home.home / "conf" / "attributes", "*.txt -diff\n")
    put(home.home / "conf" / "credentials", "https://ann:secret@example.org\n")
    put(home.home / "githooks" / "pre-commit", "#!/bin/sh\necho the hook ran\nexit 1\n", 0o755)
    put(home.home / ".gitmessage", "The usual subject\n")
    put(home.project / "a.swp", "x")
    put(home.project / "a.txt", "x")
    result = home.cco("shell", "git status --short; git check-attr diff a.txt; cat ~/.gitmessage; "
                      "git commit -q --allow-empty -m x || echo refused; ls -A ~/conf")
    assert result.out == "?? a.txt\na.txt: diff: unset\nThe usual subject\nrefused\nattributes\n", result.err
    assert "the hook ran" in result.err


def test_settings_of_git_config_global(home):
    put(home.home / "conf" / "own", "[include]\n\tpath = next\n")
    put(home.home / "conf" / "next", "[user]\n\tname = Own\n\temail = own@home\n")
    put(home.home / ".gitconfig", "[user]\n\tname = Ann\n")
    env = {"GIT_CONFIG_GLOBAL": str(home.home / "conf" / "own")}
    assert inside(home, "git config user.name", env=env) == "Own\n"
    assert home.cco("shell", "git config user.name", env={"GIT_CONFIG_GLOBAL": "/dev/null"}).out == ""


def test_private_keys_and_passwords_are_not_brought(home):
    put(home.home / "keys" / "sign", "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret\n")
    put(home.home / ".netrc", "machine example.org password secret\n")
    put(home.home / ".gitconfig", "[user]\n\tsigningKey = ~/keys/sign\n[core]\n\texcludesFile = ~/.netrc\n")
    assert inside(home, "ls ~/keys ~/.netrc 2>/dev/null; true") == ""


def test_settings_that_an_agent_could_write_are_not_used(home):
    dotfiles = home.home / "dotfiles"
    put(dotfiles / "common", "[user]\n\tname = Ann\n")
    assert home.cco("shell", "true", cwd=dotfiles).returncode == 0
    put(home.home / ".gitconfig", "[include]\n\tpath = ~/dotfiles/common\n")
    result = home.cco("shell", "git config user.name")
    assert result.out == "" and f"cco trust {dotfiles}/common" in result.err
    assert home.cco("--yes", "trust", str(dotfiles / "common")).returncode == 0
    assert inside(home, "git config user.name") == "Ann\n"


@native_only("this machine's ssh")
def test_commits_signed_by_ssh(home, tmp_path):
    key = home.home / ".ssh" / "sign"
    key.parent.mkdir(mode=0o700)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    put(home.home / ".ssh" / "allowed_signers", f"ann@home {key.with_suffix('.pub').read_text()}")
    put(home.home / ".gitconfig", "[user]\n\tname = Ann\n\temail = ann@home\n\tsigningKey = ~/.ssh/sign.pub\n"
        "[gpg]\n\tformat = ssh\n[gpg \"ssh\"]\n\tallowedSignersFile = ~/.ssh/allowed_signers\n[commit]\n\tgpgSign = true\n")
    socket = tmp_path / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket)], stdout=subprocess.DEVNULL)
    try:
        until(socket.exists)
        subprocess.run(["ssh-add", "-q", str(key)], check=True, env={"PATH": "/usr/bin:/bin", "SSH_AUTH_SOCK": str(socket)})
        assert inside(home, "git commit -q --allow-empty -m x && git log --format='%G? %GS'",
                      env={"SSH_AUTH_SOCK": str(socket)}) == "G ann@home\n"
    finally:
        agent.kill()
        agent.wait()


class TestLandlockOnly:
    pytestmark = NEEDED

    def test_files_of_the_home_without_namespaces(self, landlock_only):
        """The sandbox has another home, and everything else at its own path."""
        home = landlock_only.home
        put(home / ".gitconfig", "[include]\n\tpath = ~/inc\n")
        put(home / "inc", "[user]\n\tname = Ann\n")
        put(home / "CLAUDE.md", "of the home\n")
        put(home.parent / "CLAUDE.md", "above the home\n")
        result = landlock_only.cco("shell", "git config user.name; cat ../CLAUDE.md ../../CLAUDE.md; echo evil >../CLAUDE.md")
        assert result.out == "Ann\nof the home\nabove the home\n", result.err
        assert (home / "CLAUDE.md").read_text() == "of the home\n"
