# SPDX-License-Identifier: MIT
"""What self-update communicates with: certificates of a test authority, an HTTPS server with programmable replies, a
proxy that makes tunnels, and signed release directories.
"""

import base64
import contextlib
import hashlib
import json
import os
import socket
import ssl
import subprocess
import threading


def openssl(*args, cwd):
    subprocess.run(["openssl", *args], cwd=cwd, check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Pki:
    """Keys and certificates in a directory: NAME.pem (the chain) and NAME.key."""

    def __init__(self, path):
        self.path = path
        self.authority("ca")
        self.authority("stranger")
        self.server("rsa", kind=("rsa:2048",))
        self.server("weak", kind=("rsa:1024",))
        self.server("ec")
        self.server("p384", kind=("ec", "-pkeyopt", "ec_paramgen_curve:P-384"))
        self.server("expired", days="-1")
        self.server("remote", names="DNS:elsewhere.example")
        self.server("unknown", issuer="stranger")
        self.server("proxied", names="DNS:update.example,DNS:*.wild.example")
        self.authority("self", extra="subjectAltName=DNS:localhost")
        self.authority("middle", issuer="ca")
        self.server("chained", issuer="middle")
        chain = self.pem("chained").read_text() + self.pem("middle").read_text()
        self.pem("chained").write_text(chain)
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", "release.key",
                cwd=path)
        openssl("ec", "-in", "release.key", "-pubout", "-out", "release.pub", cwd=path)

    def pem(self, name):
        return self.path / f"{name}.pem"

    def request(self, name, kind=("ec", "-pkeyopt", "ec_paramgen_curve:P-256")):
        openssl("req", "-new", "-newkey", *kind, "-nodes", "-keyout", f"{name}.key", "-out",
                f"{name}.csr", "-subj", f"/O=cco tests/CN={name}", cwd=self.path)

    def sign(self, name, issuer, extension, days="30"):
        (self.path / f"{name}.ext").write_text(extension)
        by = ("-signkey", f"{name}.key") if issuer is None else (
            "-CA", f"{issuer}.pem", "-CAkey", f"{issuer}.key", "-CAcreateserial")
        openssl("x509", "-req", "-in", f"{name}.csr", *by, "-days", days, "-sha256", "-extfile",
                f"{name}.ext", "-out", f"{name}.pem", cwd=self.path)

    def authority(self, name, issuer=None, extra=""):
        self.request(name)
        self.sign(name, issuer, "basicConstraints=critical,CA:TRUE\n"
                                f"keyUsage=critical,keyCertSign,digitalSignature\n{extra}\n")

    def server(self, name, issuer="ca", names="DNS:localhost", days="30", **kind):
        self.request(name, **kind)
        self.sign(name, issuer, f"subjectAltName={names}\n", days)

    def signature(self, data):
        return subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.path / "release.key"],
                              input=data, check=True, capture_output=True).stdout


def release(pki, version, payload, **changes):
    """Returns the files of a release directory as routes of a Server below /r/. Changes apply to the file's entry."""
    name = f"cco-{version}-linux-{os.uname().machine}"
    entry = {"name": name, "arch": os.uname().machine, "os": "linux", "size": len(payload),
             "sha256": hashlib.sha256(payload).hexdigest(), **changes}
    manifest = json.dumps({"format": 1, "version": version, "files": [entry]}).encode()
    return {"/r/manifest.json": manifest, "/r/manifest.json.sig": pki.signature(manifest),
            f"/r/{name}": payload}


def program(routes):
    return next(path for path in routes if path.startswith("/r/cco-"))


def head(status="200 OK", *fields):
    return "".join(f"{line}\r\n" for line in (f"HTTP/1.1 {status}", *fields, "")).encode()


def redirect(to, status="302 Found"):
    return lambda connection: connection.sendall(head(status, f"Location: {to}", "Content-Length: 0"))


class Listener:
    """Accepts on the IPv4 loopback only, so that the other address of localhost is refused first. It must be closed: a
    thread that went on accepting would take connections of the next listener with the same descriptor number.
    """

    def __init__(self, host="127.0.0.1"):
        self.socket = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port = self.socket.getsockname()[1]
        self.open = []
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.open.append(connection)
                threading.Thread(target=self.run, args=(connection,), daemon=True).start()

    def run(self, connection):
        with contextlib.suppress(OSError, ValueError):  # the peer may close at any time, and so may this server
            self.serve(connection)
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def serve(self, connection):
        raise NotImplementedError

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self.thread.join()  # before another socket gets this descriptor number
        self.socket.close()
        for connection in self.open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def read_head(connection):
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(4096)
            if not more:
                raise ConnectionError("no request")
            data += more
        return data


class Server(Listener):
    """Serves HTTPS (or HTTP) from a table: bytes are sent as a reply, and a function gets the connection."""

    def __init__(self, routes, pki=None, certificate="ec", minimum=None, handshake=None):
        self.routes = routes
        self.seen = []
        self.context = None
        self.handshake = handshake  # what to do instead of a TLS handshake
        if pki is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            if certificate == "weak":
                self.context.set_ciphers("DEFAULT:@SECLEVEL=0")
            self.context.load_cert_chain(pki.pem(certificate), pki.path / f"{certificate}.key")
            if minimum is not None:
                self.context.minimum_version = minimum
        super().__init__()
        self.url = f"{'http' if pki is None else 'https'}://localhost:{self.port}"

    def serve(self, connection):
        if self.handshake is not None:
            self.handshake(connection)
            return
        if self.context is None:
            self.answer(connection)
            return
        with self.context.wrap_socket(connection, server_side=True) as secure:
            self.open.append(secure)
            if self.answer(secure) != "cut":
                secure.unwrap()

    def answer(self, connection):
        path = self.read_head(connection).split(b" ")[1].decode()
        self.seen.append(path)
        reply = self.routes.get(path)
        if callable(reply):
            return reply(connection)
        if reply is None:
            connection.sendall(head("404 Not Found", "Content-Length: 0"))
        else:
            connection.sendall(head("200 OK", f"Content-Length: {len(reply)}") + reply)
        return None


class Proxy(Listener):
    """Makes a tunnel to one port for every CONNECT, for any name."""

    def __init__(self, to, login=None, answer=None):
        self.to = to
        self.login = login and base64.b64encode(login.encode()).decode()
        self.instead = answer  # of a tunnel
        self.seen = []
        super().__init__()

    def serve(self, connection):
        request = self.read_head(connection).decode()
        self.seen.append(request)
        if self.login and f"Proxy-Authorization: Basic {self.login}\r\n" not in request:
            connection.sendall(head("407 Proxy Authentication Required", "Content-Length: 0"))
            return
        if self.instead is not None:
            connection.sendall(self.instead)
            return
        with socket.create_connection(("127.0.0.1", self.to)) as other:
            self.open.append(other)
            connection.sendall(head("200 Connection established"))
            back = threading.Thread(target=self.pump, args=(other, connection), daemon=True)
            back.start()
            self.pump(connection, other)
            back.join()

    @staticmethod
    def pump(source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)


class Machine:
    """An installed cco in its own directory."""

    def __init__(self, tmp_path, pki, programs):
        self.old, self.new, self.later = programs
        self.pki = pki
        self.bin = tmp_path / "bin"
        self.bin.mkdir()
        self.cco = self.bin / "cco"
        self.cco.write_bytes(self.old)
        self.cco.chmod(0o755)
        home = tmp_path / "home"
        home.mkdir()
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(home), "SSL_CERT_FILE": str(pki.pem("ca"))}
        self.servers = []

    def server(self, routes=None, certificate="ec", **how):
        if routes is None:
            routes = release(self.pki, self.later, self.new)
        self.servers.append(Server(routes, self.pki, certificate, **how))
        return self.servers[-1]

    def start(self, url, *args, env=None):
        return subprocess.Popen(
            [self.cco, "self-update", *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env={**self.env, "CCO_UPDATE_URL": url, **(env or {})})

    def update(self, url, *args, env=None, timeout=60):
        with self.start(url, *args, env=env) as child:
            try:
                out, err = child.communicate(timeout=timeout)
            except subprocess.TimeoutExpired:
                child.kill()
                raise
        return child.returncode, out.decode(), err.decode()

    def version(self):
        return subprocess.run([self.cco, "--version"], capture_output=True, check=True,
                              timeout=30).stdout.decode().split()[1]

    def intact(self):
        assert self.cco.read_bytes() == self.old
        assert [p.name for p in self.bin.iterdir()] == ["cco"]
        self.version()

    def refused(self, url, *words, **how):
        status, out, err = self.update(url, "--quiet", **how)
        assert (status, out) == (125, ""), (status, out, err)
        assert err.startswith("cco: ") and len(err.splitlines()) <= 3, err
        for word in words:
            assert word in err, err
        self.intact()
        return err

    def renewed(self, url, **how):
        status, out, err = self.update(url, **how)
        assert status == 0, err
        assert out == f"updated {self.cco} from cco {self.was} to {self.later}\n"
        assert self.cco.read_bytes() == self.new and self.version() == self.later
        assert [p.name for p in self.bin.iterdir()] == ["cco"]

    @property
    def was(self):
        return self.later[:-1] + "0"
