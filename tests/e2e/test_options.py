# SPDX-License-Identifier: MIT
"""What the options give to the sandbox and take from it, on a real engine."""

import json
import os
import socket
import subprocess

import pytest

from conftest import CCO, ENGINE, IMAGE, docker_only, until


@pytest.fixture
def sandbox(real):
    def run(script, *args, **kwargs):
        return real.cco(*IMAGE, *args, "shell", script, **kwargs)
    run.box = real
    run.beside = real.home / "lib: odd name"
    run.beside.mkdir()
    (run.beside / "file").write_text("from beside\n")
    yield run
    assert real.leftovers() == []


def test_add_dir_is_writable_and_ro_is_not(sandbox):
    path = str(sandbox.beside)
    result = sandbox('cat "$P/file"; echo new >"$P/made"; ls -ld "$P" | cut -c1', "--add-dir", path,
                     "--env", f"P={path}")
    assert result.out == "from beside\nd\n" and (sandbox.beside / "made").read_text() == "new\n"
    assert (sandbox.beside / "made").stat().st_uid == os.getuid()
    for option in (("--add-dir", path + ":ro"), ("--ro", path), (f"--allow-readonly={path}",)):
        result = sandbox('cat "$P/file"; echo new >"$P/second"', *option, "--env", f"P={path}")
        assert result.returncode != 0 and result.out == "from beside\n" and "Read-only" in result.err
    assert not (sandbox.beside / "second").exists()


def test_relative_paths_and_single_files(sandbox):
    one = sandbox.box.home / "one.txt"
    one.write_text("one\n")
    result = sandbox("cat ../one.txt; ls ..; rm ../one.txt", "--ro", "../one.txt")
    assert result.out == "one\nmy project\none.txt\n" and result.returncode != 0 and one.exists()


def test_deny_hides_in_the_project(sandbox):
    project = sandbox.box.project
    (project / "secrets").mkdir()
    (project / "secrets" / "key").write_text("s3cret")
    (project / ".env").write_text("FROM_ENV=s3cret\n")
    result = sandbox("cat .env; ls -A secrets; env | grep FROM_ENV; rm -rf .env secrets; mv secrets x; "
                     "echo x >.env; true", "--deny", ".env", "--deny-path", "secrets")
    assert "s3cret" not in result.out + result.err
    assert (project / "secrets" / "key").read_text() == "s3cret"
    assert (project / ".env").read_text() == "FROM_ENV=s3cret\n"
    assert "s3cret" in sandbox("cat .env; env").out


def test_deny_hides_under_every_name(sandbox):
    (sandbox.box.project / "sub").mkdir()
    (sandbox.box.project / "sub" / "key").write_text("s3cret")
    (sandbox.box.home / "name").symlink_to(sandbox.box.project / "sub")
    result = sandbox('ls sub ../name; cat sub/key ../name/key; true', "--ro", "../name", "--deny", "sub/key")
    assert result.out.count("key") == 2 and "s3cret" not in result.out + result.err


def test_option_without_effect_is_reported(sandbox):
    (sandbox.box.project / "out").symlink_to(sandbox.beside / "file")
    result = sandbox("cat out; true", "--deny", str(sandbox.beside), "--deny", "out", "--env", "NOT_SET")
    assert f"--deny {sandbox.beside}: hides nothing" in result.err and "--deny out: hides nothing" in result.err
    assert "--env NOT_SET: has no effect" in result.err and result.returncode == 0
    result = sandbox("echo x >sub/f", "--ro", ".", "--add-dir", str(sandbox.box.project))
    assert "can only be read" in result.err and result.returncode != 0
    for path in (".claude", ".claude.json"):
        (sandbox.box.home / ".claude").mkdir(exist_ok=True)
        (sandbox.box.home / ".claude.json").write_text("{}")
        assert sandbox("true", "--deny", str(sandbox.box.home / path)).returncode == 2


def test_part_of_the_project_is_read_only(sandbox):
    project = sandbox.box.project
    (project / "vendor").mkdir()
    (project / "vendor" / "v").write_text("v")
    result = sandbox("echo x >vendor/v; rm -rf vendor; echo ok >other", "--ro", "vendor")
    assert "Read-only" in result.err and (project / "vendor" / "v").read_text() == "v"
    assert (project / "other").read_text() == "ok\n"
    assert sandbox("echo x >third", "--ro", ".").returncode != 0


def test_link_in_the_project_is_not_followed(sandbox):
    (sandbox.box.project / "link").symlink_to(sandbox.beside)
    for option in ("--add-dir", "--ro"):
        result = sandbox("true", option, "link")
        assert result.returncode == 2 and "the link " in result.err


@pytest.mark.skipif(not ENGINE.limits, reason="this engine cannot limit anything here")
def test_limits_hold(sandbox):
    result = sandbox("cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max /sys/fs/cgroup/cpu.max "
                     "/sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max "
                     "2>/dev/null", "--memory", "64m", "--pids", "100", "--cpus", "0.5")
    words = result.out.split()
    assert "67108864" in words and "100" in words, result.out + result.err


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(box, port):
    """Starts a session that greets the first client."""
    script = f"perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(Listen=>1,LocalPort=>8080)or die;print STDERR \"up\\n\";$c=$s->accept;print $c \"hello\";'"
    child = subprocess.Popen([CCO, *IMAGE, "--publish", f"{port}:8080", "shell", script], env=box.env,
                             cwd=box.project, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert child.stderr.readline() == b"up\n"
    return child


def ask(port):
    with socket.create_connection(("127.0.0.1", port), timeout=5) as s:
        return s.recv(16)


@docker_only("no ports are published natively")
def test_published_ports_are_local(sandbox):
    port = free_port()
    child = serve(sandbox.box, port)
    assert until(lambda: ask(port)) == b"hello"
    assert child.wait(timeout=20) == 0
    child.stderr.close()


@docker_only("the engine's socket")
def test_docker_gives_the_engines_socket(sandbox, engine_socket):
    script = "stat -c %F /var/run/docker.sock; id -G; test -w /var/run/docker.sock && echo writable"
    result = sandbox(script, "--docker")
    assert "socket\n" in result.out and "writable" in result.out
    assert ("that you can" if ENGINE.rootless else "can become root on the engine's machine") in result.err
    assert "--docker: the image debian:trixie-slim has no docker command" in result.err
    assert "no docker command" not in sandbox("true", "--docker", "--quiet").err
    assert sandbox("test -e /var/run/docker.sock").returncode == 1


def test_private_keys_only_with_ssh_keys(sandbox):
    ssh = sandbox.box.home / ".ssh"
    ssh.mkdir(mode=0o700)
    (ssh / "id_ed25519").write_text("key")
    (ssh / "known_hosts").write_text("hosts")
    assert sandbox("ls ~/.ssh").out == "known_hosts\n"
    result = sandbox("ls ~/.ssh; cat ~/.ssh/id_ed25519; echo x >~/.ssh/config", "--ssh-keys")
    assert result.out == "id_ed25519\nknown_hosts\nkey" and "Read-only" in result.err


def test_missing_ssh_directory_is_reported(sandbox):
    result = sandbox("true", "--ssh-keys")
    assert result.returncode == 2 and "--ssh-keys" in result.err


def test_background_tasks_can_be_disabled(sandbox):
    assert sandbox("echo $CLAUDE_CODE_DISABLE_BACKGROUND_TASKS", "--disable-background-tasks").out == "1\n"
    assert sandbox("echo $CLAUDE_CODE_DISABLE_BACKGROUND_TASKS").out == "\n"


@docker_only("no sudo natively")
def test_sudo_gives_root_inside(own_image):
    script = "id -u; sudo -n id -u; sudo -n touch /etc/x && ls /etc/x; grep NoNewPrivs /proc/self/status"
    result = own_image.cco("--sudo", "shell", script)
    lines = result.out.split()
    assert lines[:3] == [str(ENGINE.uid), "0", "/etc/x"] and lines[-1] == "0", result.err
    result = own_image.cco("shell", "sudo -n id -u; grep NoNewPrivs /proc/self/status")
    assert result.out.split()[-1] == "1"
    if ENGINE.uid != 0:
        assert "0" not in result.out.split()[0]


@docker_only("no sudo natively")
def test_image_without_sudo_is_reported(sandbox):
    result = sandbox("true", "--sudo")
    assert result.returncode == 125 and "this image has no sudo" in result.err


def test_directory_exchanged_during_the_start_is_noticed(sandbox):
    """A named directory is replaced between cco's check and the engine's mount."""
    result = sandbox.box.cco(*IMAGE, "--dry-run", "--add-dir", str(sandbox.beside), "shell", "true")
    mounts = {m["target"]: m for m in json.loads(result.out)["mounts"]}
    assert mounts[str(sandbox.beside)]["same_checked"]


def test_configuration_sets_defaults(real):
    config = real.home / ".config" / "cco"
    config.mkdir(parents=True)
    image = "" if ENGINE.native else "image = debian:trixie-slim"
    (config / "config").write_text(f"{image}\nenv = FROM_CONFIG=1\npids = 200\n"
                                   "add-dir = ~/not-there\n")
    result = real.cco("shell", "echo $FROM_CONFIG")
    assert result.out == "1\n" and (result.err == "" if ENGINE.limits else "--pids" in result.err)
    assert real.cco("--env", "FROM_CONFIG=2", "shell", "echo $FROM_CONFIG").out == "2\n"
    (config / "config").write_text(f"{image}\n\nmemory = lots\n")
    result = real.cco("shell", "true")
    assert result.returncode == 2 and f"{config}/config:3" in result.err
    assert real.cco("--help").returncode == 0 and real.cco("--version").returncode == 0


def test_no_configuration_from_a_project(real):
    """If the path of the configuration leads through the project, an agent may have written it."""
    config = real.project / "dots" / "cco"
    config.mkdir(parents=True)
    (config / "config").write_text("env = EVIL=1\n")
    (real.home / ".config").symlink_to(real.project / "dots")
    result = real.cco(*IMAGE, "shell", "echo $EVIL")
    assert "an agent could" in result.err and "1\n" not in result.out
    real.env["XDG_CONFIG_HOME"] = str(real.project / "dots")
    result = real.cco(*IMAGE, "--dry-run", "shell", "true")
    assert "an agent could" in result.err and "EVIL" not in result.out


def test_configuration_directory_is_refused_as_a_project(real):
    config = real.home / ".config" / "cco"
    config.mkdir(parents=True)
    for directory in (config, config.parent):
        result = real.cco(*IMAGE, "shell", "true", cwd=directory)
        assert result.returncode == 125 and "cannot be the project" in result.err


def test_misspelt_option_is_reported_and_passed_to_claude(fake, box):
    result = box.cco("--pakages", "jq", "--dry-run")
    assert "Did you mean --packages?" in result.err
    argv = json.loads(result.out)["command"]["argv"]
    assert argv[-2:] == ["--pakages", "jq"]


def test_many_arguments_of_any_bytes(sandbox):
    box = sandbox.box
    odd = b"a\xff\xfe b\n\x01'\"$x"
    result = box.cco(*IMAGE, "shell", "printf", "%s|", odd, "", "last")
    assert result.stdout == odd + b"||last|"
    many = [str(i) for i in range(4096)]
    result = box.cco(*IMAGE, "shell", "printf", "%s\n", *many)
    assert result.out.split() == many
    longest = "v" * (128 * 1024 - 20)
    result = box.cco(*IMAGE, "--env", f"LONG={longest}", "shell", "echo ${#LONG}")
    assert result.out == f"{len(longest)}\n", result.err


def test_variable_value_of_any_bytes(sandbox):
    result = sandbox.box.cco(*IMAGE, "--env", b"ODD=\xff\n\x02", "shell", 'printf %s "$ODD"')
    assert result.stdout == b"\xff\n\x02"
