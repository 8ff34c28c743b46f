# SPDX-License-Identifier: MIT
"""The engine of the tests behind TLS and behind ssh: socat and a test's own sshd in front of its socket."""

import getpass
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import pytest

from conftest import ENGINE, PASSED, until
from release import Pki


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


class Child:
    """A server in its own process group."""

    def __init__(self, argv, port, log, **kwargs):
        self.port = port
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            start_new_session=True, **kwargs)
        until(lambda: listens(port) or self.process.poll() is not None)
        assert self.process.poll() is None, pathlib.Path(log).read_text()

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def close(self):
        for number in signal.SIGCONT, signal.SIGKILL:
            try:
                self.signal(number)
            except ProcessLookupError:
                pass
        self.process.wait()


class EnginePki(Pki):
    """An engine's authority, and certificates for both ends."""

    def __init__(self, path):
        self.path = path
        self.authority("ca")
        self.authority("stranger")
        here = "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"
        self.server("server", names=here)
        self.server("server-rsa", names=here, kind=("rsa:2048",))
        self.server("expired", names=here, days="-1")
        self.server("remote", names="DNS:elsewhere.example,IP:192.0.2.1")
        self.server("unknown", issuer="stranger", names=here)
        self.authority("self", extra=f"subjectAltName={here}")
        self.server("ec", names="DNS:client")
        self.server("rsa", names="DNS:client", kind=("rsa:2048",))
        self.server("late", names="DNS:client", days="-1")
        self.server("strange", issuer="stranger", names="DNS:client")

    def client(self, name, authority="ca"):
        """Makes a directory for DOCKER_CERT_PATH; without a certificate if `name` is None."""
        directory = self.path / f"dir {name} {authority}"
        if not directory.exists():
            directory.mkdir()
            shutil.copy(self.pem(authority), directory / "ca.pem")
            if name is not None:
                shutil.copy(self.pem(name), directory / "cert.pem")
                shutil.copy(self.path / f"{name}.key", directory / "key.pem")
        return directory


# Podman cannot report whether it sees our files: it creates directories that it does not find.
FILES = {"CCO_ENGINE_FILES": "local"} if ENGINE.podman else {}


class Secure(Child):
    """The engine behind TLS, for clients with a certificate."""

    def __init__(self, pki, target, log, server="server"):
        port = free_port()
        super().__init__(["socat", "-t", "3600", f"OPENSSL-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr,cert={pki.pem(server)},"
                          f"key={pki.path / f'{server}.key'},cafile={pki.pem('ca')},verify=1,nodelay",
                          f"UNIX-CONNECT:{target}"], port, log)
        self.pki = pki

    def env(self, client="ec", host="127.0.0.1"):
        return {"DOCKER_HOST": f"tcp://{host}:{self.port}", "DOCKER_TLS_VERIFY": "1",
                "DOCKER_CERT_PATH": str(self.pki.client(client)), **FILES}


class Ssh(Child):
    """A server that this user may log in to with a key, and what its client needs: a directory for PATH with an `ssh`,
    because the real one looks for its files in the home that the password file names.
    """

    def __init__(self, path, target, options=(), docker=None):
        self.path = path
        self.target = target
        port = free_port()
        for name in "host", "id":
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path / name], check=True,
                           stdin=subprocess.DEVNULL)
        remote = path / "remote"
        remote.mkdir()
        # replaces the docker command if forwarding is forbidden, unless the real one is given
        if docker:
            (remote / "docker").symlink_to(docker)
        else:
            (remote / "docker").write_text(
                "#!/bin/sh\nfor word; do case $word in --host=unix://*) at=${word#--host=unix://} ;; esac; done\n"
                f"echo \"$*\" >> '{path}/dialled'\nexec socat -t 3600 - \"UNIX-CONNECT:$at\"\n")
            (remote / "docker").chmod(0o755)
        (path / "sshd_config").write_text("\n".join([
            f"Port {port}", "ListenAddress 127.0.0.1", f"HostKey {path / 'host'}",
            f"AuthorizedKeysFile {path / 'id.pub'}", "StrictModes no", "UsePAM no", "PasswordAuthentication no",
            "KbdInteractiveAuthentication no", "PermitRootLogin yes",
            "PidFile none", f"SetEnv PATH={remote}:/usr/bin:/bin", *options, ""]))
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        super().__init__(["/usr/sbin/sshd", "-D", "-e", "-f", path / "sshd_config"], port, path / "log")
        self.bin = path / "bin"
        self.bin.mkdir()
        self.options = path / "config"
        self.known = path / "known"
        self.known.write_text(f"[127.0.0.1]:{port} {(path / 'host.pub').read_text()}")
        self.configure()
        (self.bin / "ssh").write_text(f"#!/bin/sh\nexec /usr/bin/ssh -F '{self.options}' \"$@\"\n")
        (self.bin / "ssh").chmod(0o755)

    def configure(self, *lines):
        self.options.write_text("\n".join([
            "Host *", *lines, f"IdentityFile \"{self.path / 'id'}\"", "IdentitiesOnly yes",
            f"UserKnownHostsFile \"{self.known}\"", "GlobalKnownHostsFile /dev/null", ""]))

    def env(self, target=None):
        return {"DOCKER_HOST": f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{target or self.target}",
                "PATH": f"{self.bin}:/usr/bin:/bin", **FILES}

    def logins(self):
        return pathlib.Path(self.log).read_text().count("Accepted ")


def ssh_processes(box):
    """Returns the pids of the processes that still run for this box, found by their working directory."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "cwd").startswith(f"{box.runtime}/"):
                found.append(int(entry.name))
        except OSError:
            pass
    return found


@pytest.fixture(scope="session")
def engine_pki(tmp_path_factory):
    return EnginePki(tmp_path_factory.mktemp("engine-pki"))


@pytest.fixture(scope="session")
def secure(engine_pki, engine_socket, tmp_path_factory):
    server = Secure(engine_pki, engine_socket, tmp_path_factory.mktemp("tls") / "log")
    yield server
    server.close()


@pytest.fixture(scope="session")
def ssh_server(engine_socket, tmp_path_factory):
    server = Ssh(tmp_path_factory.mktemp("ssh"), engine_socket)
    yield server
    server.close()


@pytest.fixture(scope="session")
def ssh_without_forwarding(engine_socket, tmp_path_factory):
    server = Ssh(tmp_path_factory.mktemp("dial"), engine_socket, ["AllowStreamLocalForwarding no"])
    yield server
    server.close()


def reached(box, request):
    """The engine is reached by another transport, which carries the line."""
    server = request.getfixturevalue({"tls": "secure", "ssh": "ssh_server", "dial": "ssh_without_forwarding"}[request.param])
    box.env.update(server.env())
    box.env["CCO_LINE"] = "stream"
    for name in PASSED:
        if name in os.environ:
            box.env[name] = os.environ[name]
    yield box
    deadline = time.monotonic() + 40
    while ssh_processes(box) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ssh_processes(box) == []


# The particularities of ssh have their own tests, and a column of the table of engines.
@pytest.fixture(params=["tls", "ssh", "dial"] if os.environ.get("CCO_LONG") else ["tls"])
def real(box, request):
    """Replaces the fixture of conftest.py."""
    yield from reached(box, request)
