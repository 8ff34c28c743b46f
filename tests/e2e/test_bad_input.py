# SPDX-License-Identifier: MIT
"""Mistakes of users and faults of machines: one or two lines of output, the right exit status, and nothing left behind."""

import json
import os
import re
import shlex
import socket
import subprocess

import pytest

from conftest import CCO, ENGINE, IMAGE, as_another_user, docker_only, refused
from fake import reply


def test_no_engine(box):
    refused(box.use("/nowhere/docker.sock").cco("shell", "true"), 125, "/nowhere/docker.sock", "DOCKER_HOST")
    assert box.leftovers() == []


def test_socket_without_a_listener(box, tmp_path):
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(path)
    refused(box.use(path).cco("shell", "true"), 125, "refused", "systemctl start docker")


def test_socket_without_permission(box, fake):
    if os.getuid() != 0:
        os.chmod(fake.socket, 0)
        refused(box.cco("shell", "true"), 125, "docker", "group")
        return
    os.chmod(fake.dir, 0o755)
    os.chmod(fake.socket, 0o600)
    result = as_another_user(box, "shell", "true")
    assert result.returncode == 125 and "usermod -aG docker" in result.stderr, result.stderr


@pytest.mark.parametrize("where", ["/", "home", ".claude", "/usr", "/proc"])
def test_directories_that_are_refused_as_a_project(box, fake, where):
    (box.home / ".claude").mkdir()
    cwd = {"home": box.home, ".claude": box.home / ".claude"}.get(where, where)
    refused(box.cco(*IMAGE, "shell", "true", cwd=cwd), 125, "cannot be the project", "Change to the directory")
    assert not fake.asked("POST")


def test_working_directory_was_removed(box, fake, tmp_path):
    import subprocess
    gone = tmp_path / "gone"
    gone.mkdir()
    result = subprocess.run(["sh", "-c", f'rmdir "$PWD" && exec {shlex.quote(CCO)} shell true'], cwd=gone, env=box.env,
                            capture_output=True, text=True, check=False)
    assert result.returncode == 125 and result.stderr.startswith("cco: ")


@pytest.mark.parametrize("kind", ["link", "fifo", "directory", "binary", "huge"])
def test_odd_dotenv_files_are_left_out_with_a_warning(box, fake, kind):
    path = box.project / ".env"
    if kind == "link":
        path.symlink_to("/etc/passwd")
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    elif kind == "binary":
        path.write_bytes(b"\x00\xff" * 100 + b"\nA=1\n")
    else:
        path.write_bytes(b"A=1\n" * 600000)
    result = box.cco("--image", "small", "shell", "true")
    assert result.returncode == 42 and ".env" in result.err and len(result.err) < 500


@pytest.mark.parametrize("text,word", [("{", "JSON"), ("[]", "no credentials"), ('{"claudeAiOauth":{}}', "access token"),
                                       ("", "JSON")])
def test_credentials_file_that_is_not_json(box, fake, text, word):
    (box.home / ".claude").mkdir()
    (box.home / ".claude" / ".credentials.json").write_text(text)
    del box.env["ANTHROPIC_API_KEY"]
    result = box.cco("--image", "small", "-p", "hi")
    assert result.returncode == 42 and word in result.err and "run claude" in result.err


def test_expired_login_is_reported(box, fake):
    (box.home / ".claude").mkdir()
    (box.home / ".claude" / ".credentials.json").write_text(json.dumps(
        {"claudeAiOauth": {"accessToken": "a", "refreshToken": "b", "expiresAt": 1000}}))
    del box.env["ANTHROPIC_API_KEY"]
    result = box.cco("--image", "small", "-p", "hi")
    assert "has expired" in result.err and "Run claude on this machine" in result.err
    assert "expired" not in box.cco("--image", "small", "shell", "true").err


def test_full_disk_is_reported(box, fake):
    fake.answers["POST /containers/create"] = reply(
        500, {"message": "mkdir /var/lib/docker/overlay2/x: no space left on device"})
    refused(box.cco("--image", "small", "shell", "true"), 125, "no space left on device")
    assert box.leftovers() == []


def test_full_disk_below_stdout_is_reported(real):
    with open("/dev/full", "wb") as full:
        result = subprocess.run([CCO, *IMAGE, "shell", "echo x"], cwd=real.project, env=real.env, stdout=full,
                                stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=60, check=False)
    assert result.returncode == 125 and b"No space left" in result.stderr
    assert real.leftovers() == []


@pytest.mark.parametrize("words", ["help", "help man", "--version", "info", "sessions --json", "completion bash"])
def test_result_that_cannot_be_written_is_an_error(box, words):
    box.use("/nowhere/docker.sock")
    with open("/dev/full", "wb") as full:
        result = subprocess.run([CCO, *words.split()], cwd=box.project, env=box.env, stdout=full, stderr=subprocess.PIPE,
                                stdin=subprocess.DEVNULL, timeout=60, check=False)
    assert result.returncode == 125 and b"No space left" in result.stderr


def test_name_that_cannot_be_written_is_an_error(real):
    """--detach prints the name through stdio."""
    with open("/dev/full", "wb") as full:
        result = subprocess.run([CCO, *IMAGE, "--detach", "--name", "full", "shell", "sleep 100"], cwd=real.project,
                                env=real.env, stdout=full, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=60,
                                check=False)
    assert real.cco("stop", "full").returncode == 0
    assert result.returncode == 125 and b"cco: " in result.stderr


@pytest.mark.parametrize("command", [("--image", "small", "shell", "true"), ("cleanup",)])
def test_runtime_directory_that_another_user_prepared_is_refused(box, fake, tmp_path, command):
    """Another user made the runtime directory first, as a link to a place where cco would do damage."""
    victim = tmp_path / "victim"
    (victim / "cco-data").mkdir(parents=True, mode=0o700)
    (victim / "cco-data" / "file").write_text("precious")
    (victim / "cco-data.lock").touch()
    (box.runtime / "cco").symlink_to(victim)
    refused(box.cco(*command), 125, "cco")
    assert (victim / "cco-data" / "file").read_text() == "precious"
    assert sorted(p.name for p in victim.iterdir()) == ["cco-data", "cco-data.lock"]


@docker_only("no images without an engine")
def test_image_without_a_shell(real, api):
    import io
    import tarfile
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("empty"))
    status, text = api("POST", "/v1.41/images/create?fromSrc=-", tar.getvalue(), "application/x-tar")
    made = re.search(rb"sha256:[0-9a-f]{64}", text)
    assert status == 200 and made, text
    status, text = api("POST", f"/v1.41/images/{made.group().decode()}/tag?repo=cco-e2e-empty&tag=1")
    assert status == 201, text
    try:
        result = real.cco("--image", "cco-e2e-empty:1", "shell", "true")
        refused(result, 127, "sh: No such file")
        result = real.cco("--image", "cco-e2e-empty:1", "-p", "hi")
        refused(result, 127, "claude: No such file")
    finally:
        api("DELETE", "/v1.41/images/cco-e2e-empty:1?force=1")
    assert real.leftovers() == []


@docker_only("no images without an engine")
def test_image_that_does_not_exist(real):
    result = real.cco("--image", "localhost:1/none:x", "shell", "true")
    refused(result, 125, "localhost:1/none:x")


@pytest.mark.parametrize("args", [
    ("--ro", "no/file", "shell", "true"), ("--add-dir", "no/file", "shell", "true"), ("--deny", "no/file", "shell", "true"),
    ("--record", "no/file", "shell", "true"), ("trust", "no/file"), ("image", "load", "no/file"), ("image", "save", "no/file"),
])
def test_missing_path_of_the_command_line_has_status_2(real, args):
    if args[0] == "image" and ENGINE.native:
        pytest.skip("no images without an engine")
    result = real.cco(*args)
    refused(result, 2, "no/file: ")
    assert "o such file or directory" in result.err and real.leftovers() == []


@pytest.mark.parametrize("args,word", [
    (("--packages",), "--packages"), (("--packages", "a;b"), "--packages"), (("--network", "lan"), "--network"),
    (("--env",), "--env"), (("--env", "1=2"), "--env"), (("--image", ""), "--image"), (("cleanup", "x"), "cleanup"),
    (("info", "x"), "info"), (("--image", "a", "--packages", "b"), "--packages"),
])
def test_usage_errors_have_status_2(box, fake, args, word):
    refused(box.cco(*args), 2, word)
    assert not fake.requests
