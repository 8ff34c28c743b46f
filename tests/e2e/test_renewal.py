# SPDX-License-Identifier: MIT
"""Logins of other kinds, and an expired login that claude on the host renews."""

import json
import subprocess

import pytest

from conftest import CCO, ENGINE
from terminal import Terminal
from test_credentials import Session, Store, a_login, store, wait_for  # noqa: F401


CLAUDE = """#!/bin/sh
echo "$PWD $*" >> "$HOME/asked"
[ -e "$HOME/fails" ] && { echo 'no network' >&2; exit 1; }
[ -e "$HOME/next" ] || { echo 'in a sandbox of this machine: Claude Code'; exit; }
cp "$HOME/next" "$HOME/.claude/.credentials.json"
echo ok
"""


@pytest.fixture
def renewing(real, store, own_image):
    """A host with a claude that renews the login when it runs."""
    store.write(a_login(1, expiresAt=1))
    (real.home / "next").write_text(json.dumps(a_login(2)))
    (real.home / "bin").mkdir()
    claude = real.home / "bin" / "claude"
    claude.write_text(CLAUDE)
    claude.chmod(0o755)
    real.env["PATH"] = f"{real.home / 'bin'}:/usr/bin:/bin"
    real.asked = lambda: (real.home / "asked").read_text().splitlines() \
        if (real.home / "asked").exists() else []
    return real


def test_with_yes_the_hosts_claude_renews_the_login(renewing, store):
    result = renewing.cco("--yes", "--", "--version")
    assert result.returncode == 0 and "expired" not in result.err and "renewing" in result.err
    assert store.token().endswith("refresh2")
    [line] = renewing.asked()
    assert line.endswith("-p Answer with the word ok.")
    assert not line.startswith(str(renewing.project)), "never in the project"
    renewing.cco("--yes", "--", "--version")
    assert len(renewing.asked()) == 1, "a fresh login is not renewed"


def test_without_a_terminal_cco_does_not_ask(renewing, store):
    result = renewing.cco("--", "--version")
    assert "has expired" in result.err and renewing.asked() == []


@pytest.mark.parametrize("answer, times", [("y", 1), ("n", 0), ("", 0)])
def test_on_a_terminal_cco_asks(renewing, store, answer, times):
    terminal = Terminal([CCO, "--", "--version"], renewing.env, renewing.project)
    try:
        terminal.wait_for("has expired").wait_for("renew it?")
        terminal.type(answer + "\r")
        terminal.wait_for("Claude Code")
        assert terminal.wait(60) == 0
    finally:
        terminal.close()
    assert len(renewing.asked()) == times


def test_claude_in_the_project_is_not_run(renewing, store):
    (renewing.home / "bin" / "claude").rename(renewing.project / "claude")
    for path, reason in ((str(renewing.project), "claude is not used"), (".", "there is no Claude Code")):
        result = renewing.cco("--yes", "--", "--version", env={"PATH": f"{path}:/usr/bin:/bin"})
        assert (reason if ENGINE.native else "has expired") in result.err and renewing.asked() == []


def test_failed_renewal_is_reported(renewing, store):
    (renewing.home / "fails").write_text("")
    result = renewing.cco("--yes", "--", "--version")
    assert "no network" in result.err and "has expired" in result.err and result.returncode == 0


def test_one_renewal_for_two_sessions(renewing, store):
    (renewing.home / "bin" / "claude").write_text(CLAUDE.replace("cp ", "sleep 1; cp "))
    both = [subprocess.Popen([CCO, "--yes", "--", "--version"], env=renewing.env,
                             cwd=renewing.project, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            for _ in range(2)]
    assert [p.wait(60) for p in both] == [0, 0]
    for p in both:
        p.communicate()
    assert len(renewing.asked()) == 1


def test_with_allow_oauth_refresh_claude_renews_inside(renewing, store):
    result = renewing.cco("--allow-oauth-refresh", "--yes", "--", "--version")
    # The directory of the claude outside is in PATH; nothing else is said.
    assert all(line.startswith("cco: your shell has programs (~/bin)") for line in result.err.splitlines())
    assert renewing.asked() == []


def test_api_key_helper_runs_on_the_host(real, store, own_image):
    helper = real.home / "helper.sh"
    helper.write_text("#!/bin/sh\ncat $HOME/key\n")
    helper.chmod(0o755)
    (real.home / "key").write_text("sk-helper-1\n")
    (store.dir / "settings.json").write_text(json.dumps({"apiKeyHelper": str(helper), "x": 1}))
    real.env["CLAUDE_CODE_API_KEY_HELPER_TTL_MS"] = "1000"
    session = Session(real)
    settings = json.loads(session.do("cat ~/.claude/settings.json"))
    assert settings["x"] == 1
    assert session.do(settings["apiKeyHelper"]) == "sk-helper-1"
    (real.home / "key").write_text("sk-helper-2-longer\n")
    wait_for(lambda: session.do(settings["apiKeyHelper"]).strip() == "sk-helper-2-longer")
    session.end()
    assert json.loads((store.dir / "settings.json").read_text())["apiKeyHelper"] == str(helper)
    assert real.leftovers() == []
    result = real.cco("--dry-run")
    assert "sk-helper" not in result.out and json.loads(result.out)["login"]["source"] == "helper"
    (real.home / "key").unlink()
    result = real.cco("-p", "hi")
    assert result.returncode == 125 and "apiKeyHelper" in result.err and real.leftovers() == []


def test_claude_uses_the_helpers_key(claude):
    del claude.env["ANTHROPIC_API_KEY"]
    store = Store(claude)
    (store.dir / "settings.json").write_text('{"apiKeyHelper": "echo sk-from-the-helper"}')
    result = claude.cco("-p", "hi")
    assert result.out == claude.standin.answer + "\n", result.err
    keys = {headers.get("x-api-key") or headers.get("X-Api-Key")
            for path, headers, _ in claude.standin.requests if path.startswith("/v1/messages")}
    assert keys == {"sk-from-the-helper"}


KEYCHAIN = """#!/bin/sh
# As macOS's security answers, over a file.
echo "$*" >> "$HOME/security.log"
case "$1" in
find-generic-password) [ -e "$HOME/keychain" ] || exit 44; cat "$HOME/keychain"; echo ;;
-i) sed -n 's/.* -X "\\([0-9a-f]*\\)".*/\\1/p' |
    /usr/bin/python3 -c 'import sys; sys.stdout.write(bytes.fromhex(input()).decode())' \\
    > "$HOME/keychain" ;;
esac
"""


def test_login_in_the_keychain(real, store, own_image):
    """The stand-in of security(1): the login is handed out, renewed, and synchronized back."""
    (real.home / "bin").mkdir()
    security = real.home / "bin" / "security"
    security.write_text(KEYCHAIN)
    security.chmod(0o755)
    real.env.update(PATH=f"{real.home / 'bin'}:/usr/bin:/bin", CCO_KEYCHAIN="security", USER="ann")
    keychain = real.home / "keychain"
    keychain.write_text(json.dumps(a_login(1), separators=(",", ":")))
    session = Session(real, "--allow-oauth-refresh")
    assert session.login()["refreshToken"].endswith("refresh1")
    keychain.write_text(json.dumps(a_login(2), separators=(",", ":")))
    wait_for(lambda: session.login().get("accessToken", "").endswith("access2"))
    session.put(a_login(3))
    wait_for(lambda: "refresh3" in keychain.read_text())
    session.end()
    log = (real.home / "security.log").read_text()
    assert "sk-ant" not in log and "Claude Code-credentials" in log and "-a ann" in log
    assert real.leftovers() == [] and not store.path.exists()
