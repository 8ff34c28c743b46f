# SPDX-License-Identifier: MIT
"""A registry on localhost with as much of the protocol as a pull needs. It has one image, behind a name and a password."""

import base64
import gzip
import hashlib
import io
import json
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KINDS = "application/vnd.docker."


def layer():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo("hello")
        info.size = 5
        tar.addfile(info, io.BytesIO(b"hello"))
    return out.getvalue()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body=b"", kind="application/json", **fields):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        registry = self.server.registry
        registry.asked.append(self.path)
        if self.headers.get("Authorization") != registry.login:
            self.answer(401, b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}',
                        WWW_Authenticate='Basic realm="here"')
            return
        name = self.path.rsplit("/", 1)[-1]
        if "/manifests/" in self.path and name in ("1", registry.manifest_digest):
            self.answer(200, registry.manifest, KINDS + "distribution.manifest.v2+json",
                        Docker_Content_Digest=registry.manifest_digest)
        elif "/blobs/" in self.path and name in registry.blobs:
            self.answer(200, registry.blobs[name], "application/octet-stream")
        elif self.path == "/v2/":
            self.answer(200, b"{}")
        else:
            self.answer(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}')

    do_HEAD = do_GET


class Registry:
    def __init__(self, user="user", password="pa:ss"):
        plain = layer()
        packed = gzip.compress(plain, mtime=0)
        config = json.dumps({
            "architecture": "amd64", "os": "linux", "config": {"Cmd": ["/hello"]},
            "rootfs": {"type": "layers",
                       "diff_ids": ["sha256:" + hashlib.sha256(plain).hexdigest()]}}).encode()
        self.blobs = {"sha256:" + hashlib.sha256(data).hexdigest(): data for data in (packed, config)}
        names = list(self.blobs)
        self.manifest = json.dumps({
            "schemaVersion": 2, "mediaType": KINDS + "distribution.manifest.v2+json",
            "config": {"mediaType": KINDS + "container.image.v1+json", "size": len(config),
                       "digest": names[1]},
            "layers": [{"mediaType": KINDS + "image.rootfs.diff.tar.gzip", "size": len(packed),
                        "digest": names[0]}]}).encode()
        self.manifest_digest = "sha256:" + hashlib.sha256(self.manifest).hexdigest()
        self.user, self.password = user, password
        self.login = "Basic " + self.auth
        self.asked = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.registry = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def auth(self):
        return base64.b64encode(f"{self.user}:{self.password}".encode()).decode()

    @property
    def host(self):
        return f"127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
