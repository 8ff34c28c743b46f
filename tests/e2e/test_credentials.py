# SPDX-License-Identifier: MIT
"""The login: what a sandbox gets of it, how a renewed login reaches the sandbox, and what comes back."""

import json
import os
import signal
import subprocess
import threading
import time

import pytest

from conftest import CCO
from conftest import until as wait_for

DAY = 24 * 3600 * 1000


def a_login(n, account="11111111-1111-4111-8111-111111111111", refresh=True, **more):
    login = {"accessToken": f"sk-ant-oat01-access{n}", "refreshToken": f"sk-ant-ort01-refresh{n}",
             "expiresAt": int(time.time() * 1000) + DAY, "scopes": ["user:inference"],
             "subscriptionType": "max", "rateLimitTier": "default", "accountUuid": account, **more}
    if not refresh:
        del login["refreshToken"]
    return {"claudeAiOauth": login, "mcpOAuth": {"srv": {"accessToken": "m", "refreshToken": "mr"}}}


class Store:
    """claude's own store on the host."""

    def __init__(self, box):
        self.dir = box.home / ".claude"
        self.dir.mkdir(exist_ok=True)
        self.path = self.dir / ".credentials.json"

    def write(self, data):
        """Writes in place, as claude does."""
        self.path.write_text(json.dumps(data))
        self.path.chmod(0o600)

    def replace(self, data):
        temp = self.dir / "temp"
        temp.write_text(json.dumps(data))
        temp.chmod(0o600)
        temp.rename(self.path)

    def read(self):
        return json.loads(self.path.read_text())

    def token(self):
        return self.read()["claudeAiOauth"]["refreshToken"]


@pytest.fixture
def store(real):
    del real.env["ANTHROPIC_API_KEY"]
    return Store(real)


class Session:
    """A shell inside that executes one line after the other."""

    def __init__(self, box, *options):
        self.process = subprocess.Popen(
            [CCO, *options, "shell", "sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=box.env, cwd=box.project)
        self.box = box

    def do(self, command):
        self.process.stdin.write(f"{command}\necho; echo END $?\n".encode())
        self.process.stdin.flush()
        lines = []
        while True:
            line = self.process.stdout.readline().decode()
            if not line or line.startswith("END "):
                return "".join(lines).rstrip("\n")
            lines.append(line)

    def login(self):
        try:
            return json.loads(self.do("cat ~/.claude/.credentials.json"))["claudeAiOauth"]
        except ValueError:
            return {}

    def put(self, data):
        """Writes as claude inside does."""
        text = json.dumps(data)
        assert "'" not in text
        self.do(f"printf %s '{text}' > ~/.claude/.credentials.json")

    def copy(self):
        return next((self.box.runtime / "cco").glob("cco-*/files/credentials.json"))

    def end(self):
        _, err = self.process.communicate(timeout=60)
        return err.decode()


def test_the_copy_has_no_refresh_token_and_is_gone_afterwards(real, store, own_image):
    store.write(a_login(1))
    session = Session(real)
    inside = session.do("cat ~/.claude/.credentials.json")
    assert "access1" in inside and "refresh" not in inside
    assert session.copy().stat().st_mode & 0o7777 == 0o600
    assert session.copy().parent.parent.stat().st_mode & 0o7777 == 0o700
    assert session.end() == ""
    assert real.leftovers() == []
    assert store.token() == "sk-ant-ort01-refresh1"


@pytest.mark.parametrize("way", ["write", "replace"])
def test_a_renewed_login_reaches_the_session(real, store, own_image, way):
    store.write(a_login(1))
    session = Session(real)
    assert session.login()["accessToken"].endswith("access1")
    getattr(store, way)(a_login(2, padding="longer" * 50))
    wait_for(lambda: session.login().get("accessToken", "").endswith("access2"))
    getattr(store, way)(a_login(3))
    wait_for(lambda: session.login().get("accessToken", "").endswith("access3"))
    assert "refresh" not in json.dumps(session.login())
    session.end()
    assert store.token() == "sk-ant-ort01-refresh3"


def test_what_the_sandbox_writes_does_not_reach_the_host_by_default(real, store, own_image):
    store.write(a_login(1))
    before = store.path.read_bytes()
    session = Session(real)
    session.put(a_login(9))
    session.end()
    assert store.path.read_bytes() == before


def test_a_refreshed_login_is_synced_back_while_the_session_runs(real, store, own_image):
    store.write(a_login(1))
    session = Session(real, "--allow-oauth-refresh")
    assert session.login()["refreshToken"].endswith("refresh1")
    session.put({**a_login(2), "extra": 1})
    wait_for(lambda: store.token().endswith("refresh2"))
    assert store.path.stat().st_mode & 0o7777 == 0o600
    assert store.read()["mcpOAuth"]["srv"]["refreshToken"] == "mr", "the rest stays the host's"
    assert "extra" not in store.read()
    backups = list((real.home / ".local/share/cco/backups").iterdir())
    assert len(backups) == 1 and json.loads(backups[0].read_text()) == a_login_like(backups[0], 1)
    assert backups[0].stat().st_mode & 0o7777 == 0o600
    session.put(a_login(3))
    wait_for(lambda: store.token().endswith("refresh3"))
    assert session.end() == ""
    assert real.leftovers() == []


def a_login_like(path, n):
    data = json.loads(path.read_text())
    assert data["claudeAiOauth"]["refreshToken"].endswith(f"refresh{n}")
    return data


@pytest.mark.parametrize("how", ["exit", "signal", "kill"])
def test_it_is_synced_back_however_the_session_ends(real, store, own_image, how):
    store.write(a_login(1))
    session = Session(real, "--allow-oauth-refresh")
    session.login()
    text = json.dumps(a_login(2))
    line = f"printf %s '{text}' > ~/.claude/.credentials.json"
    if how == "exit":
        session.process.stdin.write(f"{line}; exit 3\n".encode())
        session.process.stdin.flush()
        assert session.process.wait(30) == 3
    else:
        os.kill(session.process.pid, signal.SIGSTOP)  # the watcher cannot see the change
        session.copy().write_text(text)
        os.kill(session.process.pid, signal.SIGKILL if how == "kill" else signal.SIGTERM)
        os.kill(session.process.pid, signal.SIGCONT)
        session.process.wait(30)
    if how == "kill":
        wait_for(lambda: not running(real))
        real.cco("cleanup")
    wait_for(lambda: store.token().endswith("refresh2"))
    assert real.leftovers() == []
    session.process.communicate()


def running(box):
    return [s for s in json.loads(box.cco("sessions", "--json").out)
            if s["project"] == str(box.project)]


def test_if_both_sides_renewed_the_host_wins(real, store, own_image):
    store.write(a_login(1))
    session = Session(real, "--allow-oauth-refresh")
    session.login()
    os.kill(session.process.pid, signal.SIGSTOP)
    session.copy().write_text(json.dumps(a_login(2)))
    store.write(a_login(7))
    os.kill(session.process.pid, signal.SIGCONT)
    wait_for(lambda: session.login().get("accessToken", "").endswith("access7"))
    err = session.end()
    assert store.token().endswith("refresh7")
    assert "kept" in err and "restore-creds" in err
    kept = list((real.home / ".local/share/cco/backups").glob("*conflict*"))
    assert len(kept) == 1 and "refresh2" in kept[0].read_text()


@pytest.mark.parametrize("bad", [
    a_login(2, account="22222222-2222-4222-8222-222222222222"),
    {"claudeAiOauth": {**a_login(2)["claudeAiOauth"], "accessToken": "", "refreshToken": "",
                       "expiresAt": 0}},
    {"claudeAiOauth": {**a_login(2)["claudeAiOauth"], "expiresAt": "soon"}},
    {"claudeAiOauth": {**a_login(2)["claudeAiOauth"], "refreshToken": "two words"}},
    {"claudeAiOauth": ["no", "login"]}, ["list"], "text", {},
], ids=["another account", "ended", "no time", "no token", "list", "array", "string", "empty"])
def test_login_of_another_account_is_not_taken(real, store, own_image, bad):
    store.write(a_login(1))
    before = store.path.read_bytes()
    session = Session(real, "--allow-oauth-refresh")
    session.login()
    session.put(bad)
    session.end()
    assert store.path.read_bytes() == before
    assert real.leftovers() == []


def test_logout_on_the_host_is_not_undone(real, store, own_image):
    store.write(a_login(1))
    session = Session(real, "--allow-oauth-refresh")
    session.login()
    store.path.unlink()
    session.put(a_login(2))
    session.end()
    assert not store.path.exists()


def test_endless_copy_of_the_login_does_not_fill_memory(real, store, own_image):
    store.write(a_login(1))
    session = Session(real)
    session.do("head -c 1073741824 /dev/zero > ~/.claude/.credentials.json")
    wait_for(lambda: session.copy().stat().st_size <= 1 << 20)
    store.write(a_login(2))
    wait_for(lambda: session.login().get("accessToken", "").endswith("access2"))
    session.end()
    assert store.token().endswith("refresh2")


def test_two_sessions_both_get_one_renewal(real, store, own_image):
    """Two sessions run and the login is renewed once: both get it."""
    store.write(a_login(1))
    one, two = Session(real), Session(real)
    one.login(), two.login()
    store.write(a_login(2))
    for session in (one, two):
        wait_for(lambda s=session: s.login().get("accessToken", "").endswith("access2"))
        session.end()
    assert real.leftovers() == []


def test_expired_login_without_a_terminal_is_reported(real, store, own_image):
    store.write(a_login(1, expiresAt=1))
    result = real.cco("--", "--version")
    assert "has expired" in result.err and "Run claude" in result.err


class Talk:
    """One session of claude itself, with question after question."""

    def __init__(self, box, *options):
        self.process = subprocess.Popen(
            [CCO, *options, "-p", "--input-format", "stream-json", "--output-format",
             "stream-json", "--verbose"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=box.env, cwd=box.project, text=True)

    def ask(self, text):
        self.process.stdin.write(json.dumps(
            {"type": "user", "message": {"role": "user", "content": text}}) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            data = json.loads(line)
            if data["type"] == "result":
                return data
        raise AssertionError(self.process.stderr.read())


def used(claude):
    return [headers.get("Authorization", "").removeprefix("Bearer ")
            for path, headers, _ in claude.standin.requests if path.startswith("/v1/messages")]


def talk_with_the_first_login(claude):
    del claude.env["ANTHROPIC_API_KEY"]
    store = Store(claude)
    store.write(a_login(1))
    claude.standin.accept("sk-ant-oat01-access1")
    return store, Talk(claude)


def test_claude_goes_on_after_the_hosts_login_was_renewed(claude):
    store, talk = talk_with_the_first_login(claude)
    assert talk.ask("one")["result"] == claude.standin.answer
    claude.standin.accept("sk-ant-oat01-access2")  # the server refuses the old token from now on
    store.write(a_login(2))
    copy = next((claude.runtime / "cco").glob("cco-*/files/credentials.json"))
    wait_for(lambda: "access2" in copy.read_text())
    answer = talk.ask("two")
    assert not answer["is_error"] and answer["result"] == claude.standin.answer
    assert used(claude)[0] == "sk-ant-oat01-access1" and used(claude)[-1] == "sk-ant-oat01-access2"
    talk.process.communicate(timeout=60)
    assert talk.process.returncode == 0
    assert store.token() == "sk-ant-ort01-refresh2"


def test_claude_continues_with_the_renewed_login_after_a_401(claude):
    store, talk = talk_with_the_first_login(claude)
    assert not talk.ask("one")["is_error"]
    claude.standin.accept("sk-ant-oat01-access2")
    refused = len(used(claude))

    def renew():
        wait_for(lambda: len(used(claude)) > refused)  # claude received the status 401
        store.replace(a_login(2))
    thread = threading.Thread(target=renew)
    thread.start()
    answer = talk.ask("two")
    thread.join()
    assert not answer["is_error"] and answer["result"] == claude.standin.answer
    assert used(claude)[refused] == "sk-ant-oat01-access1" and used(claude)[-1] == "sk-ant-oat01-access2"
    talk.process.communicate(timeout=60)
