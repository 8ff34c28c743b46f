# SPDX-License-Identifier: MIT
"""--gpg: gpg in the sandbox signs with the keys of the host's agent, and cannot get them."""

import os
import pathlib
import shutil
import subprocess

import pytest

from conftest import ENGINE, put

SIGN = "git commit -q --allow-empty -m x && git log -1 --format=%G?"
SETTINGS = "[user]\n\tname = Ann\n\temail = ann@example.org\n[commit]\n\tgpgSign = true\n"


class Keys:
    """The directory of gpg on the host, with a key, and its running agent."""

    def __init__(self, box, name):
        self.path = box.home / name
        self.path.mkdir(mode=0o700)
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(box.home), "GNUPGHOME": str(self.path)}
        self.run("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "Ann <ann@example.org>",
                 "default", "default", "never")
        self.run("gpgconf", "--launch", "gpg-agent")
        self.socket = self.run("gpgconf", "--list-dirs", "agent-extra-socket").strip()

    def run(self, *words):
        return subprocess.run(words, env=self.env, check=True, capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL).stdout

    def end(self):
        self.run("gpgconf", "--kill", "gpg-agent")
        self.run("gpgconf", "--remove-socketdir")


@pytest.fixture
def make_keys(real, own_image):
    """Returns a function that makes a directory of gpg with a key and an agent."""
    if not shutil.which("gpg-agent"):
        pytest.skip("gpg-agent is not installed")
    put(real.home / ".gitconfig", SETTINGS)
    subprocess.run(["git", "init", "-q", real.project], check=True, env={"PATH": "/usr/bin:/bin", "HOME": "/nowhere"})
    made = []

    def make(name="keys"):
        made.append(Keys(real, name))
        real.env["GNUPGHOME"] = str(made[-1].path)
        return made[-1]

    yield make
    for keys in made:
        keys.end()


def test_commits_are_signed_with_the_hosts_agent(real, make_keys):
    make_keys()
    result = real.cco("--gpg", "shell", SIGN + "; stat -c '%a %n' ~/.gnupg; ls -A ~/.gnupg")
    lines = result.out.splitlines()
    # An engine may make the directory with mode 0755.
    assert lines[0] == "G" and lines[1].startswith("700 " if ENGINE.native else ("700 ", "755 ")), result.err
    assert {"S.gpg-agent", "pubring.kbx", "trustdb.gpg"} <= set(lines[2:])
    assert "private-keys-v1.d" not in lines and not [line for line in result.err.splitlines() if "--gpg" in line]
    assert real.leftovers() == []


@pytest.mark.skipif(pathlib.Path(f"/run/user/{os.getuid()}").exists(), reason="the sockets would be those of the user's gpg")
def test_keys_in_the_usual_directory(real, make_keys):
    make_keys(".gnupg")
    del real.env["GNUPGHOME"]
    assert real.cco("--gpg", "shell", SIGN + "; echo ${GNUPGHOME-unset}").out == "G\nunset\n"


def test_configuration_asks_for_it(real, make_keys):
    make_keys()
    put(real.home / ".config" / "cco" / "config", "gpg = true\n")
    assert real.cco("shell", SIGN).out == "G\n"
    assert "gpg" not in real.cco("info").out


def test_keys_are_neither_copied_nor_changed(real, make_keys):
    """What the sandbox asks of the agent, other than to sign and to decrypt."""
    keys = make_keys()
    grip = next(line.split(":")[9] for line in keys.run("gpg", "--list-keys", "--with-keygrip", "--with-colons")
                .splitlines() if line.startswith("grp"))
    before = sorted(f.name for f in (keys.path / "private-keys-v1.d").iterdir())
    requests = [f"EXPORT_KEY {grip}", f"DELETE_KEY {grip}", f"PASSWD {grip}", "GENKEY", "IMPORT_KEY",
                f"PRESET_PASSPHRASE {grip} -1 00", "GET_PASSPHRASE --data x X X X", "RELOADAGENT", "KILLAGENT"]
    script = "gpg --batch --export-secret-keys | wc -c; " + "; ".join(
        f"gpg-connect-agent '{request}' /bye 2>/dev/null | grep -c Forbidden" for request in requests)
    result = real.cco("--gpg", "shell", script)
    assert result.out.split() == ["0"] + ["1"] * len(requests), result.err
    assert sorted(f.name for f in (keys.path / "private-keys-v1.d").iterdir()) == before
    assert real.cco("--gpg", "shell", SIGN).out == "G\n"


def test_changes_to_the_public_keys_stay_inside(real, make_keys):
    keys = make_keys()
    before = (keys.path / "pubring.kbx").read_bytes()
    script = "gpg --batch --yes --quiet --delete-keys ann@example.org 2>/dev/null; echo x >~/.gnupg/pubring.kbx; echo $?"
    assert real.cco("--gpg", "shell", script).out == "0\n"
    assert (keys.path / "pubring.kbx").read_bytes() == before


def test_without_the_option_a_line_names_it(real, make_keys):
    make_keys()
    result = real.cco("shell", "ls -A ~/.gnupg; " + SIGN)
    assert result.out == "" and "git signs commits with gpg" in result.err and ": --gpg" in result.err


def test_missing_agent_is_reported(real, make_keys):
    keys = make_keys()
    keys.end()
    result = real.cco("--gpg", "shell", "ls -A ~/.gnupg; " + SIGN)
    assert result.out == "" and "gpgconf --launch gpg-agent" in result.err


def test_socket_that_an_agent_could_have_made_is_not_shared(real, make_keys):
    keys = make_keys()
    other = real.home / "other"
    other.mkdir()
    assert real.cco("shell", "true", cwd=other).returncode == 0  # a session could write there
    for name in ("pubring.kbx", "trustdb.gpg"):
        shutil.copy(keys.path / name, other)
    (other / "S.gpg-agent.extra").symlink_to(keys.socket)
    result = real.cco("--gpg", "shell", "ls -A ~/.gnupg", env={"GNUPGHOME": str(other)})
    assert result.out == "" and "is not shared" in result.err and "S.gpg-agent.extra" in result.err
