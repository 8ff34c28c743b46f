# SPDX-License-Identifier: MIT
"""A host for the attempts of tests/escape: a home full of secrets, a project with planted links and devices, and
resources of a process that are not files. tests/escape/escape.h describes what the program learns about it.
"""

import fcntl
import hashlib
import json
import os
import pathlib
import re
import secrets
import select
import shutil
import socket
import stat
import struct
import subprocess
import tempfile
import termios

import pytest

from conftest import CCO, ROOT, TIMEOUT

PROGRAM = ROOT / "build" / "musl" / "bin" / "escape"
OTHER = 65533  # an id without an account; also in identity.c
LINE = re.compile(r"(not )?ok (\d+) - (.*?) # (.*)")

# Entries that no session may see, and entries that it may see but not change.
HOME = [".ssh/id_ed25519", ".netrc", ".bash_history", ".bashrc", ".aws/credentials", ".kube/config",
        ".config/gh/hosts.yml", ".docker/config.json", ".gnupg/private-keys-v1.d/key", ".npmrc",
        ".mozilla/cookies.sqlite", "other project/.env", "beside", ".local/share/cco/backups/claude-credentials.json",
        ".claude/debug/host.log"]
SEEN = {".gitconfig": "[user]\n\tname = Ann\n", ".config/git/config": "[core]\n", ".ssh/known_hosts": "# none\n",
        ".claude/CLAUDE.md": "Be brief.\n", ".claude/settings.json": "{}\n", ".claude/settings.local.json": "{}\n",
        ".claude.json": "{}\n"}
DIRECTORIES = ["hooks", "commands", "agents", "skills", "plugins", "output-styles", "rules", "workflows", "projects"]
VARIABLES = ["DOCKER_HOST", "SSH_CONNECTION", "SSH_CLIENT", "DBUS_SESSION_BUS_ADDRESS", "XAUTHORITY", "KUBECONFIG", "GITHUB_TOKEN",
             "GH_TOKEN", "NPM_TOKEN", "VAULT_TOKEN", "DATABASE_URL", "AWS_SESSION_TOKEN_OF_MINE", "OPENAI_API_KEY",
             "GPG_AGENT_INFO", "LD_PRELOAD", "LD_LIBRARY_PATH", "BASH_ENV", "NODE_OPTIONS", "PYTHONSTARTUP",
             "GIT_SSH_COMMAND", "PROMPT_COMMAND", "OLDPWD", "MAIL", "SUDO_COMMAND", "SOMETHING_OF_THE_HOST"]


def disk():
    """Returns a device node of a disk of this machine, with its numbers."""
    for path in sorted(pathlib.Path("/dev").iterdir()):
        if path.is_block_device() and not path.name.startswith(("loop", "ram")):
            return str(path), path.stat().st_rdev
    return "/dev/sda", os.makedev(8, 0)


def words(facts):
    return [f"{name}={value}" for name, value in facts.items()]


def on_terminal(make_argv, options):
    """Runs a program whose three streams are its controlling terminal."""
    master, slave = os.openpty()
    st = os.fstat(slave)
    process = subprocess.Popen(make_argv(f"{st.st_dev}:{st.st_ino}"), stdin=slave, stdout=slave, stderr=slave,
                               start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0), **options)
    os.close(slave)
    said = b""
    while select.select([master], [], [], TIMEOUT)[0]:
        try:
            said += os.read(master, 65536)
        except OSError:
            break
    os.close(master)
    return process.wait(timeout=TIMEOUT), said.decode(errors="replace").replace("\r\n", "\n"), ""


class World:
    def __init__(self, uid, gid, groups=()):
        self.uid, self.gid, self.groups = uid, gid, list(groups)
        self.mark = "of-the-host-" + secrets.token_hex(8)
        self.name = "escape-" + secrets.token_hex(8)
        # not below pytest's directory, which only root can enter
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="cco-escape-"))
        self.base.chmod(0o755)
        self.home, self.runtime = self.base / "home", self.base / "run"
        self.project = self.home / "project"
        self.loose = []
        self.cco, self.program = self.base / "cco", self.project / "escape"
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(self.home), "TERM": "xterm", "XDG_RUNTIME_DIR": str(self.runtime),
                    "CCO_ENGINE_TIMEOUT": "60"}
        for directory in (self.project, self.runtime):
            directory.mkdir(parents=True)
        self.runtime.chmod(0o700)
        shutil.copy(CCO, self.cco)
        shutil.copy(PROGRAM, self.program)
        self.names = [line.split("\t")[0] for line in
                      subprocess.run([PROGRAM, "--list"], capture_output=True, text=True, check=True).stdout.splitlines()]
        self.fill()
        self.give(self.home)
        self.give(self.runtime)
        self.plant()
        self.facts = self.tell()

    def write(self, path, text=None):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or f"secret = {self.mark}\n")
        path.chmod(0o600)
        return path

    def fill(self):
        for name in HOME:
            self.write(self.home / name)
        for name in DIRECTORIES:
            (self.home / ".claude" / name).mkdir()
        for name, text in SEEN.items():
            self.write(self.home / name, text)
        self.write(self.home / ".claude" / ".credentials.json", json.dumps({"claudeAiOauth": {
            "accessToken": "access", "refreshToken": self.mark, "expiresAt": 4102444800000, "scopes": ["user:inference"]}}))
        self.write(self.runtime / "app" / "secret")
        for directory in ("/tmp", "/var/tmp", "/dev/shm"):
            self.loose.append(self.write(pathlib.Path(directory) / f"{self.base.name}.txt"))
        for link, target in (("link-to-secret", ".ssh/id_ed25519"), ("link-to-home", "")):
            (self.project / link).symlink_to(self.home / target)
        (self.project / "link-through-proc").symlink_to(f"/proc/1/root{self.home}/.netrc")
        (self.home / ".claude" / "projects" / "link-to-secret").symlink_to(self.home / ".ssh" / "id_ed25519")

    def give(self, top):
        if os.getuid() != self.uid:
            for path in [top, *top.rglob("*")]:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)
        for path in self.loose:
            os.chown(path, self.uid, self.gid)

    def plant(self):
        """Plants what only root can make: a file of another user, devices, and files that run as another user."""
        self.other = self.write(self.base / "other" / "secret").parent
        if os.getuid() != 0:
            return
        self.other.chmod(0o700)
        another = OTHER if self.uid == 0 else 0
        for path in (self.other / "secret", self.other):
            os.chown(path, another, another)
        for name, kind, device in (("char-device", stat.S_IFCHR, os.makedev(1, 1)), ("block-device", stat.S_IFBLK, disk()[1]),
                                   ("zero-device", stat.S_IFCHR, os.makedev(1, 5))):
            os.mknod(self.project / name, 0o600 | kind, device)
            os.chown(self.project / name, self.uid, self.gid)
        for name, owner, group, mode in (("setuid-file", another, self.gid, 0o4755), ("setgid-file", self.uid, another, 0o2755),
                                         ("capable-file", self.uid, self.gid, 0o755)):
            shutil.copy(PROGRAM, self.project / name)
            os.chown(self.project / name, owner, group)
            (self.project / name).chmod(mode)
        os.setxattr(self.project / "capable-file", "security.capability",
                    struct.pack("<IIIII", 0x02000001, 1 << 21, 0, 0, 0))

    def tell(self):
        facts = {"home": self.home, "project": self.project, "mark": self.mark, "name": self.name, "other": self.other, "runtime": self.runtime,
                 "tmpfile": self.loose[0], "vartmpfile": self.loose[1], "shmfile": self.loose[2],
                 "key": self.runtime / "cco" / f"cco-{self.name}.key", "lock": self.runtime / "cco" / f"cco-{self.name}.lock",
                 "runfile": self.runtime / "app" / "secret", "disk": disk()[0]}
        for name in self.names:
            found = re.search(r"[~%@/].*", name)
            path = found and found[0]
            if path is None or path[0] == "@":
                continue
            real = {"~": str(self.home), "%": str(self.project), "/": "/"}[path[0]] + path[1:]
            if os.path.exists(real):
                st = os.stat(real)
                facts[f"id:{path}"] = f"{st.st_dev}:{st.st_ino}"
        return facts

    def whoever(self):
        return {} if os.getuid() == self.uid else {"user": self.uid, "group": self.gid, "extra_groups": self.groups}

    def call(self, argv, **kwargs):
        kwargs.setdefault("timeout", TIMEOUT)
        return subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                              cwd=self.project, env=self.env, check=False, **self.whoever(), **kwargs)

    def leftovers(self):
        return sorted(path.name for path in (self.runtime / "cco").iterdir())

    def bait(self):
        return Bait(self)

    def run(self, place, argv, bait, shown="./escape", terminal=False):
        """Runs the program; `argv` is the command in front of it. Our descriptors and variables are passed on, so that
        the program can look for them.
        """
        secret = open(self.home / ".netrc", "rb")
        directory = os.open(self.home, os.O_RDONLY | os.O_DIRECTORY)
        ends = socket.socketpair()
        kept = [os.dup2(fd, number) for fd, number in ((secret.fileno(), 70), (directory, 71), (ends[0].fileno(), 72))]
        facts = {**self.facts, **bait.facts}
        options = {"cwd": self.project, "env": {**{name: self.mark for name in VARIABLES}, **self.env}, "pass_fds": kept,
                   **self.whoever()}
        try:
            if terminal:
                return Report(*on_terminal(lambda tty: [*argv, shown, place, *words({**facts, "tty": tty})], options))
            result = subprocess.run([*argv, shown, place, *words(facts)], stdin=secret, text=True, capture_output=True,
                                    timeout=TIMEOUT, check=False, **options)
            return Report(result.returncode, result.stdout, result.stderr)
        finally:
            for fd in (*kept, directory):
                os.close(fd)
            for end in (secret, *ends):
                end.close()

    def state(self, modes=True):
        """Returns everything in the home that would show an escape, without the parts that the session may change."""
        found = {}
        for path in sorted(self.home.rglob("*")):
            below = path.relative_to(self.home)
            if below.parts[0] == "project" or below.parts[:3] in ((".local", "share", "cco"), (".local", "state", "cco")):
                continue
            st = path.lstat()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(st.st_mode) else ""
            found[str(below)] = (st.st_mode if modes else 0, st.st_uid, st.st_gid, content)
        return found

    def close(self):
        for path in self.loose:
            path.unlink(missing_ok=True)
        shutil.rmtree(self.base)


def native(world, *options):
    """Returns the words in front of a program that make a native session, or skips the test if that is not possible
    here.
    """
    argv = [world.cco, "--engine", "native", *options]
    tried = world.call([*argv, "--require", "full", "shell", "true"])
    if tried.returncode != 0 and "namespaces" in tried.stderr:
        pytest.skip(tried.stderr.strip())
    return [*argv, "--name", world.name, "shell"]


class Bait:
    """The resources of the host that are not files: tests/escape/bait.c."""

    def __init__(self, world):
        key = secrets.randbelow(1 << 30) + 1
        self.process = subprocess.Popen([world.program, "--bait", str(key), world.base / "run"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env={"SECRET": world.mark}, **world.whoever())
        self.facts = {}
        for line in self.process.stdout:
            if line == "ready\n":
                break
            name, value = line.rstrip("\n").split("=", 1)
            self.facts[name] = value
        assert "pid" in self.facts

    def touched(self):
        """Returns which attempts found the bait."""
        out, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        return {line.removeprefix("touched ") for line in out.splitlines()}


class Report:
    """The result of each attempt."""

    def __init__(self, status, text, said):
        self.status, self.text, self.said = status, text, said
        self.ends, self.wrong, self.skipped = {}, [], []
        for line in text.splitlines():
            found = LINE.fullmatch(line)
            if found is None:
                continue
            name, end = found[3], found[4]
            assert name not in self.ends, f"{name}: twice"
            self.ends[name] = end.split(",")[0]
            if found[1]:
                self.wrong.append(f"{name}: {end}")
            if end.startswith("SKIP"):
                self.skipped.append(name)
