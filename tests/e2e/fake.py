# SPDX-License-Identifier: MIT
"""A fake engine on a unix socket. It answers as a correct engine would, unless the test gives other answers."""

import json
import os
import shutil
import socket
import struct
import tempfile
import threading

HEADS = {
    200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 404: "Not Found", 409: "Conflict",
    500: "Internal Server Error", 503: "Service Unavailable",
}


def reply(status, body=b"", kind="application/json", extra=""):
    if isinstance(body, (dict, list)):
        body = json.dumps(body).encode()
    return (f"HTTP/1.1 {status} {HEADS.get(status, 'Odd')}\r\nContent-Type: {kind}\r\n{extra}"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body


def chunked(*pieces, kind="application/json", trailer=b""):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    return head + b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n" + trailer + b"\r\n"


def frame(stream, data):
    """Makes a log frame of Docker."""
    return struct.pack(">BxxxL", stream, len(data)) + data


HELLO, INPUT, OUTPUT, ERROUT, END, SIZE, SIGNAL, EXIT, TAKEN = 1, 2, 3, 4, 5, 6, 7, 8, 15


def said(kind, data=b""):
    """Makes a frame of the session protocol."""
    return struct.pack(">BxxxL", kind, len(data)) + data


def once_secret(path):
    """Finds record 19 of init's boot file (src/wire/boot.h): the secret."""
    with open(path, "rb") as f:
        data = f.read()[8:]
    while data:
        kind, length = struct.unpack(">BL", data[:5])
        if kind == 19:
            return data[5:5 + length]
        data = data[5 + length:]
    raise AssertionError("no secret")


UPGRADE = (b"HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\n"
           b"Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
PING = (b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\nServer: Docker/20.10.24 (linux)\r\n"
        b"Content-Length: 0\r\n\r\n")


class FakeEngine:
    """`answers` maps prefixes "METHOD /path" (without the version) to bytes, or to a function of (engine, connection,
    request). Bytes are sent in pieces of `piece` bytes, and the connection is closed after `cut` bytes.
    """

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="cco-fake-")
        self.socket = os.path.join(self.dir, "docker.sock")
        self.requests = []
        self.piece = 1 << 20
        self.cut = None       # (prefix, number of bytes): close the connection after that many bytes
        self.silent = None    # prefix that is never answered
        self.output = frame(1, said(OUTPUT, b"out\n")) + frame(1, said(ERROUT, b"err\n"))
        self.status = 42
        self.stdin = b""
        self.sizes, self.signals = [], []
        self.tells_end = True     # init sends the frame EXIT
        self.secret = b""
        self.started = threading.Event()
        self.finished = threading.Event()
        self.answers = {
            "HEAD /_ping": PING,
            "GET /info": reply(200, {"SecurityOptions": ["name=seccomp,profile=default"]}),
            "GET /images/": reply(200, {"Id": "sha256:1", "Config": {"Env": ["PATH=/bin"]}}),
            "POST /containers/create": FakeEngine.create,
            "PUT /containers/c0ffee/archive": reply(200),
            "POST /containers/c0ffee/attach": FakeEngine.attach,
            "POST /containers/c0ffee/wait": FakeEngine.wait,
            "POST /containers/c0ffee/start": FakeEngine.start,
            "POST /containers/c0ffee/resize": reply(200),
            "POST /containers/c0ffee/kill": reply(204),
            "DELETE /containers/c0ffee": reply(204),
            "GET /containers/json": reply(200, []),
        }
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.socket)
        self.listener.listen(32)
        self.accepting = threading.Thread(target=self.accept, daemon=True)
        self.accepting.start()

    def close(self):
        self.finished.set()
        self.started.set()
        # If the socket were closed while a thread accepts on it, its number could become another listener's.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.accepting.join()
        self.listener.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def asked(self, prefix):
        return [r for r in self.requests if r[0].startswith(prefix)]

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def read_head(self, connection, have):
        """Returns the bytes that arrived, with the whole head of a request in them; nothing if the connection ended
        before.
        """
        while b"\r\n\r\n" not in have:
            data = connection.recv(65536)
            if not data:
                return b""
            have += data
        return have

    @staticmethod
    def more(connection):
        data = connection.recv(65536)
        if not data:
            raise ConnectionError("the client closed the connection in the middle of a request")
        return data

    def read_request(self, connection, have):
        have = self.read_head(connection, have)
        if not have:
            return None, b""
        head, rest = have.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        fields = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:])}
        method, target, _ = lines[0].split(" ")
        if "/v1." in target[:4]:
            target = target[target.index("/", 1):]
        body = b""
        if fields.get("transfer-encoding") == "chunked":
            while True:
                while b"\r\n" not in rest:
                    rest += self.more(connection)
                size, rest = rest.split(b"\r\n", 1)
                size = int(size, 16)
                while len(rest) < size + 2:
                    rest += self.more(connection)
                body, rest = body + rest[:size], rest[size + 2:]
                if size == 0:
                    break
        else:
            length = int(fields.get("content-length", 0))
            while len(rest) < length:
                rest += self.more(connection)
            body, rest = rest[:length], rest[length:]
        return (f"{method} {target}", fields, body), rest

    def serve(self, connection):
        have = b""
        try:
            while True:
                request, have = self.read_request(connection, have)
                if request is None:
                    break
                self.requests.append(request)
                if not self.answer(connection, request):
                    break
        except OSError:
            pass
        connection.close()

    def answer(self, connection, request):
        if self.silent and request[0].startswith(self.silent):
            self.finished.wait(60)
            return False
        for prefix, what in sorted(self.answers.items(), key=lambda item: -len(item[0])):
            if request[0].startswith(prefix):
                if callable(what):
                    return what(self, connection, request)
                return self.send(connection, request, what)
        return self.send(connection, request, reply(404, {"message": "page not found"}))

    def send(self, connection, request, data):
        cut = None
        if self.cut and request[0].startswith(self.cut[0]):
            cut = self.cut[1]
            data = data[:cut]
        for i in range(0, len(data), self.piece):
            connection.sendall(data[i:i + self.piece])
        return cut is None

    def create(self, connection, request):
        self.learn(request)
        return self.send(connection, request, reply(201, {"Id": "c0ffee", "Warnings": []}))

    def learn(self, request):
        """Reads from the boot file what init would read."""
        for mount in json.loads(request[2])["HostConfig"]["Mounts"]:
            if mount["Target"] == "/run/cco":
                self.secret = once_secret(os.path.join(mount["Source"], "boot"))

    def pieces(self, connection, data):
        for i in range(0, len(data), self.piece):
            connection.sendall(data[i:i + self.piece])

    def attach(self, connection, request):
        """Plays init on the attached stream: greets, reads the answer, sends `output`, reads input until its end, and
        reports the status.
        """
        self.send(connection, request, UPGRADE)
        if self.cut and request[0].startswith(self.cut[0]):
            return False
        self.started.wait(30)
        self.pieces(connection, frame(1, said(HELLO, b"\x01i" + self.secret)))
        have = b""
        ended = greeted = False
        connection.settimeout(10)
        try:
            while not ended:
                data = connection.recv(65536)
                if not data:
                    break
                have += data
                while len(have) >= 8 and len(have) >= 8 + struct.unpack(">L", have[4:8])[0]:
                    kind, length = have[0], struct.unpack(">L", have[4:8])[0]
                    payload, have = have[8:8 + length], have[8 + length:]
                    if kind == HELLO and not greeted:
                        greeted = True
                        self.sizes.append(struct.unpack(">HH", payload[2:]))
                        self.pieces(connection, self.output)
                    elif kind == INPUT:
                        self.stdin += payload
                        self.pieces(connection, frame(1, said(TAKEN, struct.pack(">L", length))))
                    elif kind == SIZE:
                        self.sizes.append(struct.unpack(">HH", payload))
                    elif kind == SIGNAL:
                        self.signals.append(payload.decode())
                        self.pieces(connection, frame(1, said(TAKEN, struct.pack(">L", 0))))
                        ended = payload != b"TSTP"
                    elif kind == END:
                        ended = True
        except OSError:
            pass
        if self.tells_end:
            self.pieces(connection, frame(1, said(EXIT, bytes([self.status, 0, 0]))))
        self.finished.set()
        return False

    def wait(self, connection, request):
        body = json.dumps({"StatusCode": self.status}).encode() + b"\n"
        whole = chunked(body)
        head = whole.index(b"\r\n\r\n") + 4
        self.send(connection, request, whole[:head])
        if self.cut and request[0].startswith(self.cut[0]):
            return False
        self.finished.wait(30)
        for i in range(head, len(whole), self.piece):
            connection.sendall(whole[i:i + self.piece])
        return True

    def start(self, connection, request):
        self.send(connection, request, reply(204))
        self.started.set()
        return True
