# SPDX-License-Identifier: MIT
"""Which directories cco refuses as a project or for --add-dir, and local sockets of programs in the directories that a
sandbox gets.
"""

import os
import shutil
import socket
import subprocess

import pytest

from conftest import IMAGE, until

KEYS = [".ssh", ".ssh/keys", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".config", ".config/gcloud", ".config/gh", ".local",
        ".local/bin", ".local/share", ".local/state", ".local/share/keyrings", "bin", ".cargo", ".npm", ".pki", ".mozilla",
        ".password-store", "Library", "go", ".config/git", ".cache"]
SHARED = ["/tmp", "/var/tmp", "/home", "/mnt", "/media", "/usr/local", "/opt", "/srv", "/run"]
ALLOWED = [".config/nvim", ".local/share/chezmoi", "go/src/app", ".dotfiles", ".emacs.d"]


def refused(result, *words):
    assert result.returncode == 125 and "cannot be the project" in result.err, result.err
    for word in words:
        assert word in result.err, result.err


@pytest.mark.parametrize("name", KEYS)
def test_directories_with_keys_and_programs_are_refused_as_a_project(box, fake, name):
    (box.home / name).mkdir(parents=True)
    refused(box.cco(*IMAGE, "shell", "true", cwd=box.home / name), "Change to")
    result = box.cco(*IMAGE, "--add-dir", str(box.home / name), "shell", "true")
    assert result.returncode == 2 and "--add-dir" in result.err and "Name another directory" in result.err, result.err
    assert not fake.asked("POST")


@pytest.mark.parametrize("path", SHARED)
def test_directories_of_all_users_are_refused_as_a_project(box, fake, path):
    if not os.path.isdir(path):
        pytest.skip(f"this machine has no {path}")
    refused(box.cco(*IMAGE, "shell", "true", cwd=path))
    assert not fake.asked("POST")


@pytest.mark.parametrize("name", ALLOWED)
def test_directories_that_users_work_in_are_accepted(box, fake, name):
    (box.home / name).mkdir(parents=True)
    result = box.cco("--dry-run", *IMAGE, "shell", "true", cwd=box.home / name)
    assert result.returncode == 0, result.err


def test_link_to_keys_elsewhere_is_refused_as_a_project(box, fake, tmp_path):
    keys = tmp_path / "keys"
    keys.mkdir()
    (box.home / ".ssh").symlink_to(keys)
    refused(box.cco(*IMAGE, "shell", "true", cwd=keys), "~/.ssh leads to it", "your keys")


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o707])
def test_directory_in_which_everybody_can_create_files_is_refused(box, fake, mode):
    shared = box.home / "shared"
    shared.mkdir()
    shared.chmod(mode)
    refused(box.cco(*IMAGE, "shell", "true", cwd=shared), "every user")
    result = box.cco(*IMAGE, "--add-dir", str(shared), "shell", "true")
    assert result.returncode == 2 and "every user" in result.err, result.err
    assert box.cco("--dry-run", *IMAGE, "--ro", str(shared), "shell", "true").returncode == 0
    # CI runners check projects out like that
    (shared / ".git").mkdir()
    result = box.cco("--dry-run", *IMAGE, "shell", "true", cwd=shared)
    assert (result.returncode == 0) == (mode != 0o1777), result.err


def test_refusal_does_not_depend_on_the_user_or_the_engine(real):
    for name in [*KEYS, "shared"]:
        (real.home / name).mkdir(parents=True, exist_ok=True)
    (real.home / "shared").chmod(0o777)
    for path in [*(real.home / name for name in [*KEYS, "shared"]), *(path for path in SHARED if os.path.isdir(path))]:
        refused(real.cco(*IMAGE, "shell", "touch planted", cwd=path))
        assert not os.path.exists(os.path.join(path, "planted"))


@pytest.fixture
def listening(real):
    """Gives a socket of this machine in the project, and whether a client has connected to it."""
    path = real.project / "run" / "server"
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        server.setblocking(False)

        def connected():
            try:
                server.accept()[0].close()
            except BlockingIOError:
                return False
            return True
        yield path, connected


CONNECT = "{ command -v python3 >/dev/null && python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect(\"run/server\")'; } || " \
          "perl -MIO::Socket::UNIX -e 'exit !IO::Socket::UNIX->new(Peer => \"run/server\")'"


def test_socket_of_a_program_in_the_project_is_hidden(real, listening):
    path, connected = listening
    result = real.cco(*IMAGE, "shell", f"{CONNECT}; stat -c %F run/server")
    assert result.out == "regular empty file\n", (result.out, result.err)
    assert not connected()
    assert str(path) in result.err and "--ro PATH" in result.err, result.err
    assert path.is_socket()


def test_socket_in_a_directory_that_can_only_be_read_is_hidden(real, listening):
    path, connected = listening
    other = real.home / "another"
    other.mkdir()
    result = real.cco(*IMAGE, "--ro", str(real.project), "shell", f"cd '{real.project}'; {CONNECT}; stat -c %F run/server", cwd=other)
    assert result.out == "regular empty file\n" and not connected(), (result.out, result.err)
    assert str(path) in result.err


def test_socket_that_the_user_names_can_be_used(real, listening):
    _, connected = listening
    result = real.cco(*IMAGE, "--ro", "run/server", "shell", f"{CONNECT}; stat -c %F run/server")
    assert result.out == "socket\n" and connected(), (result.out, result.err)
    assert "hidden" not in result.err


def test_socket_file_without_a_program_stays(real):
    path = real.project / "old"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
    result = real.cco(*IMAGE, "shell", "stat -c %F old && rm old")
    assert result.out == "socket\n" and "hidden" not in result.err, (result.out, result.err)
    assert not path.exists()


def test_tmux_of_the_host_in_the_project_runs_nothing_for_the_agent(real):
    """A tmux server at a socket in the project would run each command of a client outside of the sandbox."""
    tmux = shutil.which("tmux")
    if tmux is None:
        pytest.skip("tmux is not installed")
    path = real.project / "tmux.sock"
    subprocess.run([tmux, "-S", path, "-f", "/dev/null", "new-session", "-d", "sleep 1000"], check=True, env=real.env)
    try:
        until(path.is_socket)
        mark = real.home / "escaped"
        real.cco(*IMAGE, "shell", f"tmux -S tmux.sock run-shell 'touch {mark}'; tmux -S tmux.sock new-window 'touch {mark}'; true")
        subprocess.run([tmux, "-S", path, "run-shell", "true"], check=True, env=real.env)  # after what came before
        assert not mark.exists()
    finally:
        subprocess.run([tmux, "-S", path, "kill-server"], check=False, env=real.env)
