# SPDX-License-Identifier: MIT
"""Which files of git and ssh the sandbox gets, and that git and ssh work with them."""

import shutil
import subprocess

import pytest

from conftest import IMAGE, native_only, put

PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFPHBTQtkmDZyDmpPfjrQPNHFgJ1OeQyLFjXFmgVUqMU ann@host\n"
PRIVATE = "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret-of-the-key\n"


@pytest.fixture
def home(real):
    put(real.home / ".gitconfig", "[user]\n\tname = Ann of gitconfig\n")
    git = real.home / ".config" / "git"
    for name in ("config", "ignore", "attributes"):
        put(git / name, f"# {name}\n")
    put(git / "credentials", "https://ann:secret-of-git@example.org\n")
    put(git / "store", "https://ann:secret-of-git@example.org\n")
    put(git / "hooks" / "pre-commit", "secret-of-git\n")
    ssh = real.home / ".ssh"
    for name, text in (("id_ed25519", PRIVATE), ("id_ed25519.pub", PUBLIC), ("copied.pub", PRIVATE), ("known_hosts", "# none\n"),
                       ("authorized_keys", PUBLIC), ("config", "Host short\n\tHostName long.example.org\n\tUser ann\n")):
        put(ssh / name, text)
    real.home.joinpath(".git-credentials").write_text("https://ann:secret-of-git@example.org\n")
    return real


def test_only_named_files_of_git_are_visible(home):
    result = home.cco(*IMAGE, "shell", "tail -n 1 ~/.gitconfig; cd ~/.config/git && ls -A && cat *; cat ~/.git-credentials; true")
    assert result.out == "\tname = Ann of gitconfig\nattributes\nconfig\nignore\n# attributes\n# config\n# ignore\n", result.err
    assert home.cco(*IMAGE, "shell", "grep -rs secret-of-git ~ /run/cco; true").out == ""


def test_passwords_are_not_visible_if_xdg_config_home_is_set(home):
    """git-credential-store keeps its file in $XDG_CONFIG_HOME/git."""
    settings = home.home / "settings"
    shutil.copytree(home.home / ".config" / "git", settings / "git")
    put(settings / "git" / "config", "# of XDG_CONFIG_HOME\n")
    result = home.cco(*IMAGE, "shell", "cat ~/.config/git/config; ls -A ~/.config/git; grep -rs secret-of-git ~ /run/cco; true",
                      env={"XDG_CONFIG_HOME": str(settings)})
    assert result.out == "# of XDG_CONFIG_HOME\nattributes\nconfig\nignore\n", result.err


def test_settings_of_git_cannot_be_changed_from_inside(home):
    result = home.cco(*IMAGE, "shell", "for f in ~/.gitconfig ~/.config/git/config ~/.ssh/config ~/.ssh/id_ed25519.pub; do "
                      "echo evil >>$f && echo written; rm -f $f && echo removed; mv $f $f.old && echo moved; done; true")
    assert result.out == "", result.out
    assert "evil" not in (home.home / ".gitconfig").read_text() + (home.home / ".ssh" / "config").read_text()


def test_settings_and_public_keys_of_ssh_are_visible(home):
    result = home.cco(*IMAGE, "shell", "cd ~/.ssh && ls && cat id_ed25519.pub && tail -n 3 config; grep -rs secret-of-the-key ~ /run/cco")
    assert result.out == ("config\nid_ed25519.pub\nknown_hosts\n" + PUBLIC
                          + "Host short\n\tHostName long.example.org\n\tUser ann\n"), result.err


@native_only("this machine's ssh")
def test_ssh_works_with_settings_for_the_host(home):
    """Settings that name what only the host has: a private key, another agent, sockets of shared connections, and an
    unknown keyword."""
    if shutil.which("ssh") is None:
        pytest.skip("ssh is not installed")
    put(home.home / ".ssh" / "config", "IdentityAgent ~/.agent.sock\nControlMaster auto\nControlPath ~/.ssh/s/%C\n"
        "UseKeychain yes\nHost short\n\tHostName long.example.org\n\tIdentityFile ~/.ssh/id_ed25519\n")
    result = home.cco(*IMAGE, "shell", "ssh -G short | grep -E '^(hostname|identityagent|controlpath|controlmaster|identityfile) '")
    lines = set(result.out.splitlines())
    assert {"hostname long.example.org", "identityagent SSH_AUTH_SOCK", "controlmaster false",
            "identityfile ~/.ssh/id_ed25519"} <= lines, (result.out, result.err)
    assert not any(line.startswith("controlpath /") for line in lines), result.out


@native_only("this machine's ssh")
def test_key_that_is_only_on_the_host_signs_through_the_agent(home, tmp_path):
    """The public key inside names the key in the agent, so that git can sign with it."""
    if not shutil.which("ssh-agent"):
        pytest.skip("ssh-agent is not installed")
    ssh = home.home / ".ssh"
    for name in ("id_ed25519", "id_ed25519.pub"):
        (ssh / name).unlink()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ssh / "id_ed25519"], check=True)
    socket = tmp_path / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            assert agent.poll() is None
        subprocess.run(["ssh-add", "-q", ssh / "id_ed25519"], check=True, env={**home.env, "SSH_AUTH_SOCK": str(socket)})
        result = home.cco(*IMAGE, "shell", "echo text | ssh-keygen -q -Y sign -n file -f ~/.ssh/id_ed25519.pub | head -n 1",
                          env={"SSH_AUTH_SOCK": str(socket)})
        assert result.out == "-----BEGIN SSH SIGNATURE-----\n", result.err
    finally:
        agent.terminate()
        agent.wait()
