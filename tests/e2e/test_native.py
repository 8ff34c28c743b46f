# SPDX-License-Identifier: MIT
"""What is particular to native sessions: which parts of this machine are visible, claude wherever it is installed, and
that nothing stays behind. As root and as an ordinary user.
"""

import io
import json
import os
import pathlib
import pwd
import re
import shutil
import socket
import subprocess
import tempfile

import pytest

from conftest import CCO, ENGINE, ROOT, as_another_user, native_only, until
from natively import first_processes
from terminal import Terminal

pytestmark = native_only("this machine's own files: CCO_TEST_ENGINE=native")

KNOWN = ("/var/run/docker.sock", "/run/podman/podman.sock")
STANDARD = "/usr/bin:/bin"


@pytest.fixture
def inside(real):
    def run(script, *args, **kwargs):
        return real.cco(*args, "shell", script, **kwargs)
    run.box = real
    yield run
    assert real.leftovers() == []
    until(lambda: not any(str(real.home) in points for _, points in first_processes()))


def install(path, text, mode=0o755):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def link(path, target):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def test_native_is_used_if_no_engine_answers(real):
    """`--engine auto` chooses native. The other tests of this file name the engine."""
    del real.env["CCO_ENGINE"]
    if any(os.path.exists(path) for path in KNOWN):
        pytest.skip("an engine may answer on this machine")
    for words in ((), ("--engine", "auto")):
        result = real.cco(*words, "shell", "echo inside; cat /proc/sys/kernel/core_pattern >/dev/null; exit 7")
        assert (result.returncode, result.out) == (7, "inside\n"), result.err
    assert json.loads(real.cco("--dry-run", "shell", "true").out)["engine"] == "native"


def test_named_engine_is_never_replaced_by_native(real):
    del real.env["CCO_ENGINE"]
    real.env["DOCKER_HOST"] = f"unix://{real.home}/nothing"
    result = real.cco("shell", "true")
    assert result.returncode == 125 and "native" in result.err
    assert real.cco("--engine", "native", "shell", "exit 3").returncode == 3


def test_engine_is_chosen_by_the_configuration(real):
    del real.env["CCO_ENGINE"]
    real.env["DOCKER_HOST"] = f"unix://{real.home}/nothing"
    install(real.home / ".config/cco/config", "engine = native\n", 0o644)
    assert real.cco("shell", "exit 4").returncode == 4
    assert real.cco("shell", "exit 4", env={"CCO_ENGINE": "docker"}).returncode == 125


@pytest.mark.parametrize("option", ["--image=debian", "--packages=jq", "--sudo", "--publish=8080", "--network=bridge", "--docker"])
def test_options_that_need_an_engine_are_refused_with_the_reason(real, option):
    result = real.cco(option, "shell", "echo ran")
    assert result.returncode == 2 and result.out == "", result.err
    assert option.split("=", 1)[0] in result.err and "native" in result.err, result.err
    assert real.leftovers() == []


def listings(inside, **kwargs):
    """Returns what the users' directories contain, by directory; missing directories are left out."""
    result = inside("for d in /home /root /mnt /srv /boot /media /tmp /var/tmp; do test ! -e $d || { echo \"= $d\"; ls -A1 $d; }; done", **kwargs)
    assert result.err == "", result.err
    parts = [part.splitlines() for part in ("\n" + result.out).split("\n= ")[1:]]
    return {part[0]: set(part[1:]) for part in parts}


def leading_to(*paths):
    """Returns the expected content of those directories if only these paths are in the sandbox. The temporary
    directories always exist.
    """
    found = {"/tmp": set(), "/var/tmp": set()}
    for path in paths:
        for top in path.parents:
            if str(top) in ("/home", "/root", "/mnt", "/srv", "/boot", "/media", "/tmp", "/var/tmp"):
                found.setdefault(str(top), set()).add(path.relative_to(top).parts[0])
    return found


def test_homes_of_the_host_are_not_visible(inside):
    """Only the home of the session exists, and claude if it is installed in a home."""
    home = inside.box.home
    claude = pathlib.Path(shutil.which("claude", path=inside.box.env["PATH"])).parent.parent
    assert inside("ls -A1 $HOME", env={"PATH": STANDARD}).out.splitlines() == [".claude", ".claude.json", "my project"]
    assert listings(inside, env={"PATH": STANDARD}) == leading_to(home)
    install(home / ".profile", "", 0o600)
    assert listings(inside) == leading_to(home, claude)
    result = inside("find /home /root $HOME -name '.*' -type f")
    assert [path for path in result.out.splitlines()
            if not path.startswith((f"{home}/.claude", f"{claude}/"))] == [], result.out


@pytest.mark.parametrize("top", ["/opt", "/usr/local"])
def test_what_only_a_group_may_read_is_not_readable(real, top):
    """The user is in the groups, which the sandbox cannot leave, and the owner of a file."""
    if os.getuid() != 0:
        pytest.skip("only root can make files in a directory of this machine")
    machine = pathlib.Path(tempfile.mkdtemp(prefix="cco-test-", dir=top))
    try:
        machine.chmod(0o755)
        for name, mode, owner, group in (("primary", 0o640, 0, 4242), ("supplementary", 0o640, 0, 4243), ("own", 0o600, 4242, 0),
                                         ("all", 0o644, 0, 4242), ("sub/supplementary", 0o440, 0, 4243),
                                         ("closed/file", 0o644, 0, 0)):
            install(machine / name, f"text of {name}\n", mode)
            os.chown(machine / name, owner, group)
        (machine / "closed").chmod(0o750)
        os.chown(machine / "closed", 0, 4243)
        (machine / "sub").chmod(0o755)
        script = f"cd {machine} && cat primary supplementary own sub/supplementary closed/file all"
        as_another_user(real, "shell", "true")  # makes the box that user's
        command = ["setpriv", "--reuid=4242", "--regid=4242", "--groups=4242,4243"]
        outside = subprocess.run([*command, "sh", "-c", script], capture_output=True, text=True, check=False)
        assert outside.stdout.count("text of") == 6, outside.stderr
        for engine in ([], ["/usr/bin/python3", str(ROOT / "tests" / "e2e" / "forbid.py"), "namespaces"]):
            result = subprocess.run([*command, *engine, real.home.parent / "cco", "shell", script], cwd=real.project, env=real.env,
                                    capture_output=True, text=True, timeout=120, check=False)
            assert "text of all" in result.stdout and result.stdout.count("text of") == 1, (result.stdout, result.stderr)
    finally:
        shutil.rmtree(machine)


def test_files_of_root_are_not_readable(inside):
    result = inside("cat /etc/shadow /etc/gshadow /etc/sudoers; ls /etc/ssl/private; cat /etc/passwd >/dev/null && echo fine")
    assert result.out == "fine\n" and len(result.err.splitlines()) >= 3


def test_system_directories_are_read_only(inside):
    for top in ("/", "/usr", "/usr/bin", "/etc", "/opt", "/lib", "/var", "/proc", "/sys", "/dev"):
        if os.path.isdir(top):
            result = inside(f"touch {top}/cco-was-here")
            assert result.returncode != 0 and not os.path.exists(f"{top}/cco-was-here"), (top, result.err)
    result = inside("for d in /tmp /var/tmp /dev/shm $HOME .; do touch $d/x && echo $d; done")
    assert result.out.split("\n")[:-1] == ["/tmp", "/var/tmp", "/dev/shm", str(inside.box.home), "."]
    assert not os.path.exists("/tmp/x") and not os.path.exists("/dev/shm/x") and not (inside.box.home / "x").exists()


def test_only_the_listed_devices_exist(inside):
    result = inside("cd /dev; for f in * */*; do test -b $f && echo block; test -c $f && echo $f; done; "
                    "head -c 4 /dev/urandom | wc -c; echo x >/dev/null; head -c 3 /dev/zero | wc -c; cat /dev/zero >/dev/full")
    expected = "full null ptmx random tty urandom zero pts/ptmx 4 3".split()
    assert result.out.split() == expected and "No space left" in result.err


def test_host_processes_are_not_visible(inside):
    here = subprocess.Popen(["sleep", "4241"])
    try:
        result = inside("grep -la 4241 /proc/[0-9]*/cmdline; ls -d /proc/[0-9]* | wc -l; "
                        f"kill -0 {here.pid} && echo reached")
        assert result.returncode != 0 and int(result.out.split()[-1]) <= 5 and "reached" not in result.out
        assert here.poll() is None
    finally:
        here.kill()
        here.wait()


def test_network_none(inside):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ask = f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo connected"
        assert inside.box.cco("shell", "bash", "-c", ask).out == "connected\n"
        result = inside.box.cco("--network", "none", "shell", "bash", "-c", ask + "; tail -n +3 /proc/net/dev | cut -d: -f1")
    assert result.out.split() == ["lo"], "where nothing listens"


def test_deny_and_ro_hold(inside):
    beside = inside.box.home / "beside"
    install(beside / "file", "text", 0o644)
    (inside.box.project / "hidden").mkdir()
    install(inside.box.project / "hidden" / "key", "secret", 0o600)
    result = inside("cat hidden/key; cat ../beside/file; echo x >../beside/file; ls -A hidden", "--ro", str(beside),
                    "--deny", str(inside.box.project / "hidden"), "--deny", "/etc/hosts")
    assert result.out == "text" and "Read-only" in result.err
    assert (inside.box.project / "hidden" / "key").read_text() == "secret" and (beside / "file").read_text() == "text"
    assert inside("cat /etc/hosts", "--deny", "/etc/hosts").out == ""


@pytest.mark.parametrize("how", ["&", "setsid", "nohup", "disown"])
def test_nothing_outlives_the_session(inside, how):
    word = f"42{os.getpid() % 10000:05}{['&', 'setsid', 'nohup', 'disown'].index(how)}"
    script = {"&": f"sleep {word} &", "setsid": f"setsid -f sleep {word}", "nohup": f"nohup sleep {word} >/dev/null 2>&1 &",
              "disown": f"bash -c '(trap \"\" TERM HUP INT; sleep {word}) >/dev/null 2>&1 </dev/null & disown'"}[how]
    result = inside(f"({script}) >/dev/null 2>&1; until grep -qa {word} /proc/[0-9]*/cmdline; do :; done; echo up; exit 6",
                    timeout=30)
    assert (result.returncode, result.out) == (6, "up\n"), result.err
    running = [p for p in pathlib.Path("/proc").glob("[0-9]*/cmdline") if word.encode() in read(p)]
    assert running == []


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def ranges(path):
    """Returns the id ranges that we may use: first, count."""
    names = {str(os.getuid()), pwd.getpwuid(os.getuid()).pw_name}
    with open(path) if os.path.exists(path) else io.StringIO() as lines:
        fields = [line.strip().split(":") for line in lines]
    return [(int(first), int(count)) for name, first, count in fields if name in names]


def test_id_maps_with_and_without_subids(inside):
    """The sandbox has one id. With --subids it has the user's ranges as well, if there are any. The names of the ids
    stay.
    """
    script = "cat /proc/self/uid_map; echo; cat /proc/self/gid_map; cat /proc/self/setgroups"
    users, groups, who = ranges("/etc/subuid"), ranges("/etc/subgid"), (os.getuid(), os.getgid())
    for words in ((), ("--subids",)):
        result = inside(script, *words)
        if words and not (users and groups and shutil.which("newuidmap") and shutil.which("newgidmap")):
            assert (result.returncode, result.out) == (125, "") and "--subids: " in result.err, result.err
            continue
        assert result.returncode == 0, result.err
        parts = [[tuple(map(int, row.split())) for row in part.splitlines() if row[-1:].isdigit()]
                 for part in result.out.split("\n\n")]
        for rows, own, more in zip(parts, who, (users, groups)):
            assert rows == [(own, own, 1)] + [(first, first, count) for first, count in more if words]
        assert result.out.endswith("deny\n")


def mounts_here():
    """Returns this machine's mounts, without those that engines make for containers; cco makes none of that kind."""
    rows = [line.split(" ") for line in pathlib.Path("/proc/self/mounts").read_text().splitlines()]
    return [row for row in rows if row[2] not in ("overlay", "nsfs") and not re.search("/(overlay-)?containers/", row[1])]


def test_nothing_is_mounted_on_the_host(inside):
    before = mounts_here()
    result = inside("echo $PPID")
    assert result.out == "1\n" and mounts_here() == before


def test_command_runs_as_the_user(inside):
    """The names of user and group are those of this machine."""
    result = inside("id -u; id -g; whoami; hostname; stat -c %U . /usr")
    name = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    words = result.out.split()
    assert words[:3] == [str(os.getuid()), str(os.getgid()), name] and words[3] == os.uname().nodename
    assert words[4] == name


def claude_is(box, path, *args):
    box.env["PATH"] = f"{path}:{STANDARD}"
    result = box.cco("--", *args)
    assert result.returncode == 0, result.err
    return result.out


def without_claude():
    return shutil.which("claude", path=STANDARD) is None


def real_claude():
    return pathlib.Path(shutil.which("claude", path=ENGINE.env["PATH"])).resolve()


def take(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


def test_claude_from_its_own_installer(inside):
    """~/.local/bin/claude is a link to a file beside others."""
    box = inside.box
    version = box.home / ".local/share/claude/versions/2.0.1"
    take(real_claude(), version)
    link(box.home / ".local/bin/claude", version)
    assert "Claude Code" in claude_is(box, box.home / ".local/bin", "--version")
    link(box.home / ".local/bin/other", "../share/claude/versions/2.0.1")
    (box.home / ".local/bin/claude").unlink()
    (box.home / ".local/bin/other").rename(box.home / ".local/bin/claude")
    assert "Claude Code" in claude_is(box, box.home / ".local/bin", "--version")


def script_of_node(scope):
    """A claude that needs another package of its scope, as older versions of claude did."""
    install(scope / "claude-code/cli.js", "#!/usr/bin/env node\nconst part = require('../part/index.js');\n"
            "console.log(part.name, process.argv.slice(2).join(' '));\n")
    install(scope / "part/index.js", "exports.name = 'of node';\n", 0o644)
    return scope / "claude-code/cli.js"


needs_node = pytest.mark.skipif(shutil.which("node", path=STANDARD) is None, reason="no node here")


@needs_node
def test_claude_below_an_npm_prefix(inside):
    box = inside.box
    script_of_node(box.home / ".npm-global/lib/node_modules/@anthropic-ai")
    link(box.home / ".npm-global/bin/claude", "../lib/node_modules/@anthropic-ai/claude-code/cli.js")
    assert claude_is(box, box.home / ".npm-global/bin", "a", "b").startswith("of node ")


@needs_node
def test_claude_and_node_of_nvm(inside):
    """A node is installed beside it; the system need not have one."""
    box = inside.box
    version = box.home / ".nvm/versions/node/v20.1.2"
    script_of_node(version / "lib/node_modules/@anthropic-ai")
    link(version / "bin/claude", "../lib/node_modules/@anthropic-ai/claude-code/cli.js")
    take(pathlib.Path("/usr/bin/node").resolve(), version / "bin/node")
    install(box.home / "secret", "x", 0o600)
    assert claude_is(box, version / "bin", "a").startswith("of node ")
    result = box.cco("shell", f"command -v node; ls {box.home}/secret")
    assert result.out == f"{version}/bin/node\n"


def test_claude_cannot_be_changed_inside(inside):
    box = inside.box
    program = install(box.home / "tools/bin/claude", "#!/bin/sh\necho mine\n")
    assert claude_is(box, program.parent) == "mine\n"
    result = box.cco("shell", f"echo x >>{program}; rm -f {program}; touch {program.parent}/new")
    assert program.read_text() == "#!/bin/sh\necho mine\n"
    assert list(program.parent.iterdir()) == [program]


@pytest.mark.parametrize("path", ["{}", "{}/bin", "."])
def test_claude_in_the_project_is_not_run(inside, path):
    box = inside.box
    for place in ("claude", "bin/claude"):
        install(box.project / place, "#!/bin/sh\necho the project\n")
    program = install(box.home / "tools/bin/claude", "#!/bin/sh\necho mine\n")
    assert claude_is(box, f"{path.format(box.project)}:{program.parent}") == "mine\n"


@pytest.mark.skipif(not without_claude(), reason="this machine has a claude in its system directories")
def test_missing_claude_is_reported(real):
    result = real.cco("-p", "x", env={"PATH": STANDARD})
    assert result.returncode == 127 and result.out == "", result.err
    assert "claude" in result.err and "npm install -g @anthropic-ai/claude-code" in result.err
    assert real.leftovers() == []
    assert real.cco("shell", "echo fine", env={"PATH": STANDARD}).out == "fine\n", "a shell needs none"


def test_claude_that_cannot_be_executed(inside):
    program = install(inside.box.home / "bin/claude", "no program\n", 0o644)
    result = inside.box.cco("-p", "x", env={"PATH": f"{program.parent}:{STANDARD}"})
    assert result.returncode in (126, 127) and "claude" in result.err
    program.chmod(0o755)
    program.write_text("#!/nowhere/node\n")
    result = inside.box.cco("-p", "x", env={"PATH": f"{program.parent}:{STANDARD}"})
    assert result.returncode in (126, 127) and "claude" in result.err


def test_dry_run_starts_nothing(real):
    result = real.cco("--dry-run", "--memory", "1g", "shell", "touch made")
    plan = json.loads(result.out)
    assert plan["engine"] == "native" and not (real.project / "made").exists() and real.leftovers() == []
    assert {m["target"] for m in plan["mounts"]} >= {str(real.project)}


def test_programs_inside_can_open_terminals(inside):
    result = inside.box.cco("shell", "/usr/bin/python3", "-c", "import pty, sys; sys.exit(pty.spawn(['tty']) >> 8)")
    assert result.returncode == 0 and result.out.startswith("/dev/pts/")


def test_sessions_lists_native_sessions_without_an_engine(real):
    """cco does not contact an engine that is not there."""
    terminal = Terminal([CCO, "--name", "here", "shell", "echo rea''dy; read x"], real.env, real.project)
    try:
        terminal.wait_for("ready")
        listed = json.loads(real.cco("sessions", "--json").out)
        assert [(s["name"], s["state"], s["engine"]) for s in listed] == [("cco-here", "attached", "native")]
        env = {"CCO_ENGINE": ""}
        assert [s["name"] for s in json.loads(real.cco("sessions", "--json", env=env).out)] == ["cco-here"]
        assert real.cco("stop", "here", env=env).returncode == 0
        terminal.wait()
    finally:
        terminal.close()
    assert real.leftovers() == []


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to become somebody else")
def test_uid_without_an_account(real):
    result = as_another_user(real, "shell", "id -u; id -g; touch made; echo $HOME")
    assert (result.returncode, result.stdout) == (0, f"4242\n4242\n{real.home}\n"), result.stderr
    assert (real.project / "made").stat().st_uid == 4242


@pytest.mark.skipif(os.getuid() != 0, reason="needs root, to become somebody else")
@pytest.mark.parametrize("home, words", [
    ("", ["no home directory: HOME is empty", "Set HOME"]),
    ("here", ["no home directory: HOME is here, which is not an absolute path", "Set HOME"]),
    ("/nonexistent", ["/nonexistent: Permission denied", "set HOME"]),
    ("/usr", ["/usr/.claude: Permission denied", "set HOME"]),
])
def test_home_that_cannot_be_used_is_named(real, home, words):
    """The user has no account, whose home could be used instead."""
    real.env["HOME"] = home
    result = as_another_user(real, "shell", "true")
    assert result.returncode == 125 and len(result.stderr.splitlines()) <= 3, result.stderr
    assert all(word in result.stderr for word in words), result.stderr
