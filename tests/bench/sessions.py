# SPDX-License-Identifier: MIT
"""Rows about sessions: attaching a terminal, several terminals at once, an idle server. The peer is tmux."""

import collections
import os
import select
import statistics
import subprocess
import threading
import time

Bench = collections.namedtuple("Bench", "cco image env project echoes on_pty row")
MIB = 1 << 20
BYTES = 32 * MIB


def wait_for(fd, text, timeout=60):
    """Reads until the text has arrived."""
    have = b""
    deadline = time.monotonic() + timeout
    while text not in have:
        if time.monotonic() > deadline or not select.select([fd], [], [], timeout)[0]:
            raise SystemExit(f"bench: {text} did not arrive")
        have = have[-64:] + os.read(fd, 1 << 16)


def drain(fd):
    try:
        while os.read(fd, 1 << 18):
            pass
    except OSError:
        pass


class Cco:
    """A session in the background, and the command that attaches a terminal to it."""

    def __init__(self, bench, *words):
        self.bench = bench
        result = subprocess.run([bench.cco, "--image", bench.image, "--detach", "shell", *words], env=bench.env,
                                cwd=bench.project, capture_output=True, text=True, check=True)
        self.name = result.stdout.strip()
        self.attach = [bench.cco, "attach", self.name]

    def stop(self):
        subprocess.run([self.bench.cco, "stop", self.name], env=self.bench.env, cwd=self.bench.project,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)  # it may have ended


class Tmux:
    def __init__(self, bench, *words):
        self.socket = f"cco-bench-{os.getpid()}"
        self.env = bench.env
        subprocess.run(["tmux", "-L", self.socket, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24",
                        *words], env=self.env, cwd=bench.project, check=True)
        self.attach = ["tmux", "-L", self.socket, "attach"]

    def stop(self):
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], env=self.env, stderr=subprocess.DEVNULL, check=False)


def leave(pid, fd):
    os.close(fd)
    os.waitpid(pid, 0)


def echo(bench, runs):
    a, b = [], []
    for _ in range(runs):
        for kind, out in ((Cco, a), (Tmux, b)):
            session = kind(bench, "./helper", "echo")
            out.append(bench.echoes(session.attach, 300))
            session.stop()
    bench.row("echo of a key, attached (tmux)", [statistics.median(t) for t in a], [statistics.median(t) for t in b],
              "us", [("x", 1.0)])


def output(bench, runs, count):
    """Measures the time until the first of `count` terminals has received the end of much output."""
    a, b = [], []
    for _ in range(runs):
        for kind, out in ((Cco, a), (Tmux, b)):
            session = kind(bench, "./helper", "later", str(BYTES))
            terminals = [bench.on_pty(session.attach) for _ in range(count)]
            for _, fd in terminals:
                wait_for(fd, b"R")
            others = [threading.Thread(target=drain, args=(fd,), daemon=True) for _, fd in terminals[1:]]
            for thread in others:
                thread.start()
            at = time.perf_counter()
            os.write(terminals[0][1], b"g\r")
            wait_for(terminals[0][1], b"END!")
            out.append(BYTES / MIB / (time.perf_counter() - at))
            session.stop()
            for pid, fd in terminals:
                os.waitpid(pid, 0)
                os.close(fd)
    bench.row(f"32 MiB out to {count} attached (tmux)", a, b, "MiB/s", [("x", 1.0)], better="higher")


def attach(bench, runs):
    """Measures the time from the start of `cco attach` until a full screen of text has arrived."""
    a, b = [], []
    for kind, out in ((Cco, a), (Tmux, b)):
        session = kind(bench, "./helper", "later", str(MIB))
        pid, fd = bench.on_pty(session.attach)
        wait_for(fd, b"R")
        os.write(fd, b"g\r")
        wait_for(fd, b"END!")
        leave(pid, fd)
        for _ in range(runs):
            at = time.perf_counter()
            pid, fd = bench.on_pty(session.attach)
            wait_for(fd, b"END!")
            out.append(1000 * (time.perf_counter() - at))
            leave(pid, fd)
        session.stop()
    bench.row("attach to a full screen (tmux)", a, b, "ms", [("a", 20)])


def idle(bench, _):
    session = Cco(bench, "sleep", "1000")
    listed = subprocess.run([bench.cco, "sessions", "--json"], env=bench.env, cwd=bench.project, capture_output=True,
                            text=True, check=True).stdout
    pid = listed.split('"pid": ')[1].split("\n")[0]
    time.sleep(1)  # the server finishes the work of the start

    def read(name, keys):
        with open(f"/proc/{pid}/{name}", encoding="ascii") as f:
            return sum(int(line.split()[1]) for line in f if line.startswith(keys))
    private = read("smaps_rollup", ("Private_Clean", "Private_Dirty")) / 1024
    before = read("status", ("voluntary", "nonvoluntary"))
    time.sleep(10)
    wakes = read("status", ("voluntary", "nonvoluntary")) - before
    session.stop()
    bench.row("private memory of an idle session's server", private, None, "MiB", [("a", 2)])
    bench.row("its wake-ups in 10 s", wakes, None, "", [("a", 0)])


def measure(bench, runs):
    idle(bench, runs)
    attach(bench, runs)
    echo(bench, max(3, runs // 4))
    for count in (1, 4, 16):
        output(bench, max(3, runs // 4), count)
