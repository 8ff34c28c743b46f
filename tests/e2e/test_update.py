# SPDX-License-Identifier: MIT
"""cco self-update with good and bad releases. Unless the new release is valid in every respect, the old program still
works and nothing else is left.
"""

import json
import os
import pathlib
import signal
import subprocess
import time

import pytest

from conftest import ROOT, open_to_all, until
from release import head, program, release


@pytest.mark.parametrize("certificate", ["rsa", "ec", "p384", "chained"])
def test_newer_release_is_installed(machine, certificate):
    server = machine.server(certificate=certificate)
    machine.cco.chmod(0o751)
    machine.renewed(server.url + "/r/")
    assert machine.cco.stat().st_mode & 0o7777 == 0o751
    # the new program looks again, without the slash
    assert machine.update(server.url + "/r") == (0, f"cco {machine.later} is the newest version\n", "")


def test_check_reports_a_newer_release(machine):
    url = machine.server().url + "/r/"
    status, out, err = machine.update(url, "--check")
    assert (status, err) == (1, "") and machine.later in out and machine.was in out
    status, out, err = machine.update(url, "--check", "--json")
    assert (status, err) == (1, "")
    assert json.loads(out) == {"current": machine.was, "newest": machine.later, "newer": True, "updated": False}
    machine.intact()
    url = machine.server(release(machine.pki, machine.was, machine.old)).url + "/r/"
    assert machine.update(url, "--check") == (0, f"cco {machine.was} is the newest version\n", "")


def test_older_release_is_refused(machine):
    routes = release(machine.pki, "0.0.9", machine.new)
    machine.refused(machine.server(routes).url + "/r/", "0.0.9", "older")


def test_same_version_is_not_downloaded(machine):
    server = machine.server(release(machine.pki, machine.was, machine.old))
    assert machine.update(server.url + "/r/")[0] == 0
    assert server.seen == ["/r/manifest.json", "/r/manifest.json.sig"]
    machine.intact()


def test_wrong_signatures_are_refused(machine):
    routes = release(machine.pki, machine.later, machine.new)
    good = routes["/r/manifest.json.sig"]
    server = machine.server(routes)
    for bad in (b"", b"x", good[:-1], good[:-1] + bytes([good[-1] ^ 1]), good + b"\0", b"\0" * len(good), b"\xff" * 256):
        routes["/r/manifest.json.sig"] = bad
        machine.refused(server.url + "/r/", "signature")
    routes["/r/manifest.json.sig"] = b"x" * 257
    machine.refused(server.url + "/r/", "limit")
    routes["/r/manifest.json.sig"] = good
    routes["/r/manifest.json"] = routes["/r/manifest.json"].replace(b'"size": ', b'"size": 1')
    machine.refused(server.url + "/r/", "signature")
    assert not any("linux" in path for path in server.seen)


@pytest.mark.parametrize("changes, word", [
    ({"sha256": "0" * 64}, "checksum"), ({"size": 1000}, "limit"), ({"size": 10_000_000}, "size"),
    ({"arch": "sparc"}, "is not available"), ({"os": "plan9"}, "is not available"), ({"name": "../cco"}, "name"),
])
def test_manifest_with_wrong_values_is_refused(machine, changes, word):
    routes = release(machine.pki, machine.later, machine.new, **changes)
    machine.refused(machine.server(routes).url + "/r/", word)


def test_manifest_of_another_format_is_refused(machine):
    manifest = b'{"format":2}'
    routes = {"/r/manifest.json": manifest, "/r/manifest.json.sig": machine.pki.signature(manifest)}
    machine.refused(machine.server(routes).url + "/r/", "format 2")


def test_missing_release_is_reported(machine):
    routes = release(machine.pki, machine.later, machine.new)
    server = machine.server(routes)
    machine.refused(server.url + "/other/", "404", "/other/manifest.json")
    del routes[program(routes)]
    machine.refused(server.url + "/r/", "404")


@pytest.mark.parametrize("kind, word", [
    ("text", "not a program"), ("script", "machine"), ("foreign", "machine"), ("other", "--version"), ("old", "--version"),
    ("broken", "--version")])
def test_new_program_that_does_not_work_is_undone(machine, kind, word):
    new = {"text": b"no program", "script": b"#!/bin/sh\necho cco 9.9.9 and more\n", "old": machine.old,
           "foreign": machine.new[:18] + b"\x02\x00" + machine.new[20:], "other": pathlib.Path("/usr/bin/true").read_bytes(),
           "broken": machine.new[:64] + b"\0" * 4096}[kind]
    routes = release(machine.pki, machine.later, new)
    machine.refused(machine.server(routes).url + "/r/", word)


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_signal_during_the_update_changes_nothing(machine, which):
    routes = release(machine.pki, machine.later, machine.new)
    good = routes[program(routes)]

    def half(connection):
        connection.sendall(head("200 OK", f"Content-Length: {len(machine.new)}") + machine.new[:100_000])
        time.sleep(15)

    routes[program(routes)] = half
    server = machine.server(routes)
    with machine.start(server.url + "/r/") as child:
        until(lambda: (machine.bin / ".cco.new").exists() and (machine.bin / ".cco.new").stat().st_size == 100_000)
        assert (machine.bin / ".cco.new").stat().st_mode & 0o7777 == 0o700
        # another cco that runs meanwhile does not interfere
        status, _, err = machine.update(server.url + "/r/")
        assert status == 125 and "another self-update" in err
        child.send_signal(which)
        _, err = child.communicate(timeout=10)
    if which == signal.SIGKILL:
        assert child.returncode == -which
        assert machine.cco.read_bytes() == machine.old
        routes[program(routes)] = good
        machine.renewed(server.url + "/r/")  # it removes what was left behind
        return
    assert child.returncode == 128 + which, err
    machine.intact()


def test_name_of_the_old_version_is_taken(machine):
    (machine.bin / "cco.old").write_text("mine")
    status, _, err = machine.update(machine.server().url + "/r/")
    assert status == 125 and "cco.old" in err
    assert (machine.bin / "cco.old").read_text() == "mine" and machine.cco.read_bytes() == machine.old


def test_program_behind_a_link_is_replaced(machine, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(machine.cco)
    url = machine.server().url + "/r/"
    done = subprocess.run([link, "self-update"], env={**machine.env, "CCO_UPDATE_URL": url}, capture_output=True,
                          timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert link.is_symlink() and machine.cco.read_bytes() == machine.new


@pytest.mark.skipif(os.getuid() != 0, reason="needs another user")
def test_targets_that_cannot_be_written(machine, tmp_path):
    url = machine.server().url + "/r/"

    def as_user(uid):
        done = subprocess.run([machine.cco, "self-update"], env={**machine.env, "CCO_UPDATE_URL": url}, user=uid, group=uid,
                              extra_groups=[], capture_output=True, timeout=60, check=False, cwd="/")
        return done.returncode, done.stderr.decode()

    open_to_all(tmp_path / "below")
    for path in (machine.pki.path, *machine.pki.path.parents, *machine.pki.path.glob("*.pem")):
        if str(path).startswith("/tmp/"):
            path.chmod(path.stat().st_mode | 0o055)
    status, err = as_user(4242)  # a directory of root
    assert status == 125 and "cannot be replaced" in err and f"sudo {machine.cco} self-update" in err, err
    machine.intact()
    os.chown(machine.cco, 4242, 4242)  # the user's file in it
    status, err = as_user(4242)
    assert status == 125 and "Permission denied" in err and f"sudo {machine.cco} self-update" in err, err
    machine.intact()
    os.chown(machine.cco, 0, 0)
    os.chown(machine.bin, 4242, 4242)  # a file of root in the user's directory
    status, err = as_user(4242)
    assert status == 125 and "another user" in err, err
    machine.intact()
    os.chown(machine.cco, 4242, 4242)
    machine.renewed(url)  # root runs it, and the file stays the user's
    assert machine.cco.stat().st_uid == 4242
    machine.cco.write_bytes(machine.old)
    status, err = as_user(4242)
    assert status == 0 and machine.cco.read_bytes() == machine.new, err
    assert [p.name for p in machine.bin.iterdir()] == ["cco"]


@pytest.mark.skipif(os.getuid() != 0, reason="needs mount")
@pytest.mark.parametrize("options, word", [("", "space"), ("ro", "Read-only")])
def test_full_or_read_only_file_systems(machine, options, word):
    size = len(machine.old) * 3 // 2  # room for one program, and not for two
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(machine.bin)]
    if subprocess.run(["unshare", "-m", *mount], capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount")
    again = f"mount -o remount,{options} {machine.bin}" if options else ":"
    inside = f"""set -e
        {" ".join(mount)}; cp "$1" {machine.cco}; {again}; status=0
        {machine.cco} self-update || status=$?
        ls -A {machine.bin} >&2; cmp "$1" {machine.cco}; exit $status"""
    keep = machine.bin.parent / "keep"
    keep.write_bytes(machine.old)
    keep.chmod(0o755)
    done = subprocess.run(["unshare", "-m", "sh", "-c", inside, "sh", keep], capture_output=True, timeout=60, check=False,
                          env={**machine.env, "CCO_UPDATE_URL": machine.server().url + "/r/"})
    err = done.stderr.decode()
    assert done.returncode == 125 and word in err and err.endswith("\ncco\n"), err


def test_progress_on_a_terminal_and_not(machine):
    routes = release(machine.pki, machine.later, machine.new)

    def slowly(connection):
        connection.sendall(head("200 OK", f"Content-Length: {len(machine.new)}"))
        step = len(machine.new) // 20
        for at in range(0, len(machine.new), step):
            connection.sendall(machine.new[at:at + step])
            time.sleep(0.1)

    routes[program(routes)] = slowly
    url = machine.server(routes).url + "/r/"
    status, _, err = machine.update(url)
    assert status == 0 and "downloading" in err, err
    assert "\r" not in err and "\x1b" not in err


def test_build_without_a_key_cannot_update(box):
    result = box.cco("self-update", env={"CCO_UPDATE_URL": "https://localhost/"})
    assert result.returncode == 125 and "git pull" in result.err


def test_embedded_key_decides(pki, tmp_path):
    def embed(**env):
        return subprocess.run([ROOT / "scripts" / "embed-key"], env={"PATH": "/usr/bin:/bin", **env}, capture_output=True,
                              check=False)

    junk = tmp_path / "junk"
    junk.write_text("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
    public = tmp_path / "p384.pub"
    subprocess.run(["openssl", "ec", "-in", pki.path / "p384.key", "-pubout", "-out", public], check=True, capture_output=True)
    assert embed().stdout.count(b"0x") == 0
    good = embed(CCO_RELEASE_PUBLIC_KEY=str(pki.path / "release.pub"), CCO_RELEASE_URL="https://h/r/")
    assert good.stdout.count(b"0x") == 65 and b'release_url[] = "https://h/r/";' in good.stdout
    for bad in (junk, public, pki.path / "release.key", pki.pem("ec"), "/nowhere", "/dev/null"):
        result = embed(CCO_RELEASE_PUBLIC_KEY=str(bad))
        assert result.returncode == 1 and not result.stdout and str(bad).encode() in result.stderr
    for bad in ("http://h/", 'https://h/"', "https://h/ x", "h"):
        assert embed(CCO_RELEASE_URL=bad).returncode == 1
