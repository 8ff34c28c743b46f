# SPDX-License-Identifier: MIT
"""image save and image load: across an air gap with the real claude, and every fault that a bundle can have."""

import gzip
import hashlib
import io
import json
import os
import shlex
import shutil
import signal
import subprocess
import tarfile

import pytest

from conftest import CCO, docker_only, until
from fake import chunked, reply
from images import DIGEST, INPUTS, LAYER, TAG, archive, current, entries, image_tar, tags
from terminal import Terminal
from wiretap import Wiretap

pytestmark = docker_only("no images without an engine")


def wipe(api, *refs):
    """Removes every tag of these images."""
    ids = set()
    for ref in refs:
        status, text = api("GET", f"/v1.41/images/{ref}/json")
        if status == 200:
            ids.add(json.loads(text)["Id"])
    _, text = api("GET", "/v1.41/images/json")
    for image in json.loads(text):
        for tag in (image["RepoTags"] or []) if image["Id"] in ids else []:
            api("DELETE", f"/v1.41/images/{tag}?force=1")


def test_image_is_saved_and_loaded_without_a_network(claude, own_image, api, engine_socket):
    """Saves the image, removes it, loads it without a network, and runs the real claude in it."""
    ref = current(own_image)
    bundle = claude.home / "cco.tar"
    try:
        result = claude.cco("image", "save", str(bundle), timeout=600)
        assert result.returncode == 0 and ref in result.out, result.err
        assert [p.name for p in claude.home.glob("cco.tar*")] == ["cco.tar"]
        there = claude.home / "there"
        there.mkdir()
        subprocess.run(["tar", "-C", there, "-xf", bundle, "cco-bundle.json", "SHA256SUMS", "cco"], check=True)
        program = there / "cco"
        assert hashlib.sha256(program.read_bytes()).digest() == hashlib.sha256(open(CCO, "rb").read()).digest()
        wipe(api, ref)
        assert ref not in tags(api)
        wiretap = Wiretap(engine_socket)
        claude.use(wiretap.socket)
        offline = ["unshare", "-n"] if os.getuid() == 0 else []

        def run(*args, **more):
            return subprocess.run([*offline, program, *args], cwd=claude.project, capture_output=True, text=True,
                                  timeout=600, check=False, env={**claude.env, **more})
        # without a login, and with certificates that only this machine has
        bare = {"ANTHROPIC_API_KEY": ""}
        result = run("image", "load", str(bundle), **bare)
        assert result.returncode == 0 and ref in result.stdout and "Claude Code" in result.stdout, result.stderr
        assert ref in tags(api)
        result = run("-p", "say hi")
        assert (result.returncode, result.stdout, result.stderr) == (0, claude.standin.answer + "\n", "")
        ca = claude.home / "only-here.pem"
        ca.write_text("-----BEGIN CERTIFICATE-----\n")
        result = run("shell", "cat $NODE_EXTRA_CA_CERTS", NODE_EXTRA_CA_CERTS=str(ca))
        assert (result.returncode, result.stdout) == (0, "-----BEGIN CERTIFICATE-----\n"), result.stderr
        plan = json.loads(run("--dry-run", NODE_EXTRA_CA_CERTS=str(ca)).stdout)["image"]
        assert plan["ref"].startswith("cco:loaded-") and plan["present"]
        assert not wiretap.asked("POST /build") and not wiretap.asked("POST /images/create")
        wiretap.close()
    finally:
        if ref not in tags(api) and bundle.exists():
            with tarfile.open(bundle) as tar, tar.extractfile("image.tar") as image:
                api("POST", "/v1.41/images/load", image, "application/x-tar")
        bundle.unlink(missing_ok=True)  # pytest keeps the directories of earlier runs


def test_image_is_saved_and_loaded_through_pipes(small, api):
    small.cco("image", "build")
    ref = current(small)
    saved = subprocess.run(f'{shlex.quote(CCO)} image save - | tee copy.tar | gzip -1 >copy.tar.gz; test $? = 0', shell=True,
                           cwd=small.project, env=small.env, capture_output=True, timeout=120, check=False)
    assert saved.returncode == 0 and saved.stdout == b"", saved.stderr
    assert subprocess.run("tar xf copy.tar && sha256sum --quiet -c SHA256SUMS && test -x cco", shell=True,
                          cwd=small.project, check=False).returncode == 0
    wipe(api, ref)
    result = small.cco("image", "load", "copy.tar.gz")
    assert result.returncode == 125 and "gunzip -c FILE | cco image load -" in result.err
    assert ref not in tags(api)
    loaded = subprocess.run(f'gunzip -c copy.tar.gz | {shlex.quote(CCO)} image load -', shell=True, cwd=small.project,
                            env=small.env, capture_output=True, text=True, timeout=120, check=False)
    assert loaded.returncode == 0 and ref in loaded.stdout, loaded.stderr
    assert small.cco("shell", "cat /packages").out == "packages: \n"
    # the loaded image is the cache of the next build
    assert small.cco("--packages", "jq", "shell", "cat /packages").out == "packages: jq\n"


def test_truncated_or_changed_bundle_is_refused(small, api):
    """The bundle is a real one, cut or changed at several places."""
    small.cco("image", "build")
    ref = current(small)
    bundle = small.project / "b.tar"
    assert small.cco("image", "save", "b.tar").returncode == 0
    wipe(api, ref)
    before = tags(api)
    size = bundle.stat().st_size
    broken = small.project / "broken.tar"
    for cut in 0, 100, 512, 5000, size // 2, size - 700, size - 1025:
        with open(bundle, "rb") as source:
            broken.write_bytes(source.read(cut))
        result = small.cco("image", "load", "broken.tar")
        assert result.returncode == 125 and result.out == "" and len(result.err) < 500, (cut, result.err)
    for at in 600, 2600, 300000, size // 2, size - 3000:
        shutil.copy(bundle, broken)
        with open(broken, "r+b") as target:
            target.seek(at)
            byte = target.read(1)
            target.seek(at)
            target.write(bytes([byte[0] ^ 1]))
        result = small.cco("image", "load", "broken.tar")
        assert result.returncode == 125, (at, result.out)
    assert tags(api) == before
    assert small.cco("image", "load", "b.tar").returncode == 0 and ref in tags(api)


def header(name, type=b"0", size=0):
    info = tarfile.TarInfo(name)
    info.type, info.size = type, size
    return info.tobuf(tarfile.USTAR_FORMAT)


def extended(records, type=b"x"):
    """Returns an extended header of pax with these records."""
    text = b""
    for key, value in records:
        length = len(key) + len(value) + 3
        while length != len(f"{length} {key}={value}\n"):
            length = len(f"{length} {key}={value}\n")
        text += f"{length} {key}={value}\n".encode()
    return header("pax", type, len(text)) + text + bytes(-len(text) % 512)


def with_second_manifest(*extensions):
    """Returns an image whose entry "other.json" has the name manifest.json for programs that understand the extended headers
    in another way than cco."""
    image = image_tar(tag="debian:stolen")
    manifest = tarfile.open(fileobj=io.BytesIO(image)).extractfile("manifest.json").read()
    return (image_tar().rstrip(b"\0").ljust(-(-len(image_tar().rstrip(b"\0")) // 512) * 512, b"\0")
            + b"".join(extensions) + header("other.json", size=len(manifest)) + manifest + bytes(-len(manifest) % 512)
            + bytes(1024))


# Each of these is read as another name of the image by Docker, by GNU tar or by Go's archive/tar.
AMBIGUOUS = {
    "two extended headers": (with_second_manifest(extended([("path", "manifest.json")]), extended([("comment", "x")])),
                             "two extended headers in a row"),
    "two extended headers, the second with the path": (
        with_second_manifest(extended([("path", "notes.json")]), extended([("path", "manifest.json")])),
        "two extended headers in a row"),
    "a long name of GNU tar and an extended header": (
        with_second_manifest(header("long", b"L", 14) + b"manifest.json".ljust(512, b"\0"), extended([("path", "notes")])),
        "two extended headers in a row"),
    "a sparse name": (with_second_manifest(extended([("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
                                                     ("GNU.sparse.name", "manifest.json"), ("GNU.sparse.realsize", "10")])),
                      "sparse"),
    "a global path": (with_second_manifest(extended([("path", "manifest.json")], b"g")), "global extended header"),
    "a path twice": (with_second_manifest(extended([("path", "notes.json"), ("path", "manifest.json")])), "repeated"),
    "data of a directory": (with_second_manifest(header("d", b"5", 512)), "not a file"),
    "a file with the name of a directory": (with_second_manifest(header("d/")), "name of a directory"),
}
LINK = {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd", "size": 0}
GOOD = entries()
HOSTILE = {
    "an entry more": (GOOD + [("more", b"x")], "its entry 5 is more"),
    "an entry twice": (GOOD + [GOOD[2]], "its entry 5 is cco"),
    "another order": ([GOOD[0], GOOD[2], GOOD[1], GOOD[3]], "its entry 2 is cco"),
    "an entry less": (GOOD[:3], "missing"),
    "dots": ([GOOD[0], ("../SHA256SUMS", GOOD[1][1])], "../SHA256SUMS"),
    "an absolute name": ([("/cco-bundle.json", GOOD[0][1])], "entry 1"),
    "a link": ([GOOD[0], GOOD[1], ("cco", b"", LINK), GOOD[3]], "not a file: cco"),
    "a hard link": ([GOOD[0], GOOD[1], ("cco", b"", {**LINK, "type": tarfile.LNKTYPE}), GOOD[3]], "not a file: cco"),
    "a device": ([GOOD[0], GOOD[1], GOOD[2], ("image.tar", b"", {"type": tarfile.CHRTYPE, "size": 0})],
                 "not a file: image.tar"),
    "a wrong sum": ([*GOOD[:2], ("cco", b"Program"), GOOD[3]], "cco in it is damaged"),
    "a wrong size": ([*GOOD[:2], ("cco", b"program "), GOOD[3]], "cco in it is damaged"),
    "other sums": ([GOOD[0], ("SHA256SUMS", GOOD[1][1].replace(b"image", b"imago")), *GOOD[2:]], "SHA256SUMS do not match"),
    "another architecture": (entries(arch="arm64"), "for arm64, but the engine here for amd64"),
    "another format": (entries(format=2), "format 2"),
    "nonsense": ([("cco-bundle.json", b"{]"), *GOOD[1:]], "cco-bundle.json"),
    "an image of another architecture": (entries(image_tar(arch="arm64")), "arm64"),
    "somebody else's tag": (entries(image_tar(tag="debian:trixie-slim")), "image is not " + TAG),
    "another digest": (entries(image_tar(digest=INPUTS)), "labels"),
    "two manifests": (entries(image_tar(extra=[("manifest.json", b"[]")])), "twice"),
    "a link in the image": (entries(image_tar(extra=[("blobs", b"", LINK)])), "link"),
    "dots in the image": (entries(image_tar(extra=[("a/../../b", b"x")])), "name"),
    "no image": (entries(b"not a tar file" * 100), "image.tar"),
    "an empty image": (entries(archive()), "manifest.json"),
    **{what: (entries(image), says) for what, (image, says) in AMBIGUOUS.items()},
    "a program that is none": ([("cco-bundle.json", b"{}" + b" " * 100000), *GOOD[1:]], "too large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bundles_never_reach_the_engine(box, fake, name):
    """The engine never receives a byte of them."""
    fake.answers["GET /info"] = reply(200, {"Architecture": "x86_64", "SecurityOptions": []})
    what, says = HOSTILE[name]
    (box.project / "b.tar").write_bytes(archive(*what))
    result = box.cco("image", "load", "b.tar")
    assert result.returncode == 125 and result.out == "", result.err
    assert says in result.err, result.err
    assert not fake.asked("POST ")


def test_engine_gets_only_what_was_checked(box, fake):
    """What else is in the image's archive does not reach the engine, and the engine learns one name only."""
    more = [("repositories", b'{"stolen": {"latest": "0"}}'), ("oci-layout", b"{}"), ("blobs/sha256/" + DIGEST, b"other"),
            ("notes/manifest.json", b"[]")]
    fake.answers["GET /info"] = reply(200, {"Architecture": "x86_64", "SecurityOptions": []})
    fake.answers["POST /images/load"] = chunked(b'{"stream":"Loaded image: x\\n"}\n')
    (box.project / "b.tar").write_bytes(archive(*entries(image_tar(extra=more, layers=(LAYER, LAYER)))))
    box.cco("image", "load", "b.tar")
    [(_, _, body)] = fake.asked("POST /images/load")
    with tarfile.open(fileobj=io.BytesIO(body)) as sent:
        layer = hashlib.sha256(LAYER).hexdigest() + ".tar"
        [config] = [name for name in sent.getnames() if name.endswith(".json") and name != "manifest.json"]
        assert sent.getnames() == [config, layer, "manifest.json"]
        assert sent.extractfile(layer).read() == LAYER
        assert config == hashlib.sha256(sent.extractfile(config).read()).hexdigest() + ".json"
        assert json.load(sent.extractfile("manifest.json")) == [{"Config": config, "RepoTags": [TAG], "Layers": [layer, layer]}]


def test_engine_gets_no_name_of_an_image_with_another_layer(box, fake):
    """The layer does not have the digest that the image's configuration states, and all sums of the bundle are right."""
    fake.answers["GET /info"] = reply(200, {"Architecture": "x86_64", "SecurityOptions": []})
    (box.project / "b.tar").write_bytes(archive(*entries(image_tar(layer=b"other"))))
    result = box.cco("image", "load", "b.tar")
    assert result.returncode == 125 and result.out == "", result.err
    assert hashlib.sha256(LAYER).hexdigest() in result.err and "other content" in result.err, result.err
    assert not fake.asked("POST /images/load"), "the engine received a complete archive"


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_bundle_that_programs_read_differently_loads_nothing(small, api, name):
    """The images hide a second name in what cco and the engine would read differently."""
    before = tags(api)
    (small.project / "b.tar").write_bytes(archive(*entries(AMBIGUOUS[name][0])))
    result = small.cco("image", "load", "b.tar")
    assert result.returncode == 125 and AMBIGUOUS[name][1] in result.err, result.err
    assert tags(api) == before


def test_loaded_bundle_has_no_other_name(small, api):
    """The engine has no other tag afterwards than those of the bundle's image, and the image has its layer."""
    before = tags(api)
    more = [("repositories", b'{"stolen": {"latest": "0"}}'), (DIGEST + "/layer.tar", LAYER), (DIGEST + "/json", b"{}"),
            ("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')]
    (small.project / "b.tar").write_bytes(archive(*entries(image_tar(extra=more, layers=(LAYER,)))))
    result = small.cco("image", "load", "b.tar")
    assert result.returncode == 0 and TAG in result.out, result.err
    new = tags(api) - before
    assert TAG in new and all(tag == TAG or tag.startswith("cco:loaded-") for tag in new), new
    _, text = api("GET", f"/v1.41/images/{TAG}/json")
    assert json.loads(text)["RootFS"]["Layers"] == ["sha256:" + hashlib.sha256(LAYER).hexdigest()]


@pytest.mark.parametrize("data, says", [
    (b"", "empty"), (b"hello\n", "not a tar archive"), (os.urandom(5000), "not a tar archive"),
    (gzip.compress(archive(*GOOD)), "gunzip -c"), (archive(("manifest.json", b"[]")), "docker load"),
    (archive(*GOOD) + b"x" * 512, "after its end"), (archive(*GOOD)[:3000], "incomplete")])
def test_files_that_are_not_bundles_are_refused(box, fake, data, says):
    for source in "b.tar", "-":
        (box.project / "b.tar").write_bytes(data)
        result = box.cco("image", "load", source, stdin=data if source == "-" else b"")
        assert result.returncode == 125 and says in result.err, result.err
    assert not fake.asked("POST ")


def closing(data):
    """The engine closes the connection after these bytes."""
    def answer(engine, connection, request):
        engine.send(connection, request, data)
        return False
    return answer


def test_engine_that_refuses_or_reports_a_wrong_image(box, fake):
    (box.project / "b.tar").write_bytes(archive(*GOOD))
    fake.answers["GET /images/"] = reply(404, {"message": "no such image"})
    for said, tells in (
            (chunked(b'{"status":"Loading layer"}\n', b'{"errorDetail":{"message":"no space left on device"}}\n'),
             "no space left on device"),
            (chunked(b'{"stream":"Loaded image: other:1\\n"}\n'), "does not have the image of the bundle"),
            (reply(500, {"message": "exists already"}), "exists already"),
            (closing(chunked(b'{"stream":"Loa')[:-7]), "in the middle of a reply"),
            (reply(200, b"<html>"), "progress")):
        fake.answers["POST /images/load"] = said
        result = box.cco("image", "load", "b.tar")
        assert result.returncode == 125 and tells in result.err, result.err


def saving(fake, data):
    labels = {"cco.digest": DIGEST, "cco.inputs": INPUTS}
    fake.answers["GET /images/"] = reply(200, {"Id": "sha256:1", "Architecture": "amd64", "Size": 10,
                                               "Config": {"Labels": labels}})

    def get(engine, connection, request):
        if "/get" in request[0]:
            return data(engine, connection, request) if callable(data) else engine.send(connection, request, data)
        return engine.send(connection, request, fake.known)
    fake.known = fake.answers["GET /images/"]
    fake.answers["GET /images/"] = get


def test_engine_that_saves_a_broken_image_leaves_the_old_file(box, fake):
    """No file appears, and the old file stays."""
    box.env["CCO_ENGINE_TIMEOUT"] = "2"
    # The requested digest is that of this machine's image, so the image exists.
    digest = json.loads(box.cco("--dry-run").out)["image"]["digest"]
    good = image_tar(tag="cco:" + digest[:12], digest=digest)
    (box.project / "b.tar").write_text("old")
    for data, tells in (
            (reply(200, good[:1500]), "incomplete"),
            (reply(200, good + b'{"message":"disk"}'), "after its end"),
            (closing(reply(200, good)[:1000]), "in the middle of a reply"),
            (reply(200, image_tar()), "its image is not"),
            (reply(404, {"message": "no such image"}), "no such image"),
            (reply(200, b"tar?"), "")):
        saving(fake, data)
        fake.known = reply(200, {"Id": "sha256:1", "Architecture": "amd64", "Config": {
            "Labels": {"cco.digest": digest, "cco.inputs": INPUTS}}})
        result = box.cco("image", "save", "b.tar")
        assert result.returncode == 125 and tells in result.err, result.err
        assert (box.project / "b.tar").read_text() == "old"
        assert sorted(p.name for p in box.project.iterdir()) == ["b.tar"]
    saving(fake, reply(200, good))
    fake.known = reply(200, {"Id": "sha256:1", "Architecture": "amd64", "Config": {
        "Labels": {"cco.digest": digest, "cco.inputs": INPUTS}}})
    result = box.cco("image", "save", "b.tar")
    assert result.returncode == 0, result.err
    assert tarfile.open(box.project / "b.tar").getnames() == ["cco-bundle.json", "SHA256SUMS", "cco", "image.tar"]


def test_ctrl_c_leaves_no_file(box, fake, tmp_path):
    box.env["TMPDIR"] = str(tmp_path)
    digest = json.loads(box.cco("--dry-run").out)["image"]["digest"]
    fake.answers["GET /images/"] = reply(200, {"Id": "sha256:1", "Architecture": "amd64", "Config": {
        "Labels": {"cco.digest": digest, "cco.inputs": INPUTS}}})
    fake.silent = f"GET /images/cco%3A{digest[:12]}/get"
    fake.answers["GET /_ping"] = reply(200)
    for target, stdin in (("b.tar", None), ("-", None)):
        process = subprocess.Popen([CCO, "image", "save", target], cwd=box.project, env=box.env,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        until(lambda: fake.asked(fake.silent))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        fake.requests.clear()
        assert process.returncode == 130
        assert list(box.project.iterdir()) == []
    process = subprocess.Popen([CCO, "image", "load", "-"], cwd=box.project, env=box.env, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(archive(*GOOD)[:3000])
    process.stdin.flush()
    until(lambda: fake.asked("GET /info"))
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 143
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("cco.")] == []


def test_bundle_is_not_written_to_a_terminal(box, fake):
    terminal = Terminal([CCO, "image", "load", "-"], box.env, box.project)
    terminal.wait_for("standard input is a terminal")
    assert terminal.wait() == 2
    terminal.close()
    fake.answers["GET /images/"] = reply(200, {"Id": "sha256:1", "Architecture": "amd64", "Config": {
        "Labels": {"cco.inputs": INPUTS}}})
    digest = json.loads(box.cco("--dry-run").out)["image"]["digest"]
    fake.answers["GET /images/"] = reply(200, {"Id": "sha256:1", "Architecture": "amd64", "Config": {
        "Labels": {"cco.digest": digest, "cco.inputs": INPUTS}}})
    terminal = Terminal([CCO, "image", "save", "-"], box.env, box.project)
    terminal.wait_for("standard output is a terminal")
    assert terminal.wait() == 2
    terminal.close()


def test_full_disk_leaves_no_file(small, tmp_path):
    if os.getuid() != 0:
        pytest.skip("needs root, to mount a small disk")
    small.cco("image", "build")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "none", disk], check=True)
    try:
        result = small.cco("image", "save", str(disk / "b.tar"))
        assert result.returncode == 125 and "No space left" in result.err and "df" in result.err
        assert list(disk.iterdir()) == []
        result = small.cco("image", "save", "-", env={"TMPDIR": str(disk)})
        assert result.returncode == 125 and "No space left" in result.err and result.out == ""
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
