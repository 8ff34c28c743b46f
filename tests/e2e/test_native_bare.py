# SPDX-License-Identifier: MIT
"""The sandbox without an engine where namespaces are forbidden: what still holds, what is refused, and what is said."""

import ctypes
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading

import pytest

from conftest import CCO, TIMEOUT, until
from standin import StandIn
from terminal import Terminal

FORBID = str(pathlib.Path(__file__).with_name("forbid.py"))
PYTHON = "/usr/bin/python3"
LANDLOCK = ctypes.CDLL(None, use_errno=True).syscall(444, None, 0, 1)
LINE = re.compile(r"cco: no namespaces \((.*)\): Landlock and a filter of system calls alone .*\n")

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="Linux only"),
    pytest.mark.skipif(LANDLOCK < 1, reason="no Landlock in this kernel"),
    pytest.mark.skipif(not os.path.exists(PYTHON), reason="no python3 of the system's"),
]


class Bare:
    """cco on a machine that forbids something."""

    def __init__(self, box, what):
        self.box, self.what = box, what
        self.project, self.home, self.env = box.project, box.home, box.env

    def argv(self, *args):
        return [PYTHON, FORBID, self.what, CCO, "--engine", "native", *args]

    def cco(self, *args, stdin=b"", cwd=None, prefix=()):
        result = subprocess.run([*prefix, *self.argv(*args)], input=stdin, capture_output=True, timeout=TIMEOUT,
                                cwd=cwd or self.project, env=self.env, check=False)
        result.out = result.stdout.decode(errors="replace")
        result.err = result.stderr.decode(errors="replace")
        return result

    def inside(self, script):
        """A script of Python's, which prints what it finds out."""
        result = self.cco("shell", PYTHON, "-c", script)
        assert result.returncode == 0, result.err
        return result.out


@pytest.fixture
def bare(box):
    return Bare(box, "namespaces")


def alone(err):
    """What cco has said: one line, and nothing else."""
    found = LINE.fullmatch(err)
    assert found, err
    return found[1]


@pytest.mark.parametrize("what, why", [("namespaces", "forbids new namespaces"), ("mounts", "forbids mounts")])
def test_a_session_with_less_says_so_in_one_line(box, what, why):
    bare = Bare(box, what)
    result = bare.cco("shell", "pwd; echo new > file; id -u; cat; exit 7", stdin=b"given\n")
    assert result.returncode == 7
    assert result.out == f"{bare.project}\n{os.getuid()}\ngiven\n"
    assert why in alone(result.err)
    assert (bare.project / "file").read_text() == "new\n"
    assert (bare.project / "file").stat().st_uid == os.getuid()
    assert box.leftovers() == []


def test_exit_statuses(bare):
    assert bare.cco("shell", "kill -TERM $$").returncode == 143
    assert bare.cco("shell", "no-such-program", "x").returncode == 127
    assert bare.cco("shell", "/etc/passwd", "x").returncode == 126


def test_a_plan_that_is_shown(bare):
    result = bare.cco("--dry-run", "shell")
    plan = json.loads(result.out)
    assert result.returncode == 0 and result.err == ""
    assert any("no namespaces (" in line for line in plan["warnings"])
    assert str(bare.box.runtime) in json.dumps(plan["user"]) + json.dumps(plan)


def test_info_tells_which_walls_stand(bare):
    result = bare.cco("info", "--json")
    walls = json.loads(result.out)["walls"]
    stands = {wall["name"]: wall["stands"] for wall in walls["list"]}
    assert walls["in_use"] and walls["ready"] and walls["sandbox"] == "bare"
    assert stands["landlock"] and stands["filter"] and not stands["namespaces"]
    assert "forbids new namespaces" in next(w["text"] for w in walls["list"] if w["name"] == "namespaces")
    text = bare.cco("info")
    assert "Landlock ABI" in text.out and "not: namespaces, processes, network" in text.out and text.err == ""
    none = json.loads(Bare(bare.box, "namespaces,landlock").cco("info", "--json").out)
    assert none["walls"]["sandbox"] == "none" and not none["ready"] and not none["walls"]["ready"]
    assert bare.box.leftovers() == []


def test_require_full_refuses(bare):
    result = bare.cco("--require", "full", "shell", "touch started")
    assert result.returncode == 125 and "--require full" in result.err and "forbids new namespaces" in result.err
    assert not (bare.project / "started").exists() and bare.box.leftovers() == []


def test_without_landlock_either_nothing_runs(box):
    result = Bare(box, "namespaces,landlock").cco("shell", "touch started")
    assert result.returncode == 125 and "no Landlock either" in result.err
    assert not (box.project / "started").exists() and box.leftovers() == []


@pytest.mark.parametrize("call", ["clone", "mount"])
def test_a_fault_is_no_reason_for_less(box, call):
    result = Bare(box, f"io={call}").cco("shell", "touch started")
    assert result.returncode == 125 and "Landlock" not in result.err and result.err
    assert not (box.project / "started").exists() and box.leftovers() == []


def nested(script):
    """In a user namespace whose root we are."""
    argv = ["/usr/bin/unshare", "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script + '; exec "$@"', "sh"]
    if subprocess.run([*argv, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("no namespaces to try that in")
    return argv


def test_no_namespaces_left_by_the_limit(box):
    argv = nested("echo 0 > /proc/sys/user/max_user_namespaces")
    result = subprocess.run([*argv, CCO, "--engine", "native", "shell", "echo here"], capture_output=True,
                            cwd=box.project, env=box.env, text=True, timeout=TIMEOUT, check=False)
    assert (result.returncode, result.stdout) == (0, "here\n"), result.stderr
    assert alone(result.stderr) == "user.max_user_namespaces is 0"
    result = subprocess.run([*argv, CCO, "--engine", "native", "--require", "full", "shell", "echo here"],
                            capture_output=True, cwd=box.project, env=box.env, text=True, timeout=TIMEOUT, check=False)
    assert result.returncode == 125 and "sysctl user.max_user_namespaces=" in result.stderr


def test_a_proc_that_is_covered(box):
    argv = nested("mount --bind /dev/null /proc/uptime")
    result = subprocess.run([*argv, CCO, "--engine", "native", "shell", "echo here"], capture_output=True,
                            cwd=box.project, env=box.env, text=True, timeout=TIMEOUT, check=False)
    assert (result.returncode, result.stdout) == (0, "here\n"), result.stderr
    assert "parts of /proc are covered" in alone(result.stderr)


def test_the_home_is_the_sessions_own(bare):
    (bare.home / ".gitconfig").write_text("[user]\n\tname = Ann\n")
    (bare.home / ".claude" / "hooks").mkdir(parents=True)
    (bare.home / ".claude" / "settings.json").write_text('{"model":"x"}')
    (bare.home / ".claude" / "projects").mkdir()
    result = bare.cco("shell", "cat ~/.gitconfig ~/.claude/settings.json; cd; pwd; touch .bashrc x; "
                      "echo a > ~/.claude/projects/a; echo b > ~/.claude/settings.json; echo c > ~/.claude/hooks/c; "
                      "echo d > ~/.gitconfig; echo $TMPDIR; echo e > $TMPDIR/e; cat $TMPDIR/e")
    assert "name = Ann" in result.out and '"model"' in result.out
    assert str(bare.box.runtime) in result.out and "\ne\n" in result.out
    assert (bare.home / ".claude" / "projects" / "a").read_text() == "a\n"
    assert (bare.home / ".claude" / "settings.json").read_text() == '{"model":"x"}'
    assert (bare.home / ".gitconfig").read_text() == "[user]\n\tname = Ann\n"
    assert not (bare.home / ".claude" / "hooks" / "c").exists() and not (bare.home / ".bashrc").exists()
    assert bare.box.leftovers() == []


def test_whatever_is_in_the_home_goes(bare):
    """Deep nests, directories that cannot be written, links out of it."""
    (bare.home / "kept").write_text("kept")
    assert bare.cco("shell", PYTHON, "-c", f"""
import os
os.chdir(os.environ["HOME"])
os.symlink({str(bare.home)!r}, "out")
os.mkdir("locked"); open("locked/f", "w"); os.chmod("locked", 0o500)
for _ in range(500):
    os.mkdir("d"); open("f", "w"); os.chdir("d")
""").returncode == 0
    assert bare.box.leftovers() == [] and (bare.home / "kept").read_text() == "kept"


def test_a_link_in_place_of_claudes_state_brings_nothing_home(bare):
    secret = bare.home / ".claude" / ".credentials.json"
    secret.parent.mkdir()
    secret.write_text('{"claudeAiOauth":{"refreshToken":"sk-ant-ort-secret"}}')
    state = bare.home / ".claude.json"
    state.write_text('{"theme":"dark"}')
    assert bare.cco("shell", f"rm ~/.claude.json; ln -s '{secret}' ~/.claude.json").returncode == 0
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

# EACCES of Landlock, EXDEV for a name that would lead to another directory, EPERM of the filter
EXPECTED = {"rename-in": (13, 18), "link": (13, 18), "setuid": (1, 2)}


def test_this_machines_files_stay_shut(bare, tmp_path):
    (bare.home / "secret").write_text("secret")
    other = subprocess.Popen([PYTHON, "-c", "import time; print(flush=True); time.sleep(300)"], cwd=bare.project,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    other.stdout.readline()
    try:
        result = bare.cco("shell", PYTHON, "-c", TRIES, str(bare.home), str(bare.box.runtime), str(other.pid))
    finally:
        other.kill()
        other.wait()
    assert result.returncode == 0, result.err
    got = dict(line.split() for line in result.out.splitlines())
    assert len(got) == TRIES.count("\nt(")
    for name, error in got.items():
        assert error != "OPEN" and int(error) in EXPECTED.get(name, (13,)), f"{name}: {error}"
    assert (bare.home / "secret").read_text() == "secret" and not (bare.home / "planted").exists()


def test_what_only_root_may_read_stays_shut(bare):
    if os.getuid() != 0 or not os.path.exists("/etc/shadow"):
        pytest.skip("the kernel sees to that for everybody but root")
    result = bare.cco("shell", "cat /etc/shadow; cat /etc/passwd > /dev/null && ls /etc > /dev/null && echo rest")
    assert result.out == "rest\n" and "/etc/shadow: Permission denied" in result.err


def test_other_processes_cannot_be_touched(bare):
    if LANDLOCK < 6:
        pytest.skip("Landlock of this kernel does not see signals")
    other = subprocess.Popen([PYTHON, "-c", "import time; print(flush=True); time.sleep(300)"], stdout=subprocess.PIPE)
    other.stdout.readline()
    out = bare.inside(f"""
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


def test_local_sockets_are_out_of_reach(bare, tmp_path):
    path = str(tmp_path / "s")
    heard = []
    with socket.socket(socket.AF_UNIX) as listener, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as packets:
        listener.bind(path)
        listener.listen()
        listener.settimeout(0.5)
        packets.bind(path + "d")
        packets.settimeout(0.5)
        out = bare.inside(f"""
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


def test_memory_of_others_by_number(bare):
    out = bare.inside("import ctypes; libc = ctypes.CDLL(None, use_errno=True)\n"
                      "print(libc.shmget(0x1234, 4096, 0o1600), ctypes.get_errno())")
    assert out == "-1 1\n"


@pytest.mark.parametrize("args", [
    ("--network", "none"), ("--deny", "secret"), ("--ro", "vendor"), ("--allow-userns",)])
def test_what_needs_namespaces_is_refused(bare, args):
    (bare.project / "secret").mkdir()
    (bare.project / "vendor").mkdir()
    result = bare.cco(*args, "shell", "touch started")
    assert result.returncode == 125 and args[0] in result.err and "namespaces" in result.err
    assert not (bare.project / "started").exists() and bare.box.leftovers() == []


def test_what_is_named_can_be_reached(bare, tmp_path):
    for name in ("read", "write"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "f").write_text(name)
    result = bare.cco("--ro", str(tmp_path / "read"), "--add-dir", str(tmp_path / "write"), "shell",
                      f"cat {tmp_path}/read/f {tmp_path}/write/f; echo x > {tmp_path}/read/g; echo x > {tmp_path}/write/g")
    assert "readwrite" in result.out and result.err.count("Permission denied") == 1
    assert (tmp_path / "write" / "g").exists() and not (tmp_path / "read" / "g").exists()


def running(mark):
    """Processes with `mark` among their arguments."""
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark.encode() in entry.read_bytes().split(b"\0"):
                found.append(int(entry.parent.name))
        except OSError:
            pass
    return found


# Out of the session, out of the parent's hands, deaf, and hidden from who may not look into it.
DAEMONS = """
import ctypes, os, signal, sys, time
mark = sys.argv[1]
for kind in range(4):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (1, 2, 15):
                signal.signal(number, signal.SIG_IGN)
            if kind == 3:
                ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
            os.execv("/bin/sleep", ["sleep", mark])
        os._exit(0)
for _ in range(4):
    os.wait()
time.sleep(float(sys.argv[2]))
"""


def mark():
    return f"{3000 + os.getpid() % 1000}.{threading.get_native_id()}"


def test_nothing_outlives_the_session(bare):
    sign = mark()
    result = bare.cco("shell", PYTHON, "-c", DAEMONS, sign, "0.3")
    assert result.returncode == 0, result.err
    assert running(sign) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_nothing_outlives_cco(bare, how):
    sign = mark()
    process = subprocess.Popen(bare.argv("shell", PYTHON, "-c", DAEMONS, sign, "300"), cwd=bare.project, env=bare.env,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: len([p for p in running(sign) if os.path.exists(f"/proc/{p}/exe")]) >= 4)
    process.send_signal(how)
    process.wait(timeout=30)
    until(lambda: running(sign) == [])
    bare.cco("shell", "true")  # the next one removes what a killed one has left
    assert bare.box.leftovers() == []


def test_etc_is_left_alone(bare):
    names = ["/etc/passwd", "/etc/group", "/etc/hosts", "/etc/timezone", "/etc/localtime", "/etc/shadow"]
    before = [(n, os.lstat(n).st_mtime_ns, os.lstat(n).st_ino) for n in names if os.path.lexists(n)]
    assert bare.cco("shell", "true").returncode == 0
    assert [(n, os.lstat(n).st_mtime_ns, os.lstat(n).st_ino) for n in names if os.path.lexists(n)] == before


def test_a_terminal(bare):
    argv = bare.argv("shell")
    terminal = Terminal(argv, bare.env, bare.project)
    terminal.wait_for(Terminal.is_raw)
    terminal.type("stty size; tty; trap 'echo $((6 * 7))x' INT\n")
    terminal.wait_for("24 80").wait_for("/dev/pts/")
    terminal.resize(30, 100)
    terminal.type("\x03")
    terminal.wait_for("42x")
    terminal.type("stty size; exit 5\n")
    terminal.wait_for("30 100")
    assert terminal.wait() == 5


@pytest.fixture
def claude(bare):
    found = shutil.which("claude")
    if found is None:
        pytest.skip("no claude on this machine")
    standin = StandIn()
    bare.env["PATH"] = f"{os.path.dirname(found)}:{bare.env['PATH']}"
    bare.env["ANTHROPIC_BASE_URL"] = standin.url
    (bare.home / ".claude.json").write_text(
        '{"hasCompletedOnboarding":true,"theme":"dark",'
        '"customApiKeyResponses":{"approved":["sk-ant-e2e-secret"],"rejected":[]}}')
    bare.standin = standin
    yield bare
    standin.close()


def test_the_real_claude(claude):
    result = claude.cco("-p", "first question")
    assert (result.returncode, result.out) == (0, claude.standin.answer + "\n"), result.err
    alone(result.err)
    result = claude.cco("--continue", "-p", "second question")
    assert result.returncode == 0, result.err
    assert "first question" in claude.standin.said().splitlines()[-1]
    assert list((claude.home / ".claude" / "projects").iterdir()) and claude.box.leftovers() == []


def in_docker(engine_socket, *args):
    docker = shutil.which("docker")
    if docker is None:
        pytest.skip("no docker program")
    return subprocess.run([docker, "-H", f"unix://{engine_socket}", "run", "--rm", "-i", "-v",
                           f"{CCO}:/usr/local/bin/cco:ro", *args], capture_output=True, text=True,
                          timeout=TIMEOUT, check=False)


@pytest.mark.parametrize("options", [(), ("--user", "1234:1234", "-e", "HOME=/tmp/home"), ("--cap-drop", "ALL")])
def test_in_a_container_of_docker(box, engine_socket, options):
    box.project.chmod(0o777)
    result = in_docker(engine_socket, "-v", f"{box.project}:/work", "-w", "/work", *options, "debian:trixie-slim",
                       "sh", "-c", "mkdir -p $HOME; cco --engine native shell "
                       "'echo made > file; cat /root/x; id -u; exit 9'; echo status $?; ls $HOME /tmp")
    assert "status 9" in result.stdout, result.stderr
    assert "cco: no namespaces (the container around cco forbids new namespaces)" in result.stderr
    assert (box.project / "file").read_text() == "made\n"


def test_a_container_that_allows_them(box, engine_socket):
    result = in_docker(engine_socket, "-v", f"{box.project}:/work", "-w", "/work", "--security-opt", "seccomp=unconfined", "--security-opt",
                       "systempaths=unconfined", "debian:trixie-slim", "cco", "--engine", "native", "--require",
                       "full", "shell", "echo $$; ls -d /root; exit 3")
    assert result.returncode == 3 and not result.stderr.startswith("cco:"), result.stderr


def test_a_session_in_the_background(bare):
    """Left by the detach key and come back to; taken up once more after its cco was killed; ended by stop."""
    sign = mark()
    terminal = Terminal(bare.argv("--name", "b", "shell"), bare.env, bare.project)
    terminal.wait_for(Terminal.is_raw)
    terminal.type(f"setsid sleep {sign} & echo $((6 * 7))x\n")
    terminal.wait_for("42x")
    until(lambda: running(sign))
    terminal.type("\x1cd")
    assert terminal.wait() == 0
    listed = subprocess.run([CCO, "sessions", "--json"], env=bare.env, cwd=bare.project, capture_output=True, check=False)
    found = json.loads(listed.stdout)
    assert [s["name"] for s in found] == ["cco-b"], listed
    again = Terminal([CCO, "attach", "b"], bare.env, bare.project)
    again.wait_for("42x").wait_for(Terminal.is_raw)
    again.type("echo $((7 * 7))y\n")
    again.wait_for("49y")
    again.type("\x1cd")
    assert again.wait() == 0 and running(sign)
    stopped = subprocess.run([CCO, "stop", "b"], env=bare.env, cwd=bare.project, capture_output=True, check=False,
                             timeout=TIMEOUT)
    assert stopped.returncode == 0, stopped.stderr
    until(lambda: not running(sign))
    until(lambda: bare.box.leftovers() == [])


def test_a_killed_cco_leaves_a_session_that_can_be_taken_up(bare):
    sign = mark()
    terminal = Terminal(bare.argv("--name", "k", "shell"), bare.env, bare.project)
    terminal.wait_for(Terminal.is_raw)
    terminal.type(f"setsid sleep {sign} & echo $((6 * 7))x\n")
    terminal.wait_for("42x")
    until(lambda: running(sign))
    terminal.kill()
    again = Terminal([CCO, "attach", "k"], bare.env, bare.project)
    again.wait_for(Terminal.is_raw)
    again.type("echo $((7 * 7))y\n")
    again.wait_for("49y")
    assert running(sign)
    again.type("exit 4\n")
    assert again.wait() == 4
    until(lambda: not running(sign))
    assert bare.box.leftovers() == []
