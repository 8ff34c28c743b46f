# SPDX-License-Identifier: MIT
"""cco is killed at any moment: each file of the host is the old or the new one, complete, and the next cco finishes the
rest.
"""

import json
import os
import random
import time

import pytest

pytest.register_assert_rewrite("dead", "test_credentials")

from conftest import CCO  # noqa: E402
from crash import strike  # noqa: E402,F401
from dead import NAME, Dead, journal, leftovers, sha256  # noqa: E402
from test_credentials import Session, a_login, running, store, wait_for  # noqa: E402,F401

LONG = bool(os.environ.get("CCO_LONG"))
SHORT = 24  # kills of each kind if the run must be quick


def numbers(calls, shift):
    """Returns after which calls to kill: after each one, or after some that are spread over the run."""
    if LONG:
        return range(1, calls + 1)
    step = max(1, calls // SHORT)
    return range(1 + shift % step, calls + 1, step)


@pytest.mark.parametrize("signal", ["KILL", "TERM"])
@pytest.mark.parametrize("kind", ["login", "merge", "both", "conflict"])
def test_kill_after_any_system_call_leaves_whole_files(strike, box, kind, signal):  # noqa: F811
    dead = Dead(box, login=kind != "merge", merge=kind in ("merge", "both"), conflict=kind == "conflict")
    how = {"start": None if LONG else NAME, "every": LONG, "env": box.env, "cwd": box.project}
    dead.fresh()
    calls = strike.run(1000000, signal, [CCO, "cleanup"], **how).calls
    assert calls > SHORT
    for number in numbers(calls, len(kind)):
        dead.fresh()
        blow = strike.run(number, signal, [CCO, "cleanup"], **how)
        try:
            dead.check_struck()
            assert dead.cleanup() == []
            dead.check_end()
        except AssertionError as e:
            raise AssertionError(f"struck by {signal} after call {number} of {calls} ({blow.call}): {e}") from e


def test_prepared_dead_session_has_the_journal_of_a_real_one(real, store, own_image):  # noqa: F811
    """The session of the test above has the same journal as a real one."""
    store.write(a_login(1))
    session = Session(real, "--allow-oauth-refresh")
    session.login()
    written = json.loads(session.copy().parent.with_name("journal").read_text())
    session.end()
    assert written.pop("started_ms") > 0
    assert {**written, "started_ms": 0} == journal(real, sha256("sk-ant-ort01-refresh1"))


def test_renewed_login_survives_a_kill_at_any_moment(real, store, own_image):  # noqa: F811
    """The next cco transfers what the copy contained."""
    moments = random.Random(4)
    renewed = 0
    for n in range(1, (100 if LONG else 10) + 1):
        store.write(a_login(n))
        session = Session(real, "--allow-oauth-refresh")
        assert session.login()["refreshToken"].endswith(f"refresh{n}")
        copy = session.copy()
        text = json.dumps(a_login(n + 1))
        session.process.stdin.write(f"printf %s '{text}' > ~/.claude/.credentials.json\n".encode())
        session.process.stdin.flush()
        time.sleep(moments.uniform(0, 0.04))
        session.process.kill()
        session.process.communicate(timeout=60)
        whole(store.path)
        wait_for(lambda: not running(real))
        inside = text if not copy.exists() or text in copy.read_text() else None
        assert real.cco("cleanup").returncode == 0
        token = whole(store.path)["claudeAiOauth"]["refreshToken"]
        assert token.endswith(f"refresh{n + 1 if inside else n}"), (n, token)
        renewed += inside is not None
        assert real.leftovers() == [] and leftovers(real.home) == []
        for backup in (real.home / ".local/share/cco/backups").glob("*"):
            whole(backup)
    assert renewed > 0


def whole(path):
    assert path.stat().st_mode & 0o7777 == 0o600
    return json.loads(path.read_text())
