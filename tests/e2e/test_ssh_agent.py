# SPDX-License-Identifier: MIT
"""The ssh agent inside: it lists keys and signs, and nothing that is sent to it changes the host's agent."""

import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess

import pytest

from conftest import CCO, until
from terminal import Terminal
from test_credentials import Session

CLIENT = """
import os, socket, struct, sys, threading

def connect():
    s = socket.socket(socket.AF_UNIX)
    s.connect(os.environ["SSH_AUTH_SOCK"])
    s.settimeout(20)
    return s

def take(s):
    data = b""
    while len(data) < 4 or len(data) < 4 + struct.unpack(">I", data[:4])[0]:
        got = s.recv(65536)
        if not got:
            return "closed"
        data += got
    return data[4]

def ask(s, message):
    s.sendall(struct.pack(">I", len(message)) + message)
    return take(s)

def string(text):
    return struct.pack(">I", len(text)) + text
"""


def ssh_add(agent, *args):
    return subprocess.run(["ssh-add", *args], capture_output=True, text=True, timeout=30,
                          env={**os.environ, "SSH_AUTH_SOCK": str(agent.socket)})


class Agent:
    """The ssh-agent of the host, with two keys."""

    def __init__(self, path):
        self.socket = path / "agent"
        self.process = subprocess.Popen(["ssh-agent", "-D", "-a", self.socket], stdout=subprocess.DEVNULL)
        until(self.socket.exists)
        for name in ("one", "two"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path / name], check=True)
            assert ssh_add(self, "-q", path / name).returncode == 0
        self.keys = ssh_add(self, "-L").stdout
        assert self.keys.count("ssh-ed25519") == 2
        self.blob = self.keys.split()[1]
        self.public = path / "one.pub"

    def close(self):
        self.process.terminate()
        self.process.wait()


@pytest.fixture
def agent(real, own_image, tmp_path):
    if not shutil.which("ssh-agent"):
        pytest.skip("ssh-agent is not installed")
    path = tmp_path / "hidden-keys"
    path.mkdir()
    agent = Agent(path)
    real.env["SSH_AUTH_SOCK"] = str(agent.socket)
    yield agent
    agent.close()


def run(box, script):
    result = box.cco("shell", script, timeout=60)
    assert box.leftovers() == []
    return result


def python(box, script):
    return run(box, f"python3 -c {shlex.quote(CLIENT + script)}").out.splitlines()


def test_keys_are_listed_and_sign(real, agent):
    (real.project / "key.pub").write_text(agent.public.read_text())
    result = run(real, "ssh-add -L; echo text > file; ssh-keygen -q -Y sign -n file -f key.pub file; head -n 1 file.sig; "
                       "stat -c %a $SSH_AUTH_SOCK")
    assert result.out == agent.keys + "-----BEGIN SSH SIGNATURE-----\n600\n", result.err


@pytest.mark.parametrize("command", ["ssh-add -D", "ssh-add -d key.pub", "ssh-add -x < /dev/null", "ssh-add -q new",
                                     "ssh-add -t 5 -q new", "ssh-add -c -q new", "ssh-add -s /usr/lib/x.so < /dev/null",
                                     "ssh-add -e /usr/lib/x.so"])
def test_the_hosts_agent_cannot_be_changed(real, agent, command):
    (real.project / "key.pub").write_text(agent.public.read_text())
    result = run(real, f"ssh-keygen -q -t ed25519 -N '' -f new; SSH_ASKPASS_REQUIRE=never setsid {command}; echo $?; "
                       "ssh-add -L")
    assert result.out.split("\n", 1)[0] != "0", result.out
    assert result.out.split("\n", 1)[1] == agent.keys, result.err
    assert ssh_add(agent, "-L").stdout == agent.keys


def test_every_other_request_fails(real, agent):
    """All numbers of requests, with different contents, and requests to list or to sign that have another form."""
    lines = python(real, f"""
import base64
key = string(base64.b64decode("{agent.blob}"))
s = connect()
for number in range(256):
    for content in (b"", string(b"x"), key, key + string(b"data") + bytes(4)):
        if number == 11 and not content or number == 13 and len(content) > len(key) + 4:
            continue
        answer = ask(s, bytes([number]) + content)
        if answer != 5:
            print(number, content, answer)
for content in (key + string(b"data") + bytes(5), key + string(b"data") + bytes(3), key + bytes(4)):
    print(ask(s, b"\\x0d" + content))
print(ask(s, b"\\x0b"), ask(s, b"\\x0d" + key + string(b"data") + bytes(4)))
""")
    assert lines == ["5", "5", "5", "12 14"]
    assert ssh_add(agent, "-L").stdout == agent.keys


def test_hostile_clients_do_not_disturb_others(real, agent):
    """Messages that are empty, too long, cut off or byte by byte; clients that never read; and more than are served."""
    lines = python(real, """
for head in (bytes(4), b"\\xff\\xff\\xff\\xff", struct.pack(">I", 256 * 1024 + 1)):
    s = connect()
    s.sendall(head)
    print(take(s))
silent = [connect() for _ in range(5)]
for s in silent:
    s.sendall(struct.pack(">I", 1000) + b"\\x0b")
deaf = [connect() for _ in range(5)]
for s in deaf:
    s.setblocking(False)
    try:
        while True:
            s.send(b"\\0\\0\\0\\1\\x0b" * 1000)
    except BlockingIOError:
        pass
s = connect()
for byte in b"\\0\\0\\0\\1\\x0b":
    s.sendall(bytes([byte]))
print(take(s))
print(ask(s, b"\\x01" + bytes(256 * 1024 - 1)))
more = [connect() for _ in range(20)]
for m in silent + deaf:
    m.close()
threads = [threading.Thread(target=lambda m=m: done.append(ask(m, b"\\x0b")) or m.close()) for m in more]
done = []
for t in threads: t.start()
for t in threads: t.join()
print(done.count(12))
""")
    assert lines == ["closed", "closed", "closed", "12", "5", "20"]


def test_several_clients_get_their_own_answers(real, agent):
    """Signatures of different data with two keys, at once: each client gets the answer to its request."""
    lines = python(real, f"""
import base64
blobs = [base64.b64decode(line.split()[1]) for line in {agent.keys.strip().splitlines()!r}]

def sign(s, blob, data):
    m = b"\\x0d" + string(blob) + string(data) + bytes(4)
    s.sendall(struct.pack(">I", len(m)) + m)
    got = b""
    while len(got) < 4 or len(got) < 4 + struct.unpack(">I", got[:4])[0]:
        got += s.recv(65536)
    return got

alone = {{}}
s = connect()
for n in range(40):
    alone[n] = sign(s, blobs[n % 2], b"data %d" % n)
bad = []

def client(n):
    c = connect()
    for _ in range(5):
        if sign(c, blobs[n % 2], b"data %d" % n) != alone[n]:
            bad.append(n)
    c.close()

threads = [threading.Thread(target=client, args=(n,)) for n in range(40)]
for t in threads: t.start()
for t in threads: t.join()
print(len(set(alone.values())), bad)
""")
    assert lines == ["40 []"], "Ed25519 signs the same data with the same signature"


def test_agent_that_ends_gives_failures(real, agent):
    session = Session(real)
    assert session.do("ssh-add -L") + "\n" == agent.keys
    agent.close()
    assert "refused" in session.do("ssh-add -L 2>&1") or "failure" in session.do("ssh-add -L 2>&1")
    session.end()


def test_restarted_agent_works_in_a_running_session(real, agent, tmp_path):
    """The agent is started again at the same path, or a link leads to another one, as with a new ssh login."""
    link = tmp_path / "link"
    link.symlink_to(agent.socket)
    real.env["SSH_AUTH_SOCK"] = str(link)
    session = Session(real)
    assert session.do("ssh-add -L") + "\n" == agent.keys
    agent.close()
    assert session.do("ssh-add -L >/dev/null 2>&1; echo $?") != "0"
    second = Agent(agent.socket.parent / "..")
    try:
        link.unlink()
        link.symlink_to(second.socket)
        assert session.do("ssh-add -L") + "\n" == second.keys
    finally:
        second.close()
    session.end()


def test_dead_agent_is_not_passed(real, own_image, tmp_path):
    """A socket at which no agent listens."""
    path = tmp_path / "agent"
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(str(path))
    real.env["SSH_AUTH_SOCK"] = str(path)
    result = run(real, "echo runs; echo ${SSH_AUTH_SOCK-unset}")
    assert (result.out, result.err) == ("runs\nunset\n", "")


def test_slow_agent_does_not_delay_the_terminal(real, own_image, tmp_path):
    """An agent that asks its user answers late or never. The terminal and other clients go on."""
    path = tmp_path / "agent"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.settimeout(60)
        listener.bind(str(path))
        listener.listen()
        real.env["SSH_AUTH_SOCK"] = str(path)
        terminal = Terminal([CCO, "shell", "ssh-add -l & read x; echo got $x; wait"], real.env, real.project)
        asked = b""
        while not asked:  # cco connects once to see whether an agent listens
            connection, _ = listener.accept()
            asked = connection.recv(5)
        assert asked == b"\0\0\0\1\x0b"
        terminal.type("words\r")
        terminal.wait_for("got words")
        connection.sendall(struct.pack(">IBI", 5, 12, 0))
        assert terminal.wait() in (0, 1)
        terminal.wait_for("no identities")
        terminal.close()
        connection.close()
    until(lambda: real.leftovers() == [])


def test_agent_works_in_an_adopted_session(real, agent):
    terminal = Terminal([CCO, "shell", "echo be''fore; read x; ssh-add -l; read x; exit 8"], real.env, real.project)
    terminal.wait_for("before")
    os.kill(terminal.pid, signal.SIGKILL)
    terminal.wait()
    terminal.close()
    second = Terminal([CCO, "attach"], real.env, real.project)
    second.type("\r")
    second.wait_for("ED25519")
    second.type("\r")
    assert second.wait() == 8
    second.close()
    until(lambda: real.leftovers() == [])


def test_socket_of_the_hosts_agent_is_not_inside(real, agent):
    result = run(real, f"test -e {agent.socket} || echo absent; grep {agent.socket.parent.name} /proc/self/mountinfo")
    assert result.out == "absent\n"
