# SPDX-License-Identifier: MIT
"""The sandbox without namespaces: what still holds, and what is refused because it cannot hold."""

import json
import os
import signal
import socket
import subprocess

import pytest

from landlock_only import DAEMONS, LANDLOCK, NEEDED, PYTHON, landlock_only, mark, running  # noqa: F401
from conftest import until

pytestmark = NEEDED


def test_home_belongs_to_the_session(landlock_only):
    (landlock_only.home / ".gitconfig").write_text("[user]\n\tname = Ann\n")
    (landlock_only.home / ".claude" / "hooks").mkdir(parents=True)
    (landlock_only.home / ".claude" / "settings.json").write_text('{"model":"x"}')
    (landlock_only.home / ".claude" / "projects").mkdir()
    result = landlock_only.cco("shell", "cat ~/.gitconfig ~/.claude/settings.json; cd; pwd; touch .bashrc x; "
                      "echo a > $(echo ~/.claude/projects/*)/a; echo b > ~/.claude/settings.json; echo c > ~/.claude/hooks/c; "
                      "echo d > ~/.gitconfig; echo $TMPDIR; echo e > $TMPDIR/e; cat $TMPDIR/e")
    assert "name = Ann" in result.out and '"model"' in result.out
    assert str(landlock_only.box.runtime) in result.out and "\ne\n" in result.out
    assert [p.read_text() for p in (landlock_only.home / ".claude" / "projects").glob("*/a")] == ["a\n"]
    assert (landlock_only.home / ".claude" / "settings.json").read_text() == '{"model":"x"}'
    assert (landlock_only.home / ".gitconfig").read_text() == "[user]\n\tname = Ann\n"
    assert not (landlock_only.home / ".claude" / "hooks" / "c").exists() and not (landlock_only.home / ".bashrc").exists()
    assert landlock_only.box.leftovers() == []


def test_everything_in_the_home_is_removed(landlock_only):
    """Deep trees, directories that cannot be written, and links that lead out."""
    (landlock_only.home / "kept").write_text("kept")
    assert landlock_only.cco("shell", PYTHON, "-c", f"""
import os
os.chdir(os.environ["HOME"])
os.symlink({str(landlock_only.home)!r}, "out")
os.mkdir("locked"); open("locked/f", "w"); os.chmod("locked", 0o500)
for _ in range(500):
    os.mkdir("d"); open("f", "w"); os.chdir("d")
""").returncode == 0
    assert landlock_only.box.leftovers() == [] and (landlock_only.home / "kept").read_text() == "kept"


def test_link_in_place_of_claudes_state_is_not_followed(landlock_only):
    secret = landlock_only.home / ".claude" / ".credentials.json"
    secret.parent.mkdir()
    secret.write_text('{"claudeAiOauth":{"refreshToken":"sk-ant-ort-secret"}}')
    state = landlock_only.home / ".claude.json"
    state.write_text('{"theme":"dark"}')
    assert landlock_only.cco("shell", f"rm ~/.claude.json; ln -s '{secret}' ~/.claude.json").returncode == 0
    assert "secret" not in state.read_text() and json.loads(state.read_text())["theme"] == "dark"


TRIES = r"""
import os, sys
def t(name, f):
    try:
        f()
        print(name, "OPEN")
    except OSError as e:
        print(name, e.errno)
home, other, pid = sys.argv[1:4]
t("read", lambda: open(home + "/secret").read())
t("list", lambda: os.listdir(home))
t("write", lambda: open(home + "/planted", "w"))
t("append", lambda: open(home + "/secret", "a"))
t("truncate", lambda: os.truncate(home + "/secret", 0))
t("unlink", lambda: os.unlink(home + "/secret"))
t("rename", lambda: os.rename(home + "/secret", home + "/moved"))
t("rename-in", lambda: os.rename(home + "/secret", "moved"))
t("link", lambda: os.link(home + "/secret", "linked"))
t("mkdir", lambda: os.mkdir(home + "/d"))
t("symlink", lambda: os.symlink("x", home + "/l"))
os.symlink(home + "/secret", "way-out")
t("by-link", lambda: open("way-out").read())
t("by-root", lambda: open("/proc/self/root" + home + "/secret").read())
t("by-cwd", lambda: open(f"/proc/{pid}/cwd/../secret").read())
t("by-fd", lambda: open(f"/proc/{pid}/fd/0").read())
t("run-dir", lambda: os.listdir(other))
t("tmp", lambda: os.listdir("/tmp"))
t("tmp-write", lambda: open("/tmp/planted-by-a-test", "w"))
t("shm", lambda: open("/dev/shm/planted-by-a-test", "w"))
t("root", lambda: os.listdir("/"))
t("dev", lambda: open("/dev/ptmx"))
t("core", lambda: open("/proc/sys/kernel/core_pattern", "w"))
t("environ", lambda: open(f"/proc/{pid}/environ").read())
t("mem", lambda: open(f"/proc/{pid}/mem").read(1))
t("init-mem", lambda: open(f"/proc/{os.getppid()}/mem").read(1))
t("init-environ", lambda: open(f"/proc/{os.getppid()}/environ").read())
t("setuid", lambda: os.chmod("way", 0o4755))
"""

# EACCES by Landlock, EXDEV for a name in another directory, EPERM by the filter
EXPECTED = {"rename-in": (13, 18), "link": (13, 18), "setuid": (1, 2)}


def test_host_files_are_not_accessible(landlock_only, tmp_path):
    (landlock_only.home / "secret").write_text("secret")
    other = subprocess.Popen([PYTHON, "-c", "import time; print(flush=True); time.sleep(300)"], cwd=landlock_only.project,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    other.stdout.readline()
    try:
        result = landlock_only.cco("shell", PYTHON, "-c", TRIES, str(landlock_only.home), str(landlock_only.box.runtime), str(other.pid))
    finally:
        other.kill()
        other.wait()
    assert result.returncode == 0, result.err
    got = dict(line.split() for line in result.out.splitlines())
    assert len(got) == TRIES.count("\nt(")
    for name, error in got.items():
        assert error != "OPEN" and int(error) in EXPECTED.get(name, (13,)), f"{name}: {error}"
    assert (landlock_only.home / "secret").read_text() == "secret" and not (landlock_only.home / "planted").exists()


def test_files_of_root_are_not_readable(landlock_only):
    if os.getuid() != 0 or not os.path.exists("/etc/shadow"):
        pytest.skip("the kernel sees to that for everybody but root")
    result = landlock_only.cco("shell", "cat /etc/shadow; cat /etc/passwd > /dev/null && ls /etc > /dev/null && echo rest")
    assert result.out == "rest\n" and "/etc/shadow: Permission denied" in result.err


def test_other_processes_cannot_be_touched(landlock_only):
    if LANDLOCK < 6:
        pytest.skip("Landlock of this kernel does not see signals")
    other = subprocess.Popen([PYTHON, "-c", "import time; print(flush=True); time.sleep(300)"], stdout=subprocess.PIPE)
    other.stdout.readline()
    out = landlock_only.inside(f"""
import os, ctypes
libc = ctypes.CDLL(None, use_errno=True)
for pid in ({other.pid}, os.getppid()):
    for number in (9, 15, 0):
        try:
            os.kill(pid, number)
            print("OPEN")
        except PermissionError:
            pass
    if libc.ptrace(16, pid, 0, 0) == 0:  # attach
        print("TRACED")
""")
    assert out == "" and other.poll() is None
    other.kill()
    other.wait()


def test_local_sockets_are_refused(landlock_only, tmp_path):
    path = str(tmp_path / "s")
    heard = []
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as packets:
        listener.bind(path)
        listener.listen()
        listener.settimeout(0.5)
        packets.bind(path + "d")
        packets.settimeout(0.5)
        out = landlock_only.inside(f"""
import socket
def t(f):
    try:
        f()
        print("OPEN")
    except OSError as e:
        print(e.errno)
t(lambda: socket.socket(socket.AF_UNIX).connect({path!r}))
t(lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", {path + 'd'!r}))
t(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", {path + 'd'!r}))
a, b = socket.socketpair()
t(lambda: a.connect({path!r}))
a.sendall(b"pair")
print(b.recv(9).decode())
""")
        assert out.split() == ["97", "97", "97", "106", "pair"]
        for s, name in ((listener, "accept"), (packets, "recv")):
            with pytest.raises(TimeoutError):
                heard.append(s.accept() if name == "accept" else s.recv(9))
    assert heard == []


def test_shared_memory_of_other_processes_is_refused(landlock_only):
    out = landlock_only.inside("import ctypes; libc = ctypes.CDLL(None, use_errno=True)\n"
                      "print(libc.shmget(0x1234, 4096, 0o1600), ctypes.get_errno())")
    assert out == "-1 1\n"


@pytest.mark.parametrize("args", [
    ("--network", "none"), ("--deny", "secret"), ("--ro", "vendor"), ("--allow-userns",)])
def test_options_that_need_namespaces_are_refused(landlock_only, args):
    (landlock_only.project / "secret").mkdir()
    (landlock_only.project / "vendor").mkdir()
    result = landlock_only.cco(*args, "shell", "touch started")
    assert result.returncode == 125 and args[0] in result.err and "namespaces" in result.err
    assert not (landlock_only.project / "started").exists() and landlock_only.box.leftovers() == []


def test_paths_of_options_are_accessible(landlock_only, tmp_path):
    for name in ("read", "write"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f").write_text(name)
    result = landlock_only.cco("--ro", str(tmp_path / "read"), "--add-dir", str(tmp_path / "write"), "shell",
                      f"cat {tmp_path}/read/f {tmp_path}/write/f; echo x > {tmp_path}/read/g; echo x > {tmp_path}/write/g")
    assert "readwrite" in result.out and result.err.count("Permission denied") == 1
    assert (tmp_path / "write" / "g").exists() and not (tmp_path / "read" / "g").exists()


def test_nothing_outlives_the_session(landlock_only):
    sign = mark()
    result = landlock_only.cco("shell", PYTHON, "-c", DAEMONS, sign, "0.3")
    assert result.returncode == 0, result.err
    assert running(sign) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_nothing_outlives_cco(landlock_only, how):
    sign = mark()
    process = subprocess.Popen(landlock_only.argv("shell", PYTHON, "-c", DAEMONS, sign, "300"), cwd=landlock_only.project, env=landlock_only.env,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: len([p for p in running(sign) if os.path.exists(f"/proc/{p}/exe")]) >= 4)
    process.send_signal(how)
    process.wait(timeout=30)
    until(lambda: running(sign) == [])
    landlock_only.cco("shell", "true")  # the next session removes what a killed one left
    assert landlock_only.box.leftovers() == []


def test_etc_of_the_host_is_not_changed(landlock_only):
    names = ["/etc/passwd", "/etc/group", "/etc/hosts", "/etc/timezone", "/etc/localtime", "/etc/shadow"]
    before = [(n, os.lstat(n).st_mtime_ns, os.lstat(n).st_ino) for n in names if os.path.lexists(n)]
    assert landlock_only.cco("shell", "true").returncode == 0
    assert [(n, os.lstat(n).st_mtime_ns, os.lstat(n).st_ino) for n in names if os.path.lexists(n)] == before
