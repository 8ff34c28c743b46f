# SPDX-License-Identifier: MIT
"""Rows about engines behind TLS and ssh: the engine of the tests behind socat, and behind an sshd of this benchmark whose remote side
has the docker CLI. cco and the docker CLI use the same endpoints. The line goes through the engine, as it has to if the engine is on
another machine."""

import collections

from transports import EnginePki, Secure, Ssh

Bench = collections.namedtuple("Bench", "cco docker env socket cli work row timed bulk_pipe")
MIB = 1 << 20


def through(b, env, measure):
    """Measures with the variables `env` in the environment, from which both programs take the engine's address. The other parts
    share the environment, so that it is restored."""
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
