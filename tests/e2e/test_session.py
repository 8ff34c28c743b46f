# SPDX-License-Identifier: MIT
"""Sessions on a real engine: streams, exit statuses, the user inside, and what the sandbox can and cannot do."""

import json
import os
import re
import shlex
import signal
import subprocess
import time

import pytest

from conftest import CCO, ENGINE, IMAGE, IMAGE_WORDS, docker_only, killed_session, until
from terminal import Terminal

INTERFACES = "tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '"


def containers(api):
    label = '{"label":["cco=1"]}'.replace('"', "%22").replace("{", "%7B").replace("}", "%7D")
    for _ in range(50):
        status, text = api("GET", f"/v1.41/containers/json?all=1&filters={label}")
        if status != 500 or not ENGINE.podman:
            break
        # Podman's list fails while a container is removed, and sometimes it still contains a removed one.
        for gone in re.findall(rb'from store \\?"([0-9a-f]{64})', text):
            api("DELETE", f"/v1.41/containers/{gone.decode()}?force=1")
        time.sleep(0.1)
    assert status == 200, text
    return json.loads(text)


def mine(api, box):
    return [c for c in containers(api) if c["Labels"]["cco.project"] == str(box.project)]


@pytest.fixture
def sandbox(real, api):
    before = {c["Id"] for c in containers(api)}

    def run(script, *args, **kwargs):
        return real.cco(*IMAGE, *args, "shell", script, **kwargs)
    run.box = real
    yield run
    assert real.leftovers() == []
    until(lambda: {c["Id"] for c in containers(api)} <= before)


def test_streams_stay_apart(sandbox):
    result = sandbox("echo out; echo err >&2; exit 7")
    assert (result.returncode, result.out, result.err) == (7, "out\n", "err\n")


def test_stdin_and_its_end_reach_the_command(sandbox):
    data = os.urandom(3 << 20)
    result = sandbox("cat", stdin=data)
    assert result.stdout == data


@pytest.mark.parametrize("line", ["socket", "stream"])
def test_empty_stdin_ends_at_once(real, line):
    real.env["CCO_LINE"] = line
    result = real.cco(*IMAGE, "shell", "cat; echo over", timeout=20)
    assert (result.out, result.returncode) == ("over\n", 0)


@pytest.mark.parametrize("script,status", [("exit 0", 0), ("exit 255", 255), ("kill -TERM $$", 143), ("kill -KILL $$", 137)])
def test_exit_statuses_are_passed_on(sandbox, script, status):
    assert sandbox(script).returncode == status


def test_commands_that_cannot_run_have_126_or_127(sandbox):
    box = sandbox.box
    result = box.cco(*IMAGE, "shell", "no-such-command", "x")
    assert result.returncode == 127 and "no-such-command" in result.err
    result = box.cco(*IMAGE, "shell", "/etc/passwd", "x")
    assert result.returncode == 126 and "/etc/passwd" in result.err


def test_arguments_arrive_exactly(sandbox):
    words = ["a b", "", "*", "$HOME", "x\ny", "é", "--env", "-p"]
    result = sandbox.box.cco(*IMAGE, "shell", "printf", "[%s]", *words)
    assert result.out == "".join(f"[{w}]" for w in words)


def test_the_project_and_the_user(sandbox):
    box = sandbox.box
    result = sandbox('pwd; id -u; id -g; echo "$HOME"; touch made; test -w "$HOME" && echo writable')
    assert result.out.split("\n")[:5] == [str(box.project), str(ENGINE.uid), str(ENGINE.gid), str(box.home), "writable"]
    made = (box.project / "made").stat()
    assert (made.st_uid, made.st_gid) == (os.getuid(), os.getgid())


@pytest.mark.parametrize("name", ["a b", "c:d", "new\nline", "é–☃", "quo'te\"s", "-dash", "back\\slash", "x" * 200])
def test_project_names_of_any_bytes(sandbox, name):
    project = sandbox.box.home / name
    project.mkdir()
    result = sandbox("touch made; pwd", cwd=project)
    assert result.out == f"{project}\n" and (project / "made").exists(), result.err


def test_nothing_of_the_home_is_visible(sandbox):
    (sandbox.box.home / "secret.txt").write_text("x")
    result = sandbox('cat "$HOME/secret.txt"; ls -A "$HOME"')
    assert "No such file" in result.err
    assert set(result.out.split("\n")) <= {"my project", ".claude", ".claude.json", ""}


def test_privileges_are_gone(sandbox):
    result = sandbox("cat /proc/self/status; cat /proc/1/environ; cat /proc/1/mem; mount -t tmpfs x /mnt; "
                     "mknod /tmp/sda b 8 0; chown 1:1 /tmp; unshare -m true")
    status = dict(line.split(":\t", 1) for line in result.out.split("\n") if ":\t" in line)
    for name in ("CapPrm", "CapEff", "CapInh", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0
    assert status["NoNewPrivs"] == "1" and status["Seccomp"] == "2"
    for refused in ("environ", "mem", "mount", "mknod", "unshare"):
        assert refused in result.err, result.err


def test_init_reaps_orphans(sandbox):
    result = sandbox("sh -c 'true & exec true'; (sleep 0.1 &); sleep 0.4; "
                     "cat /proc/[0-9]*/stat | awk '$3 == \"Z\"'; tr '\\0' ' ' </proc/1/cmdline")
    assert result.out.startswith("/cco-init"), result.out


def test_variables_follow_their_precedence(sandbox):
    (sandbox.box.project / ".env").write_text("A=dotenv\nexport B='two words'\nHOME=/evil\nbad line\nANTHROPIC_API_KEY=x\n")
    result = sandbox("env", "--env", "C=option", "-e", "ABSENT", "--env=TERM",
                     env={"ANTHROPIC_MODEL": "m", "UNRELATED": "1"})
    variables = dict(line.split("=", 1) for line in result.out.split("\n") if "=" in line)
    assert variables["A"] == "dotenv" and variables["B"] == "two words" and variables["C"] == "option"
    assert variables["HOME"] == str(sandbox.box.home) and variables["ANTHROPIC_MODEL"] == "m"
    assert variables["ANTHROPIC_API_KEY"] == "sk-ant-e2e-secret" and "UNRELATED" not in variables
    assert ".env line 4" in result.err


def test_no_secret_in_the_configuration(sandbox, api):
    box = sandbox.box
    child = subprocess.Popen([CCO, *IMAGE, "--env", "TOKEN=hunter2", "shell", "echo up; cat"], cwd=box.project,
                             env=box.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"up\n"
    running = [c for c in containers(api) if c["Labels"]["cco.project"] == str(box.project)]
    _, text = api("GET", f"/v1.41/containers/{running[0]['Id']}/json")
    assert b"hunter2" not in text and b"sk-ant" not in text
    config = json.loads(text)
    assert ENGINE.native or config["HostConfig"]["LogConfig"]["Type"] == "none" and not config["HostConfig"]["Privileged"]
    with open(f"/proc/{child.pid}/cmdline", "rb") as f:
        assert b"sk-ant" not in f.read()
    child.stdin.close()
    assert child.wait(30) == 0
    child.stdout.close()


def test_network_modes(sandbox):
    assert sandbox(INTERFACES, "--network", "none").out == "lo\n"
    here = os.readlink("/proc/self/ns/net")
    assert (sandbox("readlink /proc/self/ns/net").out.strip() == here) == ENGINE.host_network


@docker_only("the network is the machine's own, or none")
def test_network_bridge_is_separate(sandbox):
    assert "eth0" in sandbox("ls /sys/class/net; cat /etc/hosts", "--network", "bridge").out


def test_login_is_a_copy_without_its_refresh_token(sandbox):
    home = sandbox.box.home
    del sandbox.box.env["ANTHROPIC_API_KEY"]
    (home / ".claude").mkdir()
    (home / ".claude" / ".credentials.json").write_text(json.dumps({"claudeAiOauth": {
        "accessToken": "sk-ant-oat-e2e", "refreshToken": "sk-ant-ort-e2e", "expiresAt": 4102444800000}}))
    (home / ".claude" / "settings.json").write_text('{"a": 1}')
    (home / ".claude" / "hooks").mkdir()
    result = sandbox('cat ~/.claude/.credentials.json; echo; cat ~/.claude/settings.json; echo x >~/.claude/settings.json; '
                     'touch ~/.claude/hooks/x $(echo ~/.claude/projects/*)/seen ~/.claude/unlisted; grep -r ort-e2e ~ /run 2>/dev/null; true')
    assert "sk-ant-oat-e2e" in result.out and "ort-e2e" not in result.out + result.err
    assert "Read-only" in result.err and '"a": 1' in result.out
    assert (home / ".claude" / "settings.json").read_text() == '{"a": 1}'
    assert len(list((home / ".claude" / "projects").glob("*/seen"))) == 1
    assert not (home / ".claude" / "unlisted").exists() and not (home / ".claude" / "hooks" / "x").exists()


def test_session_on_a_terminal(real, api):
    terminal = Terminal([CCO, *IMAGE, "shell"], real.env, real.project, 33, 101)
    before = terminal.before
    try:
        terminal.type("stty size; tty; echo pid-$$\r")
        terminal.wait_for("33 101").wait_for("/dev/pts").wait_for(lambda t: "pid-" in t.text().replace("pid-$$", ""))
        terminal.resize(20, 60)
        terminal.type("stty size | grep -q '20 60' && echo seen''-it\r")
        terminal.wait_for("seen-it")
        # The shell echoes a line before it runs the command, and a key in between would reach only the shell.
        terminal.type("sh -c 'echo slee''ping; exec sleep 1000'\r")
        terminal.wait_for("sleeping")
        terminal.type("\x03")
        terminal.type("echo \"st$?us\"\r")
        terminal.wait_for("st130us")
        terminal.type("\x10\x11echo after-detach-keys\r")
        terminal.wait_for(lambda t: t.text().replace("\n", "").count("after-detach-keys") >= 2)
        terminal.type("exit 5\r")
        assert terminal.wait() == 5
        assert terminal.attributes() == before
    finally:
        terminal.close()


@pytest.mark.parametrize("signo", [signal.SIGTERM, signal.SIGUSR1, signal.SIGINT])
def test_signals_end_the_session_and_restore_the_terminal(real, api, signo):
    terminal = Terminal([CCO, *IMAGE, "shell", "trap 'exit 21' TERM USR1 INT; echo ready; while :; do sleep 0.05; done"],
                        real.env, real.project)
    before = terminal.before
    try:
        terminal.wait_for("ready")
        terminal.signal(signo)
        assert terminal.wait() == 21
        assert terminal.attributes() == before and real.leftovers() == []
    finally:
        terminal.close()


def test_next_session_cleans_up_after_kill_9(real, api):
    killed_session(real)
    assert real.leftovers() != []
    # Without a terminal, init ends a command whose caller is gone.
    until(lambda: not mine(api, real))
    result = real.cco("cleanup")
    assert result.returncode == 0 and "removed private copies of cco-my-project-" in result.out
    assert real.leftovers() == []


def test_closed_stdout_ends_the_session(real, api):
    result = subprocess.run(f"{shlex.quote(CCO)} {IMAGE_WORDS} shell 'yes' | head -n 2", shell=True, cwd=real.project,
                            env=real.env, capture_output=True, timeout=60, check=False)
    assert result.stdout == b"y\ny\n"
    until(lambda: not [c for c in containers(api) if c["Labels"]["cco.project"] == str(real.project)])


def test_many_sessions_at_once(real, api):
    children = [subprocess.Popen([CCO, *IMAGE, "shell", f"exit {i + 1}"], cwd=real.project, env=real.env,
                                 stdin=subprocess.DEVNULL) for i in range(4)]
    assert [c.wait(90) for c in children] == [1, 2, 3, 4]
    assert real.leftovers() == []
