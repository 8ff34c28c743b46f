# SPDX-License-Identifier: MIT
"""What init of a native session exposes of the host, and what it holds."""

import json
import os
import pathlib
import subprocess

import pytest

from conftest import CCO, until
from session_box import NATIVE, SLEEP, alone, detached, note, piped, sessions, sleepers, start  # noqa: F401


def test_init_shows_nothing_of_the_host(alone):  # noqa: F811
    script = ("cat /proc/1/cmdline | tr '\\0' ' '; echo; cat /proc/1/comm; "
              "for f in environ mem maps smaps auxv stack syscall io exe root/etc/passwd cwd/. fd/0 fd/1 fd/2 "
              "fd/3 fd/4 map_files/.; do head -c 9 /proc/1/$f >/dev/null 2>&1 && echo open: $f; "
              "readlink /proc/1/$f && echo led: $f; done; env")
    alone.env["HOST_ONLY"] = "of-the-host"
    result = alone.cco(*NATIVE, "--env", "GIVEN=private-value", "shell", script)
    lines = result.out.splitlines()
    assert lines[0].rstrip() == "/cco-init init /run/cco/boot"[:len(lines[0].rstrip())] != ""
    assert lines[1] == "cco-init"
    assert [line for line in lines if line.startswith(("open: ", "led: "))] == []
    assert "of-the-host" not in result.out and "GIVEN=private-value" in lines


def test_only_three_descriptors_reach_the_command(alone):  # noqa: F811
    spare, other = os.pipe()
    try:
        process = subprocess.run([CCO, *NATIVE, "shell", "ls /proc/self/fd"], env=alone.env, cwd=alone.project,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, pass_fds=[spare, other], check=True)
    finally:
        os.close(spare)
        os.close(other)
    assert process.stdout.split() == [b"0", b"1", b"2", b"3"]  # 3 is the descriptor with which ls lists the directory


@pytest.mark.skipif(os.getuid() != 0, reason="only root looks into a process that is not dumpable")
@pytest.mark.parametrize("tty", [True, False])
def test_init_holds_what_it_needs(alone, tty):  # noqa: F811
    spare, other = os.pipe()
    os.set_inheritable(spare, True)
    os.set_inheritable(other, True)
    script = f"echo on; exec sleep {SLEEP}"
    process = None if tty else piped(alone, script, close_fds=False)
    if tty:
        detached(alone, script)
    name = until(lambda: [s["name"] for s in sessions(alone)])[0]
    pid = until(lambda: sleepers() and note(alone, name)).split()[0]
    links = [os.readlink(link) for link in pathlib.Path(f"/proc/{pid}/fd").iterdir()]
    kinds = sorted(link.split("[")[0].split(":[")[0].rstrip(":") for link in links)
    assert f"pipe:[{os.stat(spare).st_ino}]" not in links
    if tty:
        # the line and the adopt listener; master and slave of the terminal; signals
        assert kinds == ["/dev/null"] * 3 + ["/dev/ptmx"] + ["/dev/pts/0"] + ["anon_inode"] + ["socket"] * 2 or \
            kinds == ["/dev/null"] * 3 + ["/dev/pts/0", "/dev/pts/ptmx"] + ["anon_inode"] + ["socket"] * 2, links
    else:
        assert kinds == ["/dev/null"] * 3 + ["anon_inode", "socket"], links
        process.kill()
        process.communicate()
    os.close(spare)
    os.close(other)


def test_adopt_listener_is_not_reachable_for_the_command(alone):  # noqa: F811
    terminal = start(alone, "find / -xdev -name '*.adopt' 2>/dev/null; ls -d /cco-line; ls -A /run/cco; echo en''d; read x")
    terminal.wait_for("end")
    text = terminal.text()
    assert ".adopt" not in text and "cannot access '/cco-line'" in text and "boot" not in text.split()
    assert [path.suffix for path in sorted((alone.runtime / "cco").glob("*.adopt"))] == [".adopt"]
    terminal.type("\r")
    assert terminal.wait() == 0
    terminal.close()
    until(lambda: alone.leftovers() == [])


@pytest.mark.skipif(os.getuid() != 0, reason="only root looks into a process that is not dumpable")
def test_memory_of_init_contains_no_secret_of_the_host(alone):  # noqa: F811
    store = alone.home / ".claude" / ".credentials.json"
    store.parent.mkdir(exist_ok=True)
    store.write_text(json.dumps({"claudeAiOauth": {
        "accessToken": "sk-ant-oat01-access-canary", "refreshToken": "sk-ant-ort01-refresh-canary",
        "expiresAt": 99999999999999, "scopes": ["user:inference"]}}))
    store.chmod(0o600)
    programs = alone.home / "bin"
    programs.mkdir()
    (programs / "claude").write_text(f"#!/bin/sh\nexec sleep {SLEEP}\n")
    (programs / "claude").chmod(0o755)
    del alone.env["ANTHROPIC_API_KEY"]
    alone.env.update(PATH=f"{programs}:{alone.env['PATH']}", HOST_ONLY="environment-canary")
    result = alone.cco(*NATIVE, "--detach")
    assert result.returncode == 0, result.err
    name = result.out.strip()
    until(sleepers)
    assert "access-canary" in (alone.runtime / "cco" / name / "files" / "credentials.json").read_text()
    pid = note(alone, name).split()[0]
    found, read = set(), 0
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            first, last = (int(address, 16) for address in line.split()[0].split("-"))
            if not line.split()[1].startswith("r") or "[v" in line:
                continue
            memory.seek(first)
            data = memory.read(last - first)
            read += len(data)
            found |= {c for c in (b"access-canary", b"refresh-canary", b"environment-canary") if c in data}
    assert found == set() and read > 100000
    assert alone.cco("stop", name).returncode == 0
    until(lambda: alone.leftovers() == [])
