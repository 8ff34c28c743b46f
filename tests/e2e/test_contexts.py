# SPDX-License-Identifier: MIT
"""Contexts of Docker that lead to other machines: by TLS with the files of the context, and by ssh."""

import shutil
import socket
import threading

import pytest

from conftest import docker_only
from test_discovery import info, put_context
from test_session import IMAGE
from transports import engine_pki, secure, ssh_server  # noqa: F401  pylint: disable=unused-import

pytestmark = docker_only("Docker's contexts")

HELLO = (*IMAGE, "shell", "echo hello; exit 5")


@pytest.fixture
def docker(box):
    """Returns Docker's directory. Nothing else names an engine."""
    box.env["CCO_ENGINE_TIMEOUT"] = "20"
    directory = box.home / ".docker"
    directory.mkdir()
    return directory


def put_files(docker, name, source, files=("ca", "cert", "key")):
    """Replaces the files of a context that put_context() wrote."""
    directory = next((docker / "contexts" / "tls").glob("*/docker"), None)
    assert directory is not None, name
    for file in files:
        shutil.copy(source / f"{file}.pem", directory)


def says_hello(box, **env):
    result = box.cco(*HELLO, env=env)
    assert (result.returncode, result.out) == (5, "hello\n"), result.err


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_context_with_tls(box, docker, engine_pki, secure, host):
    put_context(docker, "big", f"tcp://{host}:{secure.port}", skip=False, tls=("ca", "cert", "key"))
    put_files(docker, "big", engine_pki.client("ec"))
    (docker / "config.json").write_text('{"currentContext":"big"}')
    answer = info(box, True)
    assert (answer["address"], answer["context"]) == (f"tcp://{host}:{secure.port}", "big")
    says_hello(box)
    says_hello(box, DOCKER_CONTEXT="big", DOCKER_TLS_VERIFY="", DOCKER_CERT_PATH="/nowhere")


def test_context_with_the_wrong_authority_is_refused(box, docker, engine_pki, secure):
    """The server is refused, unless the context says that it need not be verified."""
    put_context(docker, "big", f"tcp://127.0.0.1:{secure.port}", tls=("ca", "cert", "key"))
    put_files(docker, "big", engine_pki.client("ec", "stranger"))
    result = box.cco(*HELLO, env={"DOCKER_CONTEXT": "big"})
    assert result.returncode == 125 and "context 'big' (DOCKER_CONTEXT)" in result.err, result.err
    put_context(docker, "big", f"tcp://127.0.0.1:{secure.port}", skip=True)
    says_hello(box, DOCKER_CONTEXT="big")
    shown = " ".join(box.cco("info", "--image", "x", env={"DOCKER_CONTEXT": "big"}).out.split())
    assert "TLS without verification of the server" in shown


def test_tls_files_of_docker_config_are_used_without_docker_cert_path(box, docker, engine_pki, secure):
    """With DOCKER_TLS_VERIFY and without DOCKER_CERT_PATH, cco uses the files in Docker's own directory."""
    host = f"tcp://127.0.0.1:{secure.port}"
    for file in ("ca", "cert", "key"):
        shutil.copy(engine_pki.client("rsa") / f"{file}.pem", docker)
    says_hello(box, DOCKER_HOST=host, DOCKER_TLS_VERIFY="1")
    says_hello(box, DOCKER_HOST=host, DOCKER_TLS="1")
    result = box.cco(*HELLO, env={"DOCKER_HOST": host})
    assert result.returncode == 125 and "DOCKER_TLS_VERIFY=1" in result.err, result.err


def test_context_with_ssh(box, docker, ssh_server):
    env = ssh_server.env()
    put_context(docker, "remote", env.pop("DOCKER_HOST"))
    (docker / "config.json").write_text('{"currentContext":"remote"}')
    before = ssh_server.logins()
    says_hello(box, **env)
    assert ssh_server.logins() == before + 1, "one login for all of it"


@pytest.mark.parametrize("stream", [False, True])
def test_plain_tcp_to_loopback(box, docker, engine_socket, stream):
    """A forwarder in front of the engine's socket, once at the root and once below a path."""
    base = [b"/"]

    def copy(source, sink):
        try:
            while data := source.recv(65536):
                method, _, rest = data.partition(b" ")
                if method in (b"GET", b"HEAD", b"POST", b"PUT", b"DELETE"):
                    assert rest.startswith(base[0])
                    data = method + b" /" + rest[len(base[0]):]
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def accept():
        while True:
            try:
                local, _ = listener.accept()
            except OSError:
                return
            remote = socket.socket(socket.AF_UNIX)
            remote.connect(engine_socket)
            for a, b in ((local, remote), (remote, local)):
                threading.Thread(target=copy, args=(a, b), daemon=True).start()
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    try:
        put_context(docker, "plain", address)
        says_hello(box, DOCKER_CONTEXT="plain", **({"CCO_LINE": "stream"} if stream else {}))
        put_context(docker, "plain", address + "/base")
        result = box.cco(*HELLO, env={"DOCKER_CONTEXT": "plain"})
        assert result.returncode == 125 and "not found" in result.err.lower(), result.err
        base[0] = b"/base/"
        says_hello(box, DOCKER_CONTEXT="plain", **({"CCO_LINE": "stream"} if stream else {}))
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()
        listener.close()
