# SPDX-License-Identifier: MIT
"""Engines with TLS: which server certificates cco accepts, which certificate it presents, and the messages if that
fails. The servers use Python's ssl module (OpenSSL), which shares no code with cco; one is a real dockerd.
"""

import os
import shutil
import ssl
import subprocess
import time

import pytest

from conftest import docker_only, until
from release import Listener, openssl
from test_session import IMAGE
from transports import Child, engine_pki, free_port, secure

pytestmark = docker_only("an engine behind TLS")


class Engine(Listener):
    """A server that answers the first request of cco, behind TLS with the test's settings."""

    def __init__(self, pki, name="server", authority="ca", maximum=None, minimum=None, chain=None, ask=True, host="127.0.0.1"):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain or pki.pem(name), pki.path / f"{name}.key")
        self.context.load_verify_locations(pki.pem(authority))
        if ask:
            self.context.verify_mode = ssl.CERT_REQUIRED
        if maximum:
            self.context.maximum_version = maximum
        if minimum:
            self.context.minimum_version = minimum
        self.names = []
        self.peers = []
        self.context.sni_callback = lambda s, name, context: self.names.append(name)
        super().__init__(host)

    def serve(self, connection):
        with self.context.wrap_socket(connection, server_side=True) as s:
            self.peers.append(dict(pair[0] for pair in s.getpeercert()["subject"]) if s.getpeercert() else None)
            s.recv(65536)
            s.sendall(b"HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n")
            s.recv(1)


@pytest.fixture
def engine(engine_pki):
    made = []

    def make(*args, **kwargs):
        made.append(Engine(engine_pki, *args, **kwargs))
        return made[-1]
    yield make
    for one in made:
        one.close()


def ask(box, pki, engine, client="ec", host="127.0.0.1", authority="ca", **env):
    return box.cco(*IMAGE, "shell", "true", timeout=60, env={
        "DOCKER_HOST": f"tcp://{host}:{engine.port}", "DOCKER_TLS_VERIFY": "1",
        "DOCKER_CERT_PATH": str(pki.client(client, authority)), "CCO_ENGINE_TIMEOUT": "10", **env})


def refused(result, *parts):
    assert result.returncode == 125 and result.out == "", result.err
    lines = result.err.splitlines()
    for part in parts:
        assert part in result.err, result.err
    assert len(lines) == 2 and lines[1].startswith("     "), f"one sentence and the next step: {result.err}"


@pytest.mark.parametrize("client", ["ec", "rsa"])
@pytest.mark.parametrize("server", ["server", "server-rsa"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_client_and_server_certificates_are_verified(box, engine_pki, engine, client, server, host):
    e = engine(server)
    result = ask(box, engine_pki, e, client, host)
    assert "418" in result.err, result.err
    assert e.peers[0]["commonName"] == client
    assert e.names[0] == (None if host[0] == "1" else host), "an address is not a name (RFC 6066)"


def test_ipv6_address(box, engine_pki, engine):
    try:
        e = engine(host="::1")
    except OSError:
        pytest.skip("no IPv6 here")
    assert "418" in ask(box, engine_pki, e, host="[::1]").err


@pytest.mark.parametrize("server,parts", [
    ("expired", ("has expired",)), ("remote", ("another host name", "alternative names")),
    ("unknown", ("an authority in", "ca.pem")), ("self", ("an authority in", "self-signed"))])
def test_server_names_are_verified(box, engine_pki, engine, server, parts):
    refused(ask(box, engine_pki, engine(server)), *parts)


def test_self_signed_certificate_as_its_own_authority(box, engine_pki, engine):
    assert "418" in ask(box, engine_pki, engine("self"), authority="self").err


def test_removed_authority_is_not_trusted(box, engine_pki, engine):
    refused(ask(box, engine_pki, engine(), authority="stranger"), "an authority in")


def test_system_authorities_are_not_used_beside_ca_pem(box, engine_pki, engine):
    refused(ask(box, engine_pki, engine("unknown"), SSL_CERT_FILE=str(engine_pki.pem("stranger"))), "an authority in")


def test_system_authorities_are_used_without_ca_pem(box, engine_pki, engine):
    directory = engine_pki.path / "no authority"
    directory.mkdir(exist_ok=True)
    for name in "cert.pem", "key.pem":
        shutil.copy(engine_pki.client("ec") / name, directory / name)
    env = {"DOCKER_CERT_PATH": str(directory)}
    assert "418" in ask(box, engine_pki, engine(), SSL_CERT_FILE=str(engine_pki.pem("ca")), **env).err
    refused(ask(box, engine_pki, engine(), SSL_CERT_FILE=str(engine_pki.pem("stranger")), **env), "this system")


def test_server_without_verification(box, engine_pki, engine):
    result = ask(box, engine_pki, engine("expired"), DOCKER_TLS_VERIFY="", DOCKER_TLS="1")
    assert "418" in result.err, result.err


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, None])
def test_client_certificate_is_missing(box, engine_pki, engine, version):
    refused(ask(box, engine_pki, engine(maximum=version), client=None), "there is none", "cert.pem and key.pem")


def test_server_that_does_not_request_a_certificate(box, engine_pki, engine):
    e = engine(ask=False)
    assert "418" in ask(box, engine_pki, e, client=None).err
    assert set(e.peers) == {None}


@pytest.mark.parametrize("client,part", [("late", "which has expired"), ("strange", "does not accept")])
def test_client_certificates_of_every_kind(box, engine_pki, engine, client, part):
    refused(ask(box, engine_pki, engine(maximum=ssl.TLSVersion.TLSv1_2), client), part, "cert.pem")


def test_server_with_tls_1_3_only_is_refused(box, engine_pki, engine):
    refused(ask(box, engine_pki, engine(minimum=ssl.TLSVersion.TLSv1_3)), "refuses TLS 1.2", "Allow TLS 1.2")


def test_unusable_certificate_files_are_refused(box, engine_pki, engine, tmp_path):
    e = engine()
    good = engine_pki.client("ec")
    for name in "ca.pem", "cert.pem", "key.pem":
        shutil.copy(good / name, tmp_path / name)
    openssl("pkcs8", "-topk8", "-in", good / "key.pem", "-passout", "pass:x", "-out", tmp_path / "key.pem", cwd=tmp_path)
    refused(ask(box, engine_pki, e, DOCKER_CERT_PATH=str(tmp_path)), "passphrase", "openssl pkey")
    shutil.copy(engine_pki.client("rsa") / "key.pem", tmp_path / "key.pem")
    refused(ask(box, engine_pki, e, DOCKER_CERT_PATH=str(tmp_path)), "is not the key of the certificate", "a pair")
    (tmp_path / "ca.pem").write_text("nothing")
    refused(ask(box, engine_pki, e, DOCKER_CERT_PATH=str(tmp_path)), "contains no certificate", "PEM")
    assert e.peers == [], "nothing was sent"


def chain_of(pki, length):
    """Makes a server certificate below the given number of authorities, each signed by the one before."""
    last = "ca"
    chain = ""
    for i in range(length):
        name = f"deep{i}"
        if not pki.pem(name).exists():
            pki.authority(name, issuer=last)
        chain = pki.pem(name).read_text() + chain
        last = name
    if not pki.pem(f"below{length}").exists():
        pki.server(f"below{length}", issuer=last, names="IP:127.0.0.1")
    path = pki.path / f"chain{length}.pem"
    path.write_text(pki.pem(f"below{length}").read_text() + chain)
    return f"below{length}", path


def test_chain_of_100_certificates(box, engine_pki, engine):
    name, path = chain_of(engine_pki, 100)
    before = time.monotonic()
    result = ask(box, engine_pki, engine(name, chain=path))
    assert time.monotonic() - before < 10
    assert "418" in result.err or result.returncode == 125, "verified or refused, never a crash"
    assert result.returncode == 125 and result.err.count("\n") <= 3


class Raw(Listener):
    """A server that only sends these bytes, and then closes or waits."""

    def __init__(self, data, stay):
        self.data = data
        self.stay = stay
        super().__init__()

    def serve(self, connection):
        connection.recv(4096)
        connection.sendall(self.data)
        while self.stay and connection.recv(4096):
            pass


@pytest.mark.parametrize("data", [
    b"", b"HTTP/1.0 400 Bad Request\r\n\r\n", b"\x15\x03\x03\x00\x02\x02\x28", b"\x16\x03\x03\xff\xff" + b"x" * 65535,
    b"\x16\x03\x03\x40\x00" + b"\x02\xff\xff\xff" * 4096, b"\x17\x03\x03\x00\x10" + b"y" * 16, b"\x16\x03\x03\x00\x00" * 1000,
    os.urandom(4096)])
def test_bytes_that_are_not_tls(box, engine_pki, data):
    server = Raw(data, False)
    result = ask(box, engine_pki, server)
    assert result.returncode == 125 and "TLS with 127.0.0.1" in result.err, result.err
    server.close()


def test_stalled_handshake_is_given_up(box, engine_pki):
    server = Raw(b"\x16\x03\x03\x10\x00", True)
    before = time.monotonic()
    result = ask(box, engine_pki, server, CCO_ENGINE_TIMEOUT="1")
    assert result.returncode == 125 and "no answer in time" in result.err
    assert time.monotonic() - before < 10
    server.close()


def test_large_uploads_are_complete(real, secure):
    """cco itself is copied into the container first, and then the input follows."""
    real.env.update(secure.env())
    result = real.cco(*IMAGE, "shell", "cat > /dev/null; echo done", stdin=os.urandom(8 << 20))
    assert result.out == "done\n", result.err


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("dockerd") is None, reason="needs root and dockerd")
def test_real_dockerd_with_tls(box, engine_pki, tmp_path_factory):
    root = tmp_path_factory.mktemp("dockerd")
    bridge = "ccotls0"
    subprocess.run(["ip", "link", "add", bridge, "type", "bridge"], check=False, capture_output=True)
    subprocess.run(["ip", "addr", "add", "10.77.201.1/24", "dev", bridge], check=False, capture_output=True)
    subprocess.run(["ip", "link", "set", bridge, "up"], check=True)
    port = free_port()
    daemon = Child(["dockerd", "--data-root", root / "data", "--exec-root", root / "exec", "-p", root / "pid", "--bridge", bridge,
                    "-H", f"tcp://127.0.0.1:{port}", "--tlsverify", "--tlscacert", engine_pki.pem("ca"),
                    "--tlscert", engine_pki.pem("server"), "--tlskey", engine_pki.path / "server.key"], port, root / "log")
    try:
        def info(client):
            return box.cco("info", env={"DOCKER_HOST": f"tcp://127.0.0.1:{port}", "DOCKER_TLS_VERIFY": "1",
                                        "DOCKER_CERT_PATH": str(engine_pki.client(client))})
        result = until(lambda: info("ec") if info("ec").returncode == 0 else None)
        assert f"tcp://127.0.0.1:{port}" in result.out
        for client, part in ("rsa", f":{port}"), (None, "there is none"), ("late", "enddate"), ("strange", "does not accept"):
            result = info(client)
            assert part in result.out + result.err, result.out + result.err
    finally:
        daemon.signal(15)
        daemon.process.wait(30)
        subprocess.run(["umount", "-l", root / "exec/netns/default"], check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", bridge], check=False, capture_output=True)
