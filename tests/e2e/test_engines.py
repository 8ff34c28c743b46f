# SPDX-License-Identifier: MIT
"""The core of a session, for one kind of engine after the other. `./build.sh test` runs this file with each engine and
prints a table. conftest.Engine describes how the kinds differ.
"""

import json
import os
import signal
import subprocess

import pytest

from conftest import CCO, ENGINE, docker_only, until
from terminal import Terminal
from test_any_image import alpine, make  # noqa: F401
from test_cleanup import exists
from test_images import built
from test_lost_engine import Proxy
from test_options import ask, free_port, serve
from test_session import IMAGE, INTERFACES, mine, sandbox  # noqa: F401
from test_terminal import DETACH, attach, sessions, start


@pytest.fixture
def held(real, api):
    """Its sessions end with the test."""
    yield real
    for c in mine(api, real):
        api("DELETE", f"/v1.41/containers/{c['Id']}?force=1")


def test_streams_stay_separate_and_the_status_is_passed_on(sandbox):  # noqa: F811
    result = sandbox("echo out; echo err >&2; exit 7")
    assert (result.returncode, result.out, result.err) == (7, "out\n", "err\n")
    assert sandbox("kill -KILL $$").returncode == 137
    assert sandbox.box.cco(*IMAGE, "shell", "no-such-command", "x").returncode == 127


@pytest.mark.parametrize("line", ["socket", "stream"])
def test_stdin_and_its_end_reach_the_command(sandbox, line):  # noqa: F811
    data = os.urandom(1 << 20)
    result = sandbox("cat", stdin=data, env={"CCO_LINE": line})
    assert result.stdout == data and result.err == ""
    assert sandbox("cat; echo over", env={"CCO_LINE": line}).out == "over\n"


def test_files_made_inside_belong_to_the_user(sandbox):  # noqa: F811
    """The files belong to the user, whichever user the command runs as inside."""
    result = sandbox("id -u; id -g; pwd; echo $HOME; mkdir d; touch d/made; test -w $HOME && echo writable")
    assert result.out.splitlines() == [str(ENGINE.uid), str(ENGINE.gid), str(sandbox.box.project), str(sandbox.box.home),
                                       "writable"]
    for made in "d", "d/made":
        st = (sandbox.box.project / made).stat()
        assert (st.st_uid, st.st_gid) == (os.getuid(), os.getgid())
    (sandbox.box.project / "given").write_text("mine")
    (sandbox.box.project / "given").chmod(0o600)
    assert sandbox("cat given; rm -r d given").out == "mine" and list(sandbox.box.project.iterdir()) == []


@pytest.mark.parametrize("name", ["a:b c", "x,source=/,readonly", "say \"hi\"", "new\nline", "é–☃"])
def test_project_paths_may_contain_any_bytes(sandbox, name):  # noqa: F811
    project = sandbox.box.home / name
    project.mkdir(parents=True)  # together with its slash, such a character is two
    result = sandbox("touch made; pwd; ls", cwd=project)
    assert result.out == f"{project}\nmade\n" and (project / "made").exists(), result.err


def test_command_has_no_privileges(sandbox):  # noqa: F811
    status = dict(line.split(":\t", 1) for line in sandbox("cat /proc/self/status").out.splitlines() if ":\t" in line)
    assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


def test_secrets_are_not_in_the_configuration(held, api):
    terminal = start(held, "echo be''fore-$ANTHROPIC_API_KEY; read x", 24, 80, "--env", "TOKEN=hunter2")
    terminal.wait_for("before-sk-ant-e2e-secret")
    _, text = api("GET", f"/v1.41/containers/{mine(api, held)[0]['Id']}/json")
    assert b"hunter2" not in text and b"sk-ant" not in text
    terminal.type("\r")
    assert terminal.wait() == 0
    terminal.close()


@pytest.mark.parametrize("line", ["socket", "stream"])
def test_terminal_has_the_right_size(real, line):
    real.env["CCO_LINE"] = line
    terminal = Terminal([CCO, *IMAGE, "shell", "stty size; trap 'stty size' WINCH; trap 'exit 9' INT; echo go; "
                         "while :; do sleep 0.05; done"], real.env, real.project, 33, 101)
    before = terminal.before
    terminal.wait_for("33 101").wait_for("go")
    terminal.resize(20, 60)
    terminal.wait_for("20 60")
    terminal.type("\x03")
    assert terminal.wait() == 9 and terminal.attributes() == before
    terminal.close()


def test_signals_reach_the_command(real):
    child = subprocess.Popen([CCO, *IMAGE, "shell", "trap 'exit 21' TERM; echo up; while :; do sleep 0.05; done"],
                             env=real.env, cwd=real.project, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"up\n"
    child.send_signal(signal.SIGTERM)
    assert child.wait(30) == 21
    child.stdout.close()
    assert real.leftovers() == []


def test_detach_and_attach(held, api):
    first = start(held, "echo be''fore; read x; echo got $x; read y; exit 7")
    first.wait_for("before")
    first.type(DETACH)
    assert first.wait() == 0
    second = attach(held)
    second.wait_for("before").type("something\r")
    second.wait_for("got something").type("\r")
    assert second.wait() == 7
    until(lambda: not mine(api, held) and held.leftovers() == [])
    first.close()
    second.close()


def test_orphaned_session_is_adopted(held, api):
    """The cco was killed, and the next one reaches the session by an exec in its container."""
    first = start(held, "trap 'stty size' WINCH; echo be''fore; while :; do sleep 0.05; done")
    first.wait_for("before")
    first.kill()
    until(lambda: [s["state"] for s in sessions(held)] == ["orphaned"])
    second = attach(held, rows=31, cols=91)
    second.wait_for("31 91")
    second.type("\x03")
    assert second.wait() == 130
    until(lambda: not mine(api, held) and held.leftovers() == [])
    first.close()
    second.close()


@docker_only("an engine that goes away")
def test_lost_engine_is_reported_and_the_session_survives(held, api):
    """The engine is lost during the session: cco reports it and restores the terminal, and the session is there again
    when the engine is.
    """
    proxy = Proxy(ENGINE.socket)
    held.use(proxy.path)
    held.env["CCO_LINE"] = "stream"
    terminal = start(held, "echo be''fore; read x; echo got $x; read y; exit 5")
    before = terminal.before
    terminal.wait_for("before")
    proxy.cut()
    assert terminal.wait() == 125 and terminal.attributes() == before
    assert "lost the engine" in terminal.text()
    terminal.close()
    proxy.open()
    again = attach(held)
    until(again.is_raw)
    until(lambda: sessions(held)[0]["state"] == "attached")
    again.type("word\r")
    again.wait_for("got word")
    again.type("\r")
    assert again.wait() == 5
    again.close()
    until(lambda: not mine(api, held) and held.leftovers() == [])


def test_network_none(sandbox):  # noqa: F811
    assert sandbox(INTERFACES, "--network", "none").out == "lo\n"


@docker_only("the network is the machine's own, or none")
def test_network_bridge(sandbox):  # noqa: F811
    result = sandbox("ls /sys/class/net; cat /etc/hosts", "--network", "bridge")
    hosts = [line.split() for line in result.out.splitlines() if "host.docker.internal" in line]
    assert len(hosts) == 1 and hosts[0][0][0].isdigit(), result.out
    assert "eth0" in result.out or "tap0" in result.out


def test_network_host(sandbox):  # noqa: F811
    """The engine chooses; the test needs an engine whose host network is this machine's."""
    plan = json.loads(sandbox.box.cco(*IMAGE, "--dry-run", "shell", "true").out)["network"]
    assert (plan["mode"] == "host") == ENGINE.host_network
    here = os.readlink("/proc/self/ns/net")
    assert (sandbox("readlink /proc/self/ns/net").out.strip() == here) == ENGINE.host_network


@docker_only("no ports are published natively")
def test_published_port_is_reachable(sandbox):  # noqa: F811
    port = free_port()
    child = serve(sandbox.box, port)
    assert until(lambda: ask(port)) == b"hello"
    assert child.wait(timeout=20) == 0
    child.stderr.close()


def test_limits_hold_or_are_reported(sandbox):  # noqa: F811
    """A limit either holds, or cco reports that it cannot be set."""
    result = sandbox("cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; true",
                     "--memory", "64m", "--pids", "100", "--cpus", "0.5")
    if ENGINE.limits:
        assert "67108864" in result.out.split() and result.err == ""
    else:
        assert [line.split(":")[1].strip() for line in result.err.splitlines()] == ["--memory", "--cpus", "--pids"]
        assert "there is no limit" in result.err
    assert sandbox("true").err == "", "not asked for: nothing is said"


@docker_only("no images without an engine")
def test_any_linux_image_runs(real, make):  # noqa: F811
    image = make(alpine(), "alpine")
    result = real.cco("--image", image, "shell", "id -u; touch made; cat /etc/os-release")
    assert (result.out, result.err) == (f"{ENGINE.uid}\nID=alpine\n", "")
    assert (real.project / "made").stat().st_uid == os.getuid()


@docker_only("no images without an engine")
def test_own_image_is_built(small):  # noqa: F811
    ref = built(small.cco("image", "build"))
    result = small.cco("image", "build")
    assert (result.returncode, result.err) == (0, "") and "up to date" in result.out
    result = small.cco("--packages", "jq", "shell", "cat /packages")
    assert (result.returncode, result.out) == (0, "packages: jq\n"), result.err
    assert ref in small.cco("image", "list").out


def test_cleanup_removes_an_ended_orphan(held, api):
    """The cco of the session was killed, and the session has ended since."""
    first = start(held, "echo be''fore; exec sleep 1000")
    first.wait_for("before")
    first.kill()
    first.close()
    container = mine(api, held)[0]["Id"]
    assert held.cco("cleanup", "--all", "--yes").returncode == 0
    assert not exists(api, container) and held.leftovers() == []
