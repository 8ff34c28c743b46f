# SPDX-License-Identifier: MIT
"""backup-creds and restore-creds with a file and with a stand-in for the macOS Keychain: what is written, with which
mode, what is refused, and that no secret is readable anywhere.
"""

import datetime
import errno
import hashlib
import json
import os
import pathlib
import pty
import re
import select
import shlex
import stat
import subprocess
import sys
import time

import pytest

from conftest import CCO, refused

NAME = re.compile(r"claude-credentials\.\d{8}T\d{6}Z(-\d+)?\.json")
SERVICE = "Claude Code-credentials"

# security(1), as far as claude and cco use it. Items are files in $HOME/items. $HOME/mode selects a fault. Each
# call writes its arguments and its environment to $HOME/calls.
SECURITY = f"""#!{sys.executable} -I
import json, os, pathlib, shlex, sys
home = pathlib.Path(os.environ["HOME"])
mode = (home / "mode").read_text() if (home / "mode").exists() else ""
with open(home / "calls", "a") as calls:
    calls.write(json.dumps([sys.argv, dict(os.environ)]) + "\\n")
def item(words):
    given = dict(zip(words[::2], words[1::2]))
    return home / "items" / (given["-s"] + "@" + given["-a"]), given
if mode == "locked":
    sys.exit(36)
if sys.argv[1] == "find-generic-password":
    path, _ = item([w for w in sys.argv[2:] if w != "-w"])
    if not path.exists():
        sys.exit(44)
    text = path.read_bytes()
    print(text.hex() if mode == "hex" or not text.decode().isprintable() else text.decode())
elif sys.argv[1] == "-i":
    line = sys.stdin.readline(4096)
    words = shlex.split(line)
    if mode == "parrot":
        sys.exit("unknown command: " + line)
    assert words[:2] == ["add-generic-password", "-U"], words
    path, given = item(words[2:])
    path.write_bytes(bytes.fromhex(given["-X"]))
"""


def login(token="at-secret", expires=4102444800000, **more):
    return json.dumps({"claudeAiOauth": {"accessToken": token, "refreshToken": "rt-secret", "expiresAt": expires,
                                         "scopes": ["user:inference"], "subscriptionType": "max"}, **more})


class Logins:
    def __init__(self, box):
        self.box = box
        self.file = box.home / ".claude" / ".credentials.json"
        self.backups = box.home / ".local" / "share" / "cco" / "backups"
        del box.env["ANTHROPIC_API_KEY"]
        box.use("/nowhere/docker.sock")

    def put(self, text):
        self.file.parent.mkdir(exist_ok=True)
        self.file.write_text(text)

    def kept(self, kind=""):
        end = f".{kind}.json" if kind else ".json"
        return sorted(p for p in self.backups.glob("*") if p.name.endswith(end) and (kind or NAME.fullmatch(p.name)))

    def cco(self, *args, **kwargs):
        result = self.box.cco(*args, **kwargs)
        assert "secret" not in result.out + result.err
        return result


@pytest.fixture
def logins(box):
    return Logins(box)


@pytest.fixture
def keychain(logins):
    """The stand-in in PATH, and the calls that it received."""
    home = logins.box.home
    (home / "items").mkdir()
    (home / "bin").mkdir()
    (home / "bin" / "security").write_text(SECURITY)
    (home / "bin" / "security").chmod(0o755)
    logins.box.env.update(PATH=f"{home}/bin:/usr/bin:/bin", CCO_KEYCHAIN="security", USER="ann",
                          OTHER_SECRET="not-for-it")
    logins.item = lambda name=SERVICE, account="ann": home / "items" / f"{name}@{account}"
    logins.mode = lambda text: (home / "mode").write_text(text)
    yield logins
    for line in (home / "calls").read_text().splitlines() if (home / "calls").exists() else []:
        argv, env = json.loads(line)
        assert not any("secret" in word or "secret".encode().hex() in word for word in argv), argv
        assert set(env) <= {"HOME", "PATH", "USER", "LC_CTYPE"}, env


def told(result, *words, status=125):
    refused(result, status, *words)


def test_backup_is_private_and_complete(logins):
    logins.put(login())
    before = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    result = logins.cco("backup-creds")
    path = pathlib.Path(result.out.rstrip("\n"))
    assert result.returncode == 0 and result.err == "" and NAME.fullmatch(path.name), result.err
    assert path.parent == logins.backups and path.read_text() == login()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    taken = datetime.datetime.strptime(path.name.split(".")[1], "%Y%m%dT%H%M%S%z")
    assert before <= taken <= datetime.datetime.now(datetime.timezone.utc)
    assert logins.file.read_text() == login()


def test_simultaneous_backups_do_not_overwrite_each_other(logins):
    logins.put(login())
    running = [subprocess.Popen([CCO, "backup-creds"], cwd=logins.box.project, env=logins.box.env,
                                stdout=subprocess.PIPE, text=True) for _ in range(20)]
    paths = {p.communicate(timeout=60)[0] for p in running}
    assert len(paths) == 20 and [p.read_text() for p in logins.kept()] == [login()] * 20


def test_backups_are_listed(logins):
    assert logins.cco("backup-creds", "--list").out == "no backups\n"
    assert json.loads(logins.cco("backup-creds", "--list", "--json").out) == []
    logins.put(login())
    one = json.loads(logins.cco("backup-creds", "--json").out)
    assert one["kind"] == "backup" and one["valid"] and one["expires_at"] == "2100-01-01T00:00:00Z"
    assert one["size"] == len(login()) and one["created"].replace("-", "").replace(":", "") in one["path"]
    assert logins.cco("restore-creds", "--yes").returncode == 0
    (logins.backups / "claude-credentials.20000101T000000Z.conflict.json").write_text("torn")
    (logins.backups / "claude-credentials.20000101T000000Z.json").symlink_to(logins.file)
    listed = json.loads(logins.cco("backup-creds", "--list", "--json").out)
    assert sorted(b["kind"] for b in listed) == ["backup", "before_restore", "conflict"]
    assert listed[2]["expires_at"] is None and not listed[2]["valid"]
    assert one in listed
    text = logins.cco("backup-creds", "--list").out
    assert "2100-01-01 00:00:00 UTC" in text and "contains no login" in text and one["path"] in text


def test_restore_replaces_the_login(logins):
    logins.put(login("at-secret-1"))
    assert logins.cco("backup-creds").returncode == 0
    logins.put(login("at-secret-2"))
    logins.file.chmod(0o644)
    result = logins.cco("restore-creds", "--yes")
    assert result.returncode == 0, result.err
    assert "subscription max" in result.err and "2100-01-01" in result.err
    assert logins.file.read_text() == login("at-secret-1")
    assert stat.S_IMODE(logins.file.stat().st_mode) == 0o600
    previous, = logins.kept("before-restore")
    assert str(previous) in result.out and previous.read_text() == login("at-secret-2")
    assert stat.S_IMODE(previous.stat().st_mode) == 0o600
    assert sorted(p.name for p in logins.file.parent.iterdir()) == [".credentials.json"]
    assert not (logins.box.home / ".claude.lock").exists()


def test_restore_without_a_current_login(logins):
    logins.put(login())
    logins.cco("backup-creds")
    logins.file.unlink()
    logins.file.parent.rmdir()
    assert logins.cco("restore-creds", "--yes").returncode == 0
    assert logins.file.read_text() == login() and logins.kept("before-restore") == []
    assert stat.S_IMODE(logins.file.parent.stat().st_mode) == 0o700


def test_newest_complete_backup_is_restored(logins):
    logins.put(login("at-secret-1"))
    logins.cco("backup-creds")
    (logins.backups / "claude-credentials.29990101T000000Z.json").write_text(login("x")[:40])
    (logins.backups / "claude-credentials.29990101T000000Z.conflict.json").write_text(login("at-secret-3"))
    logins.put(login("at-secret-2"))
    result = logins.cco("restore-creds", "--yes")
    assert result.returncode == 0 and "29990101" in result.err
    assert logins.file.read_text() == login("at-secret-1")


def test_link_to_the_credentials_file_stays(logins, tmp_path):
    logins.put(login("at-secret-1"))
    logins.cco("backup-creds")
    logins.file.unlink()
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles" / "login").write_text(login("at-secret-2"))
    logins.file.symlink_to(tmp_path / "dotfiles" / "login")
    assert logins.cco("restore-creds", "--yes").returncode == 0
    assert logins.file.is_symlink() and (tmp_path / "dotfiles" / "login").read_text() == login("at-secret-1")
    assert [p.name for p in (tmp_path / "dotfiles").iterdir()] == ["login"]


def test_named_file_is_restored(logins, tmp_path):
    logins.put(login("at-secret-1"))
    (tmp_path / "remote").write_text(login("at-secret-2", mcpOAuth={"x": {"accessToken": "mcp-secret"}}))
    (logins.box.project / "-odd name").symlink_to(tmp_path / "remote")
    assert logins.cco("restore-creds", "--yes", "--", "-odd name").returncode == 0
    assert logins.file.read_text() == (tmp_path / "remote").read_text()


@pytest.mark.parametrize("kind", ["missing", "fifo", "directory", "device", "huge", "empty", "text", "array", "other",
                                  "mcp", "no-token", "no-expiry", "deep", "socket"])
def test_files_that_are_not_credentials_are_refused(logins, tmp_path, kind):
    path = tmp_path / "file"
    texts = {"empty": "", "text": "hello", "array": "[]", "other": '{"name":"x","version":1}', "mcp": '{"mcpOAuth":{}}',
             "no-token": '{"claudeAiOauth":{"expiresAt":1}}', "no-expiry": '{"claudeAiOauth":{"accessToken":"a"}}',
             "deep": '{"a":' * 5000 + "1" + "}" * 5000}
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    elif kind == "device":
        path = pathlib.Path("/dev/zero")
    elif kind == "huge":
        path.touch()
        os.truncate(path, 1 << 30)
    elif kind == "socket":
        import socket
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(str(path))
    elif kind in texts:
        path.write_text(texts[kind])
    logins.put(login())
    inode = logins.file.stat().st_ino
    told(logins.cco("restore-creds", str(path), "--yes", timeout=10), str(path))
    assert logins.file.read_text() == login() and logins.file.stat().st_ino == inode
    assert not logins.backups.exists()


@pytest.mark.parametrize("kind", ["fifo", "directory", "huge", "dangling"])
def test_credentials_path_that_is_not_a_file(logins, kind):
    """A login that cannot be backed up is not overwritten."""
    logins.file.parent.mkdir()
    if kind == "fifo":
        os.mkfifo(logins.file)
    elif kind == "directory":
        logins.file.mkdir()
    elif kind == "dangling":
        logins.file.symlink_to("nowhere")
    else:
        logins.file.touch()
        os.truncate(logins.file, 1 << 30)
    file = logins.box.home / "file"
    file.write_text(login())
    before = logins.file.lstat().st_ino
    result = logins.cco("restore-creds", str(file), "--yes", timeout=10)
    assert result.returncode == 125 and ".credentials.json" in result.err
    assert logins.file.lstat().st_ino == before and not logins.backups.exists()
    assert sorted(p.name for p in logins.file.parent.iterdir()) == [".credentials.json"]


def test_control_bytes_in_a_backup_do_not_reach_the_terminal(logins):
    file = logins.box.home / "file"
    file.write_text(login().replace('"max"', '"max\\u001b[31m\\u0007"'))
    result = logins.cco("restore-creds", str(file), "--yes")
    assert result.returncode == 0 and "\x1b" not in result.err and "\\x1b[31m" in result.err


def ask(logins, answer, *args):
    """Runs restore-creds on a terminal; returns the status and all output."""
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(logins.box.project)
        os.execve(CCO, [CCO, "restore-creds", *args], logins.box.env)
    shown, end, asked = b"", time.monotonic() + 20, False
    while time.monotonic() < end:
        if not select.select([fd], [], [], 0.1)[0]:
            continue
        try:
            got = os.read(fd, 4096)
        except OSError as error:
            assert error.errno == errno.EIO
            break
        if not got:
            break
        shown += got
        if b"[y/N]" in shown and not asked:
            asked = True
            os.write(fd, answer)
    _, status = os.waitpid(pid, 0)
    os.close(fd)
    assert asked and b"secret" not in shown
    return os.waitstatus_to_exitcode(status), shown.decode()


def test_restore_asks_for_confirmation(logins):
    logins.put(login("at-secret-1"))
    path = logins.cco("backup-creds").out.strip()
    logins.put(login("at-secret-2"))
    result = logins.cco("restore-creds")
    assert result.returncode == 2 and "--yes" in result.err
    status, shown = ask(logins, b"n\n")
    assert status == 0 and path in shown and "nothing was changed" in shown
    assert logins.file.read_text() == login("at-secret-2")
    assert ask(logins, b"\x03")[0] == 130 and logins.file.read_text() == login("at-secret-2")
    status, shown = ask(logins, b"y\n", path)
    assert status == 0 and logins.file.read_text() == login("at-secret-1")


def test_nothing_to_back_up(logins):
    told(logins.cco("backup-creds"), "no login is stored", "Log in with claude")
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN", "CLAUDE_CODE_USE_BEDROCK"):
        told(logins.cco("backup-creds", env={name: "secret-7"}), "no login is stored", name)
    told(logins.cco("restore-creds", "--yes"), "no backup", "cco backup-creds")
    assert not logins.backups.exists()


def test_claude_config_dir_is_used(logins, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / ".credentials.json").write_text(login("at-secret-1"))
    logins.put(login("at-secret-2"))
    env = {"CLAUDE_CONFIG_DIR": str(other)}
    assert logins.cco("backup-creds", env=env).returncode == 0
    assert logins.kept()[0].read_text() == login("at-secret-1")
    (other / ".credentials.json").write_text(login("at-secret-3"))
    assert logins.cco("restore-creds", "--yes", env=env).returncode == 0
    assert (other / ".credentials.json").read_text() == login("at-secret-1")
    assert logins.file.read_text() == login("at-secret-2")


def test_expired_login_is_reported(logins):
    logins.put(json.dumps({"claudeAiOauth": {"accessToken": "", "refreshToken": "", "expiresAt": 0}}))
    assert "ended by the server" in logins.cco("info").out
    assert "ended by the server" in logins.cco("backup-creds").err


def test_backup_directory_with_wrong_owner_or_type_is_refused(logins, tmp_path):
    logins.put(login())
    (tmp_path / "victim").mkdir()
    logins.backups.parent.mkdir(parents=True)
    logins.backups.symlink_to(tmp_path / "victim")
    told(logins.cco("backup-creds"), "backups")
    assert list((tmp_path / "victim").iterdir()) == []


def test_full_disk_keeps_the_current_login(logins):
    """A login that cannot be backed up is not replaced."""
    logins.put(login("at-secret-1"))
    file = logins.box.home / "file"
    file.write_text(login("at-secret-2"))
    script = f'ulimit -f 0; trap "" XFSZ; exec {shlex.quote(CCO)} restore-creds --yes {shlex.quote(str(file))}'
    result = subprocess.run(["sh", "-c", script], cwd=logins.box.project, env=logins.box.env, capture_output=True,
                            text=True, timeout=20, check=False)
    assert result.returncode == 125 and "File too large" in result.stderr, result.stderr
    assert logins.file.read_text() == login("at-secret-1") and list(logins.backups.iterdir()) == []


def test_keychain_backup_and_restore(keychain):
    keychain.item().write_text(login("at-secret-1"))
    assert keychain.cco("backup-creds").returncode == 0
    assert keychain.kept()[0].read_text() == login("at-secret-1")
    keychain.item().write_text(login("at-secret-2"))
    result = keychain.cco("restore-creds", "--yes")
    assert result.returncode == 0 and f"the Keychain item {SERVICE}" in result.out, result.err
    assert json.loads(keychain.item().read_text()) == json.loads(login("at-secret-1"))
    previous, = keychain.kept("before-restore")
    assert json.loads(previous.read_text()) == json.loads(login("at-secret-2"))
    assert not keychain.file.exists() and "the Keychain item" in keychain.cco("info").out


def test_locked_keychain_is_reported(keychain):
    keychain.item().write_text(login())
    assert keychain.cco("backup-creds").returncode == 0
    keychain.mode("locked")
    told(keychain.cco("backup-creds"), "locked", "security unlock-keychain")
    result = keychain.cco("restore-creds", "--yes")
    assert result.returncode == 125 and "security unlock-keychain" in result.err
    info = keychain.cco("info")
    assert "locked" in info.out and "security unlock-keychain" in info.out
    keychain.mode("")
    assert keychain.item().read_text() == login()


def test_keychain_missing_item(keychain):
    told(keychain.cco("backup-creds"), "no login is stored")
    keychain.put(login("at-secret-file"))
    assert keychain.cco("backup-creds").returncode == 0
    assert keychain.kept()[0].read_text() == login("at-secret-file")


def test_restore_writes_the_keychain_item_that_claude_reads(keychain):
    file = keychain.box.home / "file"
    file.write_text(login())
    assert keychain.cco("restore-creds", str(file), "--yes").returncode == 0
    assert json.loads(keychain.item().read_text()) == json.loads(login()) and not keychain.file.exists()


@pytest.mark.parametrize("user", ["ann.b-c_9", "a b", 'a"; x', "", None])
def test_keychain_accounts(keychain, user):
    account = "ann.b-c_9" if user == "ann.b-c_9" else "claude-code-user"
    if user is None:
        del keychain.box.env["USER"]
    else:
        keychain.box.env["USER"] = user
    keychain.item(account=account).write_text(login())
    assert keychain.cco("backup-creds").returncode == 0
    assert keychain.cco("restore-creds", "--yes").returncode == 0
    assert os.listdir(keychain.box.home / "items") == [f"{SERVICE}@{account}"]


@pytest.mark.parametrize("env,hashed", [({"CLAUDE_CONFIG_DIR": "/x/y"}, "/x/y"), ({"CLAUDE_CONFIG_DIR": ""}, None),
                                        ({"CLAUDE_CONFIG_DIR": "/x/y", "CLAUDE_SECURESTORAGE_CONFIG_DIR": "/z"}, "/z"),
                                        ({"CLAUDE_CONFIG_DIR": "/x/y", "CLAUDE_SECURESTORAGE_CONFIG_DIR": ""}, None)])
def test_keychain_items_of_other_directories(keychain, env, hashed):
    name = SERVICE + (f"-{hashlib.sha256(hashed.encode()).hexdigest()[:8]}" if hashed else "")
    keychain.item(name).write_text(login())
    assert keychain.cco("backup-creds", env=env).returncode == 0
    assert keychain.kept()[0].read_text() == login()


@pytest.mark.parametrize("there,given,word", [(login("at-secret-1"), login("at-secret-" + "x" * 3000), "too long"),
                                              ('{"keychainOverflow":2}', login(), "several items")])
def test_keychain_items_that_cannot_be_handled(keychain, there, given, word):
    keychain.item().write_text(there)
    file = keychain.box.home / "file"
    file.write_text(given)
    result = keychain.cco("restore-creds", str(file), "--yes")
    assert result.returncode == 125 and word in result.err and keychain.item().read_text() == there


def test_keychain_program_that_echoes_its_input(keychain):
    keychain.item().write_text(login())
    file = keychain.box.home / "file"
    file.write_text(login("at-secret-2"))
    keychain.mode("parrot")
    result = keychain.cco("restore-creds", str(file), "--yes")
    assert result.returncode == 125 and login("at").encode().hex()[:16] not in result.err


def test_missing_keychain_program(keychain):
    keychain.box.env["CCO_KEYCHAIN"] = "no-such-program"
    told(keychain.cco("backup-creds"), "no-such-program")
    (keychain.box.project / "security").write_text("#!/bin/sh\ntouch was-run\n")
    (keychain.box.project / "security").chmod(0o755)
    keychain.box.env.update(CCO_KEYCHAIN="security", PATH=".::/usr/bin:/bin")
    told(keychain.cco("backup-creds"), "security")
    assert not (keychain.box.project / "was-run").exists()
