# SPDX-License-Identifier: MIT
"""Small images of cco that are quick to build, from a Dockerfile of the user, and bundles that are put together by
hand.
"""

import hashlib
import io
import json
import re
import tarfile

SMALL = """\
ARG BASE=debian:trixie-slim
FROM ${BASE}
COPY ca/ /ca/
RUN echo "$HTTPS_PROXY $no_proxy" >/proxies
ARG PACKAGES=
RUN echo "packages: ${PACKAGES}" >/packages
"""
DIGEST = "0123456789abcdef" * 4
INPUTS = "f123456789abcdef" * 4
TAG = "cco:" + DIGEST[:12]


def dockerfile(box, text):
    path = box.home / ".config" / "cco" / "Dockerfile"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def tags(api):
    """Returns every tag that the engine has, without the registry that Podman adds in front."""
    _, text = api("GET", "/v1.41/images/json")
    return {re.sub("^(docker.io/library|localhost)/", "", tag) for image in json.loads(text) for tag in image["RepoTags"] or []}


def current(box, *options):
    return json.loads(box.cco("--dry-run", *options).out)["image"]["ref"]


def put(tar, name, data=b"", **more):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in more.items():
        setattr(info, key, value)
    tar.addfile(info, io.BytesIO(data))


def archive(*entries, format=tarfile.USTAR_FORMAT):
    """Makes an archive from tuples (name, bytes) or (name, bytes, {attributes})."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as tar:
        for name, data, *more in entries:
            put(tar, name, data, **(more[0] if more else {}))
    return out.getvalue()


LAYER = archive(("made-by", b"the tests"))


def image_tar(tag=TAG, arch="amd64", digest=DIGEST, extra=(), layer=LAYER, layers=(LAYER,), format=tarfile.USTAR_FORMAT):
    """Returns an image with these layers, as `docker save` of Docker 20.10 writes it. `layer` is the content of each layer
    in the archive."""
    config = json.dumps({"architecture": arch, "os": "linux", "config": {
        "Labels": {"cco": "1", "cco.digest": digest, "cco.inputs": INPUTS}},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(data).hexdigest() for data in layers]}}).encode()
    name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = [{"Config": name, "RepoTags": [tag], "Layers": [f"{n:064x}/layer.tar" for n, _ in enumerate(layers)]}]
    return archive((name, config), *[(f"{n:064x}/layer.tar", layer) for n, _ in enumerate(layers)],
                   ("manifest.json", json.dumps(manifest).encode()), *extra, format=format)


def entries(image=None, **changes):
    """Returns what `image save` would write, as a list for archive()."""
    image = image if image is not None else image_tar()
    program = b"program"
    manifest = {"format": 1, "cco": "0.1.0", "arch": "amd64", "image": {
        "tag": TAG, "digest": DIGEST, "inputs": INPUTS, "id": "sha256:1", "packages": "",
        "claude": None}, "files": [
        {"name": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in (("cco", program), ("image.tar", image))]}
    manifest.update(changes)
    text = json.dumps(manifest).encode()
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in
                   (("cco-bundle.json", text), ("cco", program), ("image.tar", image)))
    return [("cco-bundle.json", text), ("SHA256SUMS", sums.encode()),
            ("cco", program, {"mode": 0o755}), ("image.tar", image)]
