# SPDX-License-Identifier: MIT
"""Rows about projects that cco sends to the engine: the first transfer, beside a tar archive that `docker cp` unpacks, and a later one
without any change."""

import json
import os
import re
import shutil
import subprocess
import time
import urllib.parse

MIB = 1 << 20


def a_big_tree(where):
    """Makes one GiB, most of it in files of 4 MiB, and the rest in many small files."""
    where.mkdir()
    block = os.urandom(MIB)
    for i in range(240):
        with open(where / f"f{i:03}", "wb") as f:
            for _ in range(4):
                f.write(block)
    for i in range(4096):
        path = where / f"d{i % 64:02}" / f"s{i:04}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(block[:16 << 10])


def many_files(where, count):
    for i in range(count):
        if i % 100 == 0:
            directory = where / f"d{i // 10000:02}" / f"d{i // 100:04}"
            directory.mkdir(parents=True)
        (directory / f"f{i:06}").write_bytes(b"x" * (i % 50))


class RemoteFiles:
    """The projects of this benchmark, and their volumes on the engine."""

    def __init__(self, bench, api, socket, cli, work, words):
        self.bench, self.api, self.socket, self.cli, self.words = bench, api, socket, cli, words
        self.work = work / "home" / "sent"
        self.work.mkdir(parents=True)
        self.env = {**bench.env, "CCO_ENGINE_FILES": "remote"}

    def forget(self):
        """Removes all volumes of cco's that have projects of this benchmark."""
        label = urllib.parse.quote(json.dumps({"label": ["cco"]}))
        _, text = self.api(self.socket, "GET", f"/v1.41/volumes?filters={label}")
        for volume in json.loads(text)["Volumes"] or []:
            if volume["Labels"].get("cco.project", "").startswith(str(self.work)):
                self.api(self.socket, "DELETE", f"/v1.41/volumes/{volume['Name']}")

    def run(self, command, cwd):
        done = subprocess.run(command, cwd=cwd, env=self.env, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{command}: status {done.returncode}: {done.stderr.decode()}")
        return done.stderr.decode()

    def send(self, tree):
        """Runs a session and returns the ms of the step in which it sends the project."""
        said = self.run([self.bench.cco, *self.words, "--timing", "shell", "true"], tree)
        return float(re.search(r"timing: send +([0-9.]+) ms", said).group(1))

    def ours(self, tree):
        self.forget()
        return 1024e3 / self.send(tree)

    def theirs(self, tree):
        """Copies the tree by `docker cp` into a new volume of a container that is never started."""
        _, text = self.api(self.socket, "POST", "/v1.41/containers/create", json.dumps(
            {"Image": self.bench.image, "Cmd": ["true"], "Volumes": {"/w": {}}}))
        name = json.loads(text)["Id"]
        start = time.perf_counter()
        subprocess.run(f"tar -C '{tree}' -c . | '{self.cli}' cp - {name}:/w", shell=True, check=True, env=self.env)
        seconds = time.perf_counter() - start
        self.api(self.socket, "DELETE", f"/v1.41/containers/{name}?force=1&v=1")
        return 1024 / seconds


def measure(t, runs):
    runs = max(3, runs // 4)
    tree = t.work / "big"
    a_big_tree(tree)
    ours, theirs = [], []
    for _ in range(runs):
        theirs.append(t.theirs(tree))
        ours.append(t.ours(tree))
    t.bench.row("first sync of 1 GiB (tar | docker cp)", ours, theirs, "MiB/s", [("x", 0.8)], better="higher")
    t.forget()
    shutil.rmtree(tree)
    tree = t.work / "many"
    many_files(tree, 100_000)
    t.send(tree)
    steps = [t.send(tree) for _ in range(runs)]
    t.bench.row("sync of 100,000 unchanged files, at a start", steps, None, "ms", [("a", 300)])
    t.forget()
    shutil.rmtree(tree)
