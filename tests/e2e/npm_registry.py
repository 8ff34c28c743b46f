# SPDX-License-Identifier: MIT
"""An npm registry with TLS on this machine, which has the package of Claude Code in some versions."""

import base64
import gzip
import hashlib
import io
import json
import os
import re
import tarfile

from release import Server, head

ARCH = {"x86_64": "x64", "aarch64": "arm64"}[os.uname().machine]
PACKAGE = f"@anthropic-ai/claude-code-linux-{ARCH}"
DOCUMENT = f"/npm/{PACKAGE.replace('/', '%2f')}"
PINNED = "SHA256:DhQ8wR5APBvFHLF/+Tc+AYvPOdTpcIDqOhxsBHRwC7U"


def package(files):
    """Returns a package with these files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o755
            tar.addfile(info, io.BytesIO(content))
    return gzip.compress(out.getvalue(), mtime=0)


def claude(version, says=None):
    """Returns the package of a claude that prints its version and its arguments."""
    script = f'#!/bin/sh\nprintf "%s\\n" "{says or f"this is claude {version}"}: $*"\n'
    return package({"package/claude": script.encode() + b"#" * 300000 + os.urandom(300000).hex().encode(),
                    "package/package.json": b"{}", "package/LICENSE.md": b"its licence",
                    "package/other": b"not needed", "../outside": b"hostile", "package/../outside": b"hostile"})


def integrity(data):
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


class Registry(Server):
    """`versions` maps versions to packages; `latest` is one of them. `cuts` are the numbers of bytes after which the next
    downloads end. `login` is the value that the field Authorization must have."""

    def __init__(self, pki, versions, latest=None, **how):
        self.pki, self.versions, self.latest = pki, dict(versions), latest or max(versions)
        self.signatures, self.cuts, self.login, self.ranges, self.heads = [], [], None, True, []
        super().__init__({}, pki, **how)
        self.address = f"{self.url}/npm/"

    def document(self):
        versions = {}
        for version, data in self.versions.items():
            versions[version] = {"name": PACKAGE, "version": version, "dist": {
                "tarball": f"{self.address}{PACKAGE}/-/{version}.tgz", "integrity": integrity(data),
                **({"signatures": self.signatures} if self.signatures else {})}}
        return json.dumps({"name": PACKAGE, "dist-tags": {"latest": self.latest}, "versions": versions}).encode()

    def answer(self, connection):
        request = self.read_head(connection).decode()
        path = request.split(" ")[1]
        self.seen.append(path)
        self.heads.append(request)
        if self.login and f"Authorization: {self.login}\r\n" not in request:
            connection.sendall(head("401 Unauthorized", "Content-Length: 0"))
        elif path == DOCUMENT:
            body = self.document()
            connection.sendall(head("200 OK", f"Content-Length: {len(body)}") + body)
        elif path.endswith(".tgz") and path.rsplit("/", 1)[1][:-4] in self.versions:
            return self.send(connection, self.versions[path.rsplit("/", 1)[1][:-4]], request)
        else:
            connection.sendall(head("404 Not Found", "Content-Length: 0"))
        return None

    def send(self, connection, data, request):
        wanted = re.search(r"Range: bytes=(\d+)-", request)
        start = int(wanted.group(1)) if wanted and self.ranges else 0
        if wanted and self.ranges:
            connection.sendall(head("206 Partial Content", f"Content-Length: {len(data) - start}",
                                    f"Content-Range: bytes {start}-{len(data) - 1}/{len(data)}"))
        else:
            connection.sendall(head("200 OK", f"Content-Length: {len(data)}"))
        if self.cuts:
            connection.sendall(data[start:start + self.cuts.pop(0)])
            return "cut"
        connection.sendall(data[start:])
        return None
