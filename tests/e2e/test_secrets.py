# SPDX-License-Identifier: MIT
"""Secrets stay where they belong. They are not in the container's configuration, a process list, a log, a plan, a core
file, an error or a recording.
"""

import json
import os
import pathlib
import resource
import signal
import subprocess

from conftest import CCO
from terminal import Terminal
from test_credentials import Session, Store, a_login, wait_for

OPTION, DOTENV = f"of-the-option-{os.getpid()}", f"of-the-dotenv-{os.getpid()}"
SECRETS = ("sk-ant-oat01-access1", "sk-ant-ort01-refresh1", "sk-ant-e2e-secret", OPTION, DOTENV)


def holds_secret(text):
    return [s for s in SECRETS if s in text]


def with_secrets(box):
    Store(box).write(a_login(1))
    box.env.pop("ANTHROPIC_API_KEY", None)  # it would take precedence
    (box.project / ".env").write_text(f"DB_PASSWORD={DOTENV}\n")
    return "--env", f"OPTION_TOKEN={OPTION}"


def test_secrets_are_not_in_the_plan(fake, box):
    options = with_secrets(box)
    for env in ({}, {"ANTHROPIC_API_KEY": "sk-ant-e2e-secret"}):
        result = box.cco(*options, "--allow-oauth-refresh", "--dry-run", env=env)
        assert result.returncode == 0 and not holds_secret(result.out + result.err)


def test_secrets_are_not_in_the_container_or_a_process_list(real, own_image, api):
    options = with_secrets(real)
    session = Session(real, *options, "--allow-oauth-refresh")
    assert session.do("echo $OPTION_TOKEN $DB_PASSWORD") == f"{OPTION} {DOTENV}"
    name = next((real.runtime / "cco").glob("cco-*.lock")).stem
    _, inspect = api("GET", f"/v1.41/containers/{name}/json")
    assert json.loads(inspect)["State"]["Running"] and not holds_secret(inspect.decode())
    _, logs = api("GET", f"/v1.41/containers/{name}/logs?stdout=1&stderr=1")
    assert not holds_secret(logs.decode(errors="replace"))
    seen = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            seen.append((process / "cmdline").read_bytes().decode(errors="replace"))
        except OSError:
            pass
    # the secret is in the user's own command line only, where the user typed it
    assert [c for c in seen if OPTION in c or DOTENV in c and not c.startswith(CCO)] == \
        [c for c in seen if c.startswith(CCO) and OPTION in c]
    session.end()


def test_secrets_are_not_in_errors(fake, box):
    store = Store(box)
    for text in ('{"claudeAiOauth":{"accessToken":"sk-ant-oat01-access1",}}',
                 '{"claudeAiOauth":{"accessToken":["sk-ant-oat01-access1"]}}',
                 'sk-ant-oat01-access1'):
        store.path.write_text(text)
        for command in (["info"], ["-p", "x"], ["backup-creds"], ["restore-creds", str(store.path), "--yes"]):
            result = box.cco(*command, env={"ANTHROPIC_API_KEY": ""})
            assert not holds_secret(result.out + result.err), command


def test_secrets_are_not_in_a_core_file(real, own_image):
    with_secrets(real)

    def limits():
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)
    process = subprocess.Popen([CCO, "shell", "sleep 60"], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=real.env,
                               cwd=real.project, preexec_fn=limits)
    wait_for(lambda: list((real.runtime / "cco").glob("cco-*/files/credentials.json")) and
             not list((real.runtime / "cco").glob("cco-*/boot")))
    os.kill(process.pid, signal.SIGSEGV)
    _, status = os.waitpid(process.pid, 0)
    assert os.WTERMSIG(status) == signal.SIGSEGV and not os.WCOREDUMP(status)
    process.returncode = status
    process.stdout.close()
    process.stderr.close()


def test_secrets_are_not_in_a_recording(real, own_image, tmp_path):
    options = with_secrets(real)
    film = tmp_path / "film.cast"
    terminal = Terminal([CCO, *options, "--record", str(film), "shell"], real.env, real.project)
    try:
        terminal.wait_for(lambda t: "project" in t.text())
        terminal.type("echo done; exit\r")
        terminal.wait(30)
    finally:
        terminal.close()
    assert "done" in film.read_text() and not holds_secret(film.read_text())


def test_secrets_are_not_left_behind(real, own_image):
    options = with_secrets(real)
    Session(real, *options, "--allow-oauth-refresh").end()
    for directory in (real.runtime, real.home / ".local"):
        for path in directory.rglob("*"):
            if path.is_file():
                assert not holds_secret(path.read_text(errors="replace")), path
