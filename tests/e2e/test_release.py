# SPDX-License-Identifier: MIT
"""scripts/release: what a release contains, that its parts belong together, and that its install.sh installs it."""

import base64
import functools
import hashlib
import http.server
import json
import os
import re
import shutil
import struct
import subprocess
import threading

import pytest

from conftest import ROOT

RELEASE = ROOT / "scripts" / "release"
QEMU = shutil.which("qemu-aarch64-static")
MACHINE = {"x86_64": 62, "aarch64": 183}  # e_machine, elf.h

pytestmark = pytest.mark.skipif(any(shutil.which(t) is None for t in ("openssl", "aarch64-linux-gnu-gcc")),
                                reason="openssl or the compiler for AArch64 is not there: ./build.sh test installs them")


def release(*args, **env):
    return subprocess.run([RELEASE, *args], capture_output=True, text=True, timeout=900, check=False,
                          stdin=subprocess.DEVNULL, env={**os.environ, **env})


class Made:
    """A release of this checkout, on a server."""

    def __init__(self, base):
        self.base = base
        self.key = base / "the key.pem"
        self.dir = base / "the release"
        self.dir.mkdir()
        handler = functools.partial(Quiet, directory=str(self.dir))
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        got = release("--new-key", str(self.key))
        assert got.returncode == 0, got.stderr
        self.make(self.dir)
        self.manifest = json.loads((self.dir / "manifest.json").read_text())
        self.version = self.manifest["version"]
        self.sbom = json.loads((self.dir / f"cco-{self.version}.spdx.json").read_text())

    def make(self, directory):
        env = {} if (ROOT / ".git").exists() else {"SOURCE_DATE_EPOCH": "1700000000"}
        got = release("--dirty", "--key", str(self.key), "--url", self.url, str(directory), **env)
        assert got.returncode == 0, got.stderr
        assert got.stdout == ""

    def path(self, arch):
        return self.dir / f"cco-{self.version}-linux-{arch}"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    m = Made(tmp_path_factory.mktemp("release"))
    yield m
    m.http.shutdown()
    m.http.server_close()


@pytest.fixture(scope="module")
def public(made):
    return subprocess.run(["openssl", "pkey", "-in", made.key, "-pubout", "-outform", "DER"], check=True,
                          capture_output=True).stdout


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_manifest_lists_both_programs(made):
    assert re.fullmatch(r"VERSION=(.+)", next(line for line in (ROOT / "build.sh").read_text().splitlines()
                                              if line.startswith("VERSION="))).group(1) == made.version
    assert made.manifest == {"format": 1, "version": made.version, "files": [
        {"name": made.path(arch).name, "arch": arch, "os": "linux", "size": made.path(arch).stat().st_size,
         "sha256": sha256(made.path(arch))} for arch in ("x86_64", "aarch64")]}
    assert sorted(p.name for p in made.dir.iterdir()) == sorted([
        made.path("x86_64").name, made.path("aarch64").name, f"cco-{made.version}.spdx.json", "install.sh",
        "manifest.json", "manifest.json.sig", "SHA256SUMS", "SHA256SUMS.sig"])


@pytest.mark.parametrize("name", ["manifest.json", "SHA256SUMS"])
def test_signatures_verify(made, public, name, tmp_path):
    key = tmp_path / "public.der"
    key.write_bytes(public)

    def verify(body):
        return subprocess.run(["openssl", "dgst", "-sha256", "-verify", key, "-keyform", "DER", "-signature",
                               made.dir / f"{name}.sig"], input=body, capture_output=True, check=False).returncode
    body = (made.dir / name).read_bytes()
    assert verify(body) == 0
    assert verify(body.replace(b"0", b"1", 1)) != 0
    assert (made.dir / f"{name}.sig").read_bytes()[0] == 0x30  # DER, as self-update expects it


def test_checksums_match(made):
    lines = (made.dir / "SHA256SUMS").read_text().splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert listed == {p.name: sha256(p) for p in made.dir.iterdir()
                      if not p.name.startswith("SHA256SUMS") and not p.name.endswith(".sig")}


@pytest.mark.parametrize("arch", MACHINE)
def test_programs_are_static_and_for_their_machine(made, arch):
    body = made.path(arch).read_bytes()
    kind, machine = struct.unpack_from("<HH", body, 16)
    assert body[:6] == b"\x7fELF\x02\x01" and (kind, machine) == (3, MACHINE[arch])
    start, = struct.unpack_from("<Q", body, 32)
    size, count = struct.unpack_from("<HH", body, 54)
    types = [struct.unpack_from("<I", body, start + i * size)[0] for i in range(count)]
    assert 3 not in types  # PT_INTERP
    assert made.path(arch).stat().st_mode & 0o777 == 0o755
    # only as a complete path: "%s/cco" must not match a checkout in /cco
    assert not re.search(rb"(?<![\w%.])" + re.escape(bytes(ROOT)) + rb"(/(src|build|vendor|scripts|image)\b|\0)", body)
    assert b"/tmp/" + made.base.name.encode() not in body
    assert body.count(b"cco-id: ") == 1 and b"cco-id: 0000" not in body


@pytest.mark.parametrize("arch", MACHINE)
def test_programs_print_their_version(made, arch, box, fake):
    run = [str(made.path(arch))]
    if os.uname().machine != arch:
        if arch != "aarch64" or QEMU is None:
            pytest.skip("no qemu-aarch64-static here")
        run.insert(0, QEMU)
    got = subprocess.run([*run, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert got.stdout == f"cco {made.version}\n"
    got = subprocess.run([*run, "--dry-run", "-p", "x"], capture_output=True, timeout=60, check=True, env=box.env,
                         cwd=box.project)
    assert json.loads(got.stdout)["command"]["workdir"] == str(box.project)


@pytest.mark.parametrize("arch", MACHINE)
def test_programs_know_the_key_and_the_address(made, public, arch):
    body = made.path(arch).read_bytes()
    assert public[-65:] in body and made.url.encode() in body


def test_released_program_finds_its_release(made, box, tmp_path):
    """The built-in address and key, the manifest and its signature: written by this script and read by cco."""
    program = tmp_path / "cco"
    shutil.copy2(made.path(os.uname().machine), program)
    got = subprocess.run([program, "self-update", "--check", "--json"], capture_output=True, text=True, timeout=60,
                         env=box.env, cwd=box.project, check=False)
    assert got.returncode == 0, got.stderr
    assert made.version in got.stdout
    signature = made.dir / "manifest.json.sig"
    good = signature.read_bytes()
    signature.write_bytes((made.dir / "SHA256SUMS.sig").read_bytes())
    try:
        got = subprocess.run([program, "self-update", "--check"], capture_output=True, text=True, timeout=60,
                             env=box.env, cwd=box.project, check=False)
    finally:
        signature.write_bytes(good)
    assert got.returncode == 125 and "signature" in got.stderr


def test_sbom_is_valid_spdx(made):
    """The document has the fields that SPDX 2.3 requires, and every reference has a target."""
    s = made.sbom
    assert (s["spdxVersion"], s["dataLicense"], s["SPDXID"]) == ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT")
    assert s["name"] and re.fullmatch(r"https://[^#\s]+", s["documentNamespace"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", s["creationInfo"]["created"])
    assert all(re.match(r"(Tool|Person|Organization): ", c) for c in s["creationInfo"]["creators"])
    packages = {p["SPDXID"]: p for p in s["packages"]}
    assert len(packages) == len(s["packages"])
    for name, p in packages.items():
        assert re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", name), name
        assert {"name", "versionInfo", "downloadLocation", "licenseConcluded", "licenseDeclared", "copyrightText"} <= p.keys()
        assert p["filesAnalyzed"] is False
        for checksum in p.get("checksums", []):
            assert checksum["algorithm"] == "SHA256" and re.fullmatch(r"[0-9a-f]{64}", checksum["checksumValue"])
    for r in s["relationships"]:
        assert r["spdxElementId"] in {"SPDXRef-DOCUMENT", *packages} and r["relatedSpdxElement"] in packages
        assert r["relationshipType"] in {"DESCRIBES", "STATIC_LINK"}
    described = {r["relatedSpdxElement"] for r in s["relationships"] if r["relationshipType"] == "DESCRIBES"}
    assert {packages[d]["packageFileName"] for d in described} == {f["name"] for f in made.manifest["files"]}
    for f in made.manifest["files"]:
        p = next(p for p in packages.values() if p.get("packageFileName") == f["name"])
        assert p["checksums"][0]["checksumValue"] == f["sha256"] and p["name"] == "cco"
        linked = {packages[r["relatedSpdxElement"]]["name"] for r in s["relationships"]
                  if r["spdxElementId"] == p["SPDXID"]}
        assert linked == {"musl", "libgcc", "bearssl", "libvterm", "zlib"}
    lock = [line.split() for line in (ROOT / "vendor/lock").read_text().splitlines() if line and line[0] != "#"]
    for name, version, file, digest, licence, *_ in lock:
        p = next(p for p in packages.values() if p["name"] == name)
        assert (p["versionInfo"], p["packageFileName"], p["licenseDeclared"]) == (version, file, licence)
        assert p["checksums"][0]["checksumValue"] == digest
    for p in packages.values():
        assert p["versionInfo"][0].isdigit(), p


def test_release_contains_no_private_key(made):
    text = subprocess.run(["openssl", "pkey", "-in", made.key, "-noout", "-text"], check=True, capture_output=True,
                          text=True).stdout
    secret = bytes.fromhex("".join(re.search(r"priv:\n((?:\s+[0-9a-f:]+\n)+)", text).group(1).split()).replace(":", ""))
    for path in made.dir.iterdir():
        assert secret not in path.read_bytes() and base64.b64encode(secret)[:20] not in path.read_bytes()
        assert b"PRIVATE KEY-----\n" not in path.read_bytes()  # the first words of a PEM key, which the program itself contains


def test_install_script_of_the_release_works(made, public, tmp_path):
    text = (made.dir / "install.sh").read_text()
    assert f"stamped_url='{made.url}'\n" in text and f"stamped_key='{base64.b64encode(public).decode()}'\n" in text
    got = subprocess.run(["dash", "-s", "--", "--dir", tmp_path / "a bin"], input=text.encode(), check=False, timeout=60,
                         capture_output=True, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
    assert got.returncode == 0, got.stderr
    assert (tmp_path / "a bin" / "cco").read_bytes() == made.path(os.uname().machine).read_bytes()


@pytest.mark.skipif(os.environ.get("CCO_LONG") != "1", reason="test-long: two builds more")
def test_release_is_reproducible(made, tmp_path):
    made.make(tmp_path / "again")
    for path in made.dir.iterdir():
        if not path.name.endswith(".sig"):
            assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


def test_accepted_and_refused_keys(tmp_path):
    key = tmp_path / "key.pem"
    assert release("--new-key", str(key)).returncode == 0
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_bytes()
    got = release("--new-key", str(key))
    assert got.returncode == 1 and "is there already" in got.stderr and key.read_bytes() == before
    out = str(tmp_path / "out")
    key.chmod(0o644)
    got = release("--dirty", "--key", str(key), out)
    assert got.returncode == 1 and "chmod 600" in got.stderr
    got = release("--dirty", "--key", str(tmp_path / "none"), out)
    assert got.returncode == 1 and "--new-key" in got.stderr
    for kind in (["RSA"], ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"], ["ED25519"]):
        other = tmp_path / "other.pem"
        other.touch(0o600)
        subprocess.run(["openssl", "genpkey", "-algorithm", *kind, "-out", other], check=True, capture_output=True)
        got = release("--dirty", "--key", str(other), out)
        assert got.returncode == 1 and "P-256" in got.stderr
    other.write_text("no key")
    assert "not a private key" in release("--dirty", "--key", str(other), out).stderr
    assert not (tmp_path / "out").exists()


def test_refused_arguments(tmp_path):
    key = tmp_path / "key.pem"
    release("--new-key", str(key))
    out = tmp_path / "out"
    for url in ("http://example.org/x", "ftp://x/", "https://", "https://a/b'c", "https://a/ b"):
        got = release("--dirty", "--key", str(key), "--url", url, str(out))
        assert got.returncode == 1 and "--url" in got.stderr
    assert release().returncode == release("--key", str(key)).returncode == release("--what").returncode == 2
    assert release("--key").returncode == 1
    out.mkdir()
    (out / "file").touch()
    got = release("--dirty", "--key", str(key), str(out))
    assert got.returncode == 1 and "not an empty directory" in got.stderr
    assert [p.name for p in out.iterdir()] == ["file"]


def test_uncommitted_changes_are_refused(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--shared", ROOT, clone], check=True, capture_output=True)
    (clone / "src" / "more.c").touch()
    key = tmp_path / "key.pem"
    release("--new-key", str(key))
    got = subprocess.run([clone / "scripts" / "release", "--key", key, tmp_path / "out"], capture_output=True, text=True,
                         timeout=60, check=False)
    assert got.returncode == 1 and "not committed" in got.stderr and "--dirty" in got.stderr


def test_missing_openssl_is_reported(tmp_path):
    for tool in ("sh", "dirname", "pwd", "uname", "nproc", "mktemp", "sed", "ls", "rm"):
        (tmp_path / tool).symlink_to(shutil.which(tool))
    got = release("--new-key", str(tmp_path / "key.pem"), PATH=str(tmp_path))
    assert got.returncode == 1 and "apt-get install openssl" in got.stderr
