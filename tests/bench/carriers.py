# SPDX-License-Identifier: MIT
"""Engines behind TLS and ssh: the one of the tests behind socat, and behind an sshd of the bench's own with the docker CLI
at its remote side. Both programs use the same endpoints; the line goes through the engine, as it has to where that is another
machine."""

import collections

from transports import EnginePki, Secure, Ssh

Bench = collections.namedtuple("Bench", "cco docker env socket cli work row timed bulk_pipe")
MIB = 1 << 20


def through(b, env, measure):
    """Both programs take the engine's address from the environment, which the other parts share."""
    before = dict(b.env)
    b.env.update(env, CCO_LINE="stream", CCO_ENGINE_FILES="local")
    try:
        return measure()
    finally:
        b.env.clear()
        b.env.update(before)


def over_tls(b, runs):
    path = b.work / "pki"
    path.mkdir()
    server = Secure(EnginePki(path), b.socket, path / "log")
    ours, theirs = b.cco("./helper", "out", str(256 * MIB)), b.docker("./helper", "out", str(256 * MIB))
    a, c = [], []
    try:
        for _ in range(max(3, runs // 2)):
            a.append(through(b, server.env(), lambda: b.bulk_pipe(ours)))
            c.append(through(b, server.env(), lambda: b.bulk_pipe(theirs)))
    finally:
        server.close()
    b.row("256 MiB out through TLS", a, c, "MiB/s", [("x", 0.7)], better="higher")


def over_ssh(b, runs):
    path = b.work / "ssh"
    path.mkdir()
    server = Ssh(path, b.socket, docker=b.cli)
    ours, theirs = b.cco("true"), b.docker("true")
    a, c = [], []
    try:
        for _ in range(max(3, runs // 2)):
            a.append(1000 * through(b, server.env(), lambda: b.timed(ours))[0])
            c.append(1000 * through(b, server.env(), lambda: b.timed(theirs))[0])
    finally:
        server.close()
    b.row("start over ssh: wall time of `shell true`", a, c, "ms", [("x", 0.25)])


def measure(b, runs):
    over_tls(b, runs)
    over_ssh(b, runs)
