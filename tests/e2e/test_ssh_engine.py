# SPDX-License-Identifier: MIT
"""Engines behind ssh://: one login for a whole session, the questions of ssh, and what is left when the session ends."""

import os
import signal
import subprocess
import time

import pytest

from conftest import CCO, docker_only, until
from terminal import Terminal
from test_session import IMAGE, mine
from test_terminal import DETACH, attach, sessions
from transports import Ssh, ssh_processes, ssh_server, ssh_without_forwarding

pytestmark = docker_only("an engine behind ssh")


@pytest.fixture
def remote(real, ssh_server, api):
    ssh_server.configure()
    real.env.update(ssh_server.env())
    real.server = ssh_server
    yield real
    ssh_server.configure()
    for c in mine(api, real):
        api("DELETE", f"/v1.41/containers/{c['Id']}?force=1")
    until(lambda: ssh_processes(real) == [])


def shell(box, script, *args):
    return Terminal([CCO, *IMAGE, *args, "shell", script], box.env, box.project)


def test_one_login_for_a_whole_session(remote):
    before = remote.server.logins()
    result = remote.cco(*IMAGE, "shell", "cat; exit 3", stdin=b"over there\n")
    assert (result.out, result.err, result.returncode) == ("over there\n", "", 3)
    assert remote.server.logins() == before + 1
    assert remote.leftovers() == []


def test_forbidden_forwarding_falls_back_to_dial_stdio(real, ssh_without_forwarding):
    real.env.update(ssh_without_forwarding.env())
    before = ssh_without_forwarding.logins()
    result = real.cco(*IMAGE, "shell", "cat; exit 3", stdin=b"over there\n")
    assert (result.out, result.err, result.returncode) == ("over there\n", "", 3)
    assert ssh_without_forwarding.logins() == before + 1, "the commands share the login"
    dialled = (ssh_without_forwarding.path / "dialled").read_text().splitlines()
    assert set(dialled) == {f"--host=unix://{ssh_without_forwarding.target} system dial-stdio"}
    until(lambda: ssh_processes(real) == [])


def refused(result, *parts):
    assert result.returncode == 125 and result.out == "", result.err
    for part in parts:
        assert part in result.err, result.err
    assert result.err.splitlines()[-1].startswith("     "), f"and the next step: {result.err}"


def test_machine_without_an_engine(remote):
    remote.env.update(remote.server.env("/nowhere/docker.sock"))
    refused(remote.cco(*IMAGE, "shell", "true"), "no engine answers at /nowhere/docker.sock on 127.0.0.1")
    assert remote.leftovers() == []


def test_ssh_port_is_closed(remote):
    remote.env["DOCKER_HOST"] = "ssh://127.0.0.1:1"
    refused(remote.cco(*IMAGE, "shell", "true"), "Connection refused", "Try ssh -p 1 127.0.0.1")


def test_host_name_does_not_resolve(remote):
    remote.env["DOCKER_HOST"] = "ssh://no-such-host.invalid"
    refused(remote.cco(*IMAGE, "shell", "true"), "no-such-host.invalid")


def test_key_is_not_accepted(remote, tmp_path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    text = remote.server.options.read_text().replace(str(remote.server.path / "id"), str(tmp_path / "other"))
    remote.server.options.write_text(text)
    refused(remote.cco(*IMAGE, "shell", "true"), "Permission denied")


def test_unknown_host_without_a_terminal_is_refused(remote, tmp_path):
    remote.server.options.write_text(remote.server.options.read_text().replace(str(remote.server.known), str(tmp_path / "known")))
    refused(subprocess_without_terminal(remote), "Host key verification failed", "at a terminal")


def subprocess_without_terminal(box):
    result = subprocess.run([CCO, *IMAGE, "shell", "true"], stdin=subprocess.DEVNULL, capture_output=True, env=box.env,
                            cwd=box.project, timeout=60, check=False, start_new_session=True)
    result.out, result.err = result.stdout.decode(), result.stderr.decode()
    return result


def test_unknown_host_is_confirmed_on_a_terminal(remote, tmp_path):
    known = tmp_path / "known"
    remote.server.options.write_text(remote.server.options.read_text().replace(str(remote.server.known), str(known)))
    terminal = shell(remote, "echo in''side; exit 4")
    before = terminal.before
    terminal.wait_for("continue connecting")
    terminal.type("yes\r")
    terminal.wait_for("inside")
    assert terminal.wait() == 4
    assert terminal.attributes() == before
    assert "127.0.0.1" in known.read_text()
    terminal.close()


def test_changed_host_key_is_refused(remote):
    remote.server.known.write_text(remote.server.known.read_text().replace(
        (remote.server.path / "host.pub").read_text().split()[1], (remote.server.path / "id.pub").read_text().split()[1]))
    try:
        refused(remote.cco(*IMAGE, "shell", "true"), "Host key verification failed")
    finally:
        remote.server.known.write_text(f"[127.0.0.1]:{remote.server.port} {(remote.server.path / 'host.pub').read_text()}")


@pytest.fixture
def passphrase(remote, tmp_path):
    """A key whose passphrase ssh asks for at the user's terminal."""
    path = tmp_path / "locked"
    path.write_bytes((remote.server.path / "id").read_bytes())
    path.chmod(0o600)
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "open sesame", "-f", path], check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    remote.server.options.write_text(remote.server.options.read_text().replace(str(remote.server.path / "id"), str(path)))
    remote.env.pop("SSH_ASKPASS", None)
    return remote


def test_passphrase_is_asked_for(passphrase):
    terminal = shell(passphrase, "echo in''side; read x; echo got $x; exit 5")
    before = terminal.before
    terminal.wait_for("passphrase for key")
    terminal.type("open sesame\r")
    terminal.wait_for("inside")
    terminal.type("word\r")
    terminal.wait_for("got word")
    assert terminal.wait() == 5
    assert "open sesame" not in terminal.raw.decode(), "it is not shown"
    assert terminal.attributes() == before
    terminal.close()


def test_wrong_passphrase_is_refused(passphrase):
    terminal = shell(passphrase, "echo inside")
    for i in range(3):
        terminal.wait_for(lambda t, i=i: t.raw.count(b"passphrase for key") > i)
        terminal.type("wrong\r")
    assert terminal.wait() == 125
    assert "Permission denied" in terminal.text()
    terminal.close()


@pytest.mark.parametrize("how", ["key", "signal"])
def test_ctrl_c_during_the_login(passphrase, how):
    terminal = shell(passphrase, "echo inside")
    before = terminal.before
    terminal.wait_for("passphrase for key")
    if how == "key":
        terminal.type("\x03")
    else:
        os.kill(terminal.pid, signal.SIGINT)
    assert terminal.wait() == 130
    assert terminal.attributes() == before
    terminal.close()
    until(lambda: ssh_processes(passphrase) == [])
    assert passphrase.leftovers() == []


def test_ssh_askpass_is_used(passphrase, tmp_path):
    askpass = tmp_path / "askpass"
    askpass.write_text("#!/bin/sh\necho open sesame\n")
    askpass.chmod(0o755)
    passphrase.env.update(SSH_ASKPASS=str(askpass), DISPLAY=":0")
    result = subprocess_without_terminal(passphrase)
    assert result.returncode == 0, result.err


def test_missing_ssh_is_reported(remote):
    remote.env["PATH"] = str(remote.home)
    refused(remote.cco(*IMAGE, "shell", "true"), "ssh is not in PATH", "openssh-client")


@pytest.mark.parametrize("line", ["socket", "stream"])
def test_tunnel_ends_with_the_session(remote, line):
    remote.env["CCO_LINE"] = line
    logins = remote.server.logins()
    terminal = shell(remote, "echo be''fore; read x; echo got $x; read y; exit 6")
    terminal.wait_for("before")
    terminal.type(DETACH)
    assert terminal.wait() == 0
    terminal.close()
    assert len(ssh_processes(remote)) == 1, "it is the server's now"
    assert remote.server.logins() == logins + 1
    again = attach(remote)
    again.type("word\r")
    again.wait_for("got word")
    again.type("\r")
    assert again.wait() == 6
    again.close()
    until(lambda: ssh_processes(remote) == [] and remote.leftovers() == [])


def test_no_ssh_process_outlives_a_killed_cco(remote, api):
    remote.env["CCO_LINE"] = "stream"
    terminal = shell(remote, "echo be''fore; read x; echo got $x; exit 7")
    terminal.wait_for("before")
    os.kill(terminal.pid, signal.SIGKILL)
    terminal.wait()
    terminal.close()
    until(lambda: ssh_processes(remote) == [])
    assert [name for name in remote.leftovers() if name.startswith("ssh-")], "its directory is still there"
    assert [s["state"] for s in sessions(remote)] == ["orphaned"]
    assert not [name for name in remote.leftovers() if name.startswith("ssh-")], "the next cco removes it"
    again = attach(remote)
    again.type("word\r")
    again.wait_for("got word")
    assert again.wait() == 7
    again.close()
    until(lambda: not mine(api, remote) and remote.leftovers() == [])


def test_ctrl_c_of_a_pipeline_does_not_end_the_tunnel(remote):
    """Ctrl-C reaches every process of the foreground group, but the tunnel is still needed then."""
    child = subprocess.Popen([CCO, *IMAGE, "shell", "trap 'echo caught; exit 8' INT; echo up; while :; do sleep 0.1; done"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env={**remote.env, "CCO_LINE": "stream"}, cwd=remote.project, start_new_session=True)
    assert child.stdout.readline() == b"up\n"
    os.killpg(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (8, b"caught\n"), err


@pytest.mark.parametrize("number,most", [(signal.SIGKILL, 10), (signal.SIGSTOP, 20)])
def test_broken_or_silent_tunnel_is_reported(remote, api, number, most):
    remote.env["CCO_LINE"] = "stream"
    terminal = shell(remote, "echo be''fore; read x; echo got $x; exit 9")
    before = terminal.before
    terminal.wait_for("before")
    started = time.monotonic()
    tunnel = ssh_processes(remote)[0]
    os.kill(tunnel, number)
    assert terminal.wait() == 125
    assert time.monotonic() - started < most
    assert "lost the engine" in terminal.text() and "cco attach" in terminal.text()
    assert terminal.attributes() == before
    terminal.close()
    assert len(mine(api, remote)) == 1, "it runs on"
    until(lambda: ssh_processes(remote) == [])
    again = attach(remote)
    again.type("word\r")
    again.wait_for("got word")
    assert again.wait() == 9
    again.close()
