# SPDX-License-Identifier: MIT
"""Many sessions share one login and one .claude.json, and a claude on the host runs beside them: nothing is lost."""

import concurrent.futures
import copy
import json
import os
import random
import threading
import time

import pytest

pytest.register_assert_rewrite("dead", "test_credentials")

from conftest import ENGINE  # noqa: E402
from dead import leftovers  # noqa: E402
from test_credentials import Session, a_login, store, wait_for  # noqa: E402,F401

LONG = bool(os.environ.get("CCO_LONG"))
AT_ONCE = 4


class Server:
    """Renews logins. Each refresh token works once; if the server is lenient, it works a second time, as with a server
    that accepts that an answer may get lost. Numbers stand for tokens.
    """

    def __init__(self, lenient):
        self.lock = threading.Lock()
        self.parents = {1: None}
        self.used = {}
        self.lenient = lenient
        self.refused = 0

    def renew(self, number):
        with self.lock:
            if number not in self.parents or self.used.get(number, 0) > (1 if self.lenient else 0):
                self.refused += 1
                return None
            self.used[number] = self.used.get(number, 0) + 1
            new = len(self.parents) + 1
            self.parents[new] = number
            return new

    def leaves(self):
        """Returns the tokens that were not renewed yet. A client that loses the last one is logged out."""
        return {number for number in self.parents if number not in self.used}


def number_of(text):
    return int(json.loads(text)["claudeAiOauth"]["refreshToken"].removeprefix("sk-ant-ort01-refresh"))


class Watcher(threading.Thread):
    """Repeats one action and reports its errors at the end."""

    def __init__(self, step, pause=0.001):
        super().__init__(daemon=True)
        self.step, self.pause = step, pause
        self.over = threading.Event()
        self.failure, self.count = None, 0

    def run(self):
        try:
            while not self.over.wait(self.pause):
                self.step()
                self.count += 1
        except Exception as e:  # pylint: disable=broad-except
            self.failure = e

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.join()

    def check(self):
        if self.failure:
            raise AssertionError("beside it") from self.failure
        assert self.count > 0


class ClaudeLock:
    """Takes the lock as claude does: a directory. claude ignores a lock after ten seconds, which no test needs."""

    def __init__(self, *paths):
        self.paths, self.held = paths, []

    def __enter__(self):
        deadline = time.monotonic() + 30
        for path in self.paths:
            while True:
                try:
                    path.mkdir()
                    break
                except FileExistsError:
                    assert time.monotonic() < deadline, path
                    time.sleep(0.005)
            self.held.append(path)

    def __exit__(self, *_):
        while self.held:
            self.held.pop().rmdir()


def in_another_project(box, name):
    """The same home with another project."""
    other = copy.copy(box)
    other.project = box.home / "projects" / name
    other.project.mkdir(parents=True, exist_ok=True)
    return other


def cycle(box, server, number, rng):
    """Runs one session to its end; the session tries for a while to renew its login."""
    if number % 5 == 4:  # it may not renew
        session = Session(box)
        assert "refreshToken" not in session.login()
        return session.end()
    session = Session(box, "--allow-oauth-refresh")
    rounds = rng.randrange(1, 3)
    for _ in range(40):
        login = session.login()
        new = server.renew(number_of(json.dumps({"claudeAiOauth": login}))) if login else None
        if new:
            session.put(a_login(new))
            rounds -= 1
            if rounds == 0:
                break
        else:
            time.sleep(0.02)
    return session.end()


@pytest.mark.parametrize("lenient", [False, True], ids=["once", "twice"])
def test_many_sessions_renew_one_login(real, store, own_image, lenient):  # noqa: F811
    server, rng = Server(lenient), random.Random(11)
    backups = real.home / ".local/share/cco/backups"
    kept, problems = {}, []

    def read():
        assert store.path.stat().st_mode & 0o7777 == 0o600
        number_of(store.path.read_text())

    def collect():
        for path in backups.glob("*.json"):
            if path.name not in kept:
                try:
                    kept[path.name] = number_of(path.read_text())
                except FileNotFoundError:  # five of a kind are kept
                    pass

    def renew_on_host():
        with ClaudeLock(store.dir / ".oauth_refresh.lock", store.dir.with_name(".claude.lock")):
            new = server.renew(number_of(store.path.read_text()))
            if new:
                store.replace(a_login(new))

    store.replace(a_login(1))
    count = 200 if LONG else 20
    with Watcher(read) as reader, Watcher(collect) as collector, Watcher(renew_on_host, 0.05 if ENGINE.native else 0.5) as host, \
            concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = [pool.submit(cycle, real, server, n, random.Random(rng.random())) for n in range(count)]
        for job in jobs:
            problems += job.result(timeout=600).splitlines()
    collect()
    for watcher in (reader, collector, host):
        watcher.check()
    last = store.token().removeprefix("sk-ant-ort01-refresh")
    if lenient:
        lost = server.leaves() - {int(last)} - set(kept.values())
        assert not lost, (lost, last, kept, problems)
    else:
        assert server.leaves() == {int(last)}, (server.parents, kept, problems)
        assert problems == [] and not [name for name in kept if "conflict" in name]
    assert len(server.parents) > count / 4
    assert real.leftovers() == [] and leftovers(real.home) == []


def test_host_claude_writes_while_sessions_merge(real, store, own_image):  # noqa: F811
    path = real.home / ".claude.json"
    path.write_text(json.dumps({"theme": "dark", "hostCounter": 0, "numStartups": 1, "projects": {}}))
    path.chmod(0o600)
    store.replace(a_login(1))

    def increment():
        """Writes as claude does: under its lock, a new file is renamed to the name."""
        with ClaudeLock(path.with_name(".claude.json.lock")):
            data = json.loads(path.read_text())
            data["hostCounter"] += 1
            temp = path.with_name(".claude.json.tmp.host")
            temp.write_text(json.dumps(data))
            temp.chmod(0o600)
            temp.rename(path)

    def work(n):
        session = Session(in_another_project(real, f"p{n}"))
        inside = json.loads(session.do("cat ~/.claude.json"))
        inside["projects"].setdefault(str(session.box.project), {})["lastCost"] = n + 0.5
        inside["hostCounter"] = -1
        others = host.count
        wait_for(lambda: host.count > others + 1)  # if both sides changed a member, the host's value counts
        session.do(f"printf %s '{json.dumps(inside)}' > ~/.claude.json.new; mv ~/.claude.json.new ~/.claude.json")
        return session.end()

    for _ in range(10 if LONG else 1):
        with Watcher(increment) as host, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            said = list(pool.map(work, range(8)))
        host.check()
        data = json.loads(path.read_text())
        assert said == [""] * 8
        assert data["hostCounter"] == host.count, "no increment is lost"
        assert {key: value["lastCost"] for key, value in data["projects"].items()} == {
            str(real.home / "projects" / f"p{n}"): n + 0.5 for n in range(8)}
        assert path.stat().st_mode & 0o7777 == 0o600
        assert real.leftovers() == [] and leftovers(real.home) == []
        path.write_text(json.dumps({**data, "hostCounter": 0, "projects": {}}))
