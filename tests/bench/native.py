# SPDX-License-Identifier: MIT
"""Rows about sandboxes without an engine, beside three peers: bubblewrap with the same namespaces, mounts and filter, the docker CLI, and
the same work outside of a sandbox."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile

TOPS = ("bin", "etc", "lib", "lib32", "lib64", "libx32", "opt", "sbin", "usr")
LOCKED = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys")
DIRS_HIDDEN = ("/proc/acpi", "/proc/asound", "/proc/scsi")
FILES_HIDDEN = ("/proc/kcore", "/proc/keys", "/proc/key-users", "/proc/latency_stats", "/proc/sched_debug", "/proc/timer_list",
                "/proc/kallsyms", "/proc/kmsg")
SOURCES = 20  # files of one compilation


class Native:
    """The commands of the peers, and the project that all of them use."""

    def __init__(self, run, root):
        self.run, self.root = run, root
        self.project = pathlib.Path(run.PROJECT)
        self.helper = str(self.project / "helper")
        self.env = {k: v for k, v in run.ENV.items() if k != "DOCKER_HOST"}
        self.filter = subprocess.run([root / "build" / "bench" / "filter"], check=True, capture_output=True).stdout

    def cco(self, *words):
        return [self.run.CCO, "--engine", "native", "shell", *words]

    def plan(self):
        return json.loads(subprocess.run([self.run.CCO, "--engine", "native", "--dry-run", "shell", "true"], env=self.env,
                                         cwd=self.project, check=True, capture_output=True).stdout)

    def outside(self, *words):
        """The command outside of a sandbox, with the plan's variables, because a locale makes a compiler slower, and in a session of
        its own, because the scheduler may divide the processors among sessions."""
        return ["setsid", "-w", "env", *(f"{item['name']}={item['value']}" for item in self.plan()["env"] if item["value"] is not None), *words]

    def bwrap(self, *words):
        """The bubblewrap command with the same namespaces, mounts and variables as cco's plan. It reads the filter from descriptor 9."""
        plan = self.plan()
        command = ["bwrap", "--unshare-all", "--share-net", "--unshare-user", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
                   "--seccomp", "9", "--clearenv"]
        for item in plan["env"]:
            if item["value"] is not None:
                command += ["--setenv", item["name"], item["value"]]
        for name in TOPS:
            path = f"/{name}"
            if os.path.islink(path):
                command += ["--symlink", os.readlink(path), path]
            elif os.path.isdir(path):
                command += ["--ro-bind", path, path]
        command += ["--ro-bind", "/sys/devices/system", "/sys/devices/system", "--proc", "/proc"]
        for path in filter(os.path.exists, LOCKED):
            command += ["--ro-bind", path, path]
        for path in filter(os.path.exists, DIRS_HIDDEN):
            command += ["--tmpfs", path]
        for path in filter(os.path.exists, FILES_HIDDEN):
            command += ["--ro-bind", "/dev/null", path]
        command += ["--dev", "/dev", "--tmpfs", "/dev/shm", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp", "--tmpfs", "/run",
                    "--symlink", "/run", "/var/run", "--tmpfs", plan["user"]["home"]]
        for mount in plan["mounts"]:
            source = mount["source"]
            if not os.path.exists(source):  # cco would make it for the session
                source = str(self.run.WORK / ("home" if mount["type"] == "directory" else "a file"))
                pathlib.Path(source).touch()
            command += ["--ro-bind" if mount["read_only"] else "--bind", source, mount["target"]]
        return command + ["--chdir", str(self.project), *words]

    def docker(self, *words):
        return self.run.docker_command(*words)

    def out_of(self, command):
        """Runs a command, with the filter on descriptor 9, and returns its output."""
        with tempfile.TemporaryFile() as f:
            f.write(self.filter)
            f.seek(0)
            fd = os.dup2(f.fileno(), 9)
            try:
                return subprocess.run(command, cwd=self.project, env=self.env,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, pass_fds=(fd,)).stdout
            finally:
                os.close(fd)


def first_instruction(native, command, env=None):
    """Returns the ms from just before the program is started until the command inside reads the clock as its first action."""
    keep = native.env
    native.env = env or keep
    before, after = map(int, native.out_of([native.helper, "before", *command]).split())
    native.env = keep
    return (after - before) / 1e6


def start(native, runs):
    ours, bwrap, docker = (make(native.helper, "now") for make in (native.cco, native.bwrap, native.docker))
    docker[-2] = "./helper"
    a, b, c = [], [], []
    for i in range(runs + 1):
        x, y = first_instruction(native, ours), first_instruction(native, bwrap)
        z = first_instruction(native, docker, native.run.ENV)
        if i > 0:  # the first run fills the caches
            a.append(x)
            b.append(y)
            c.append(z)
    native.run.row("native: to the first instruction (bwrap)", a, b, "ms", [("x", 1.0)])
    native.run.row("native: to the first instruction (docker run)", a, c, "ms", [("x", 1 / 30)])


def whole(native, runs):
    """Measures a run from its start to the end of the sandbox."""
    ours, theirs = native.cco("true"), native.bwrap("true")
    a, b = [], []
    for i in range(runs + 1):
        for command, out in ((ours, a), (theirs, b)):
            took = int(native.out_of([native.helper, "took", *command]).split()[0]) / 1e6
            if i > 0:
                out.append(took)
    native.run.row("native: wall time of `shell true` (bwrap)", a, b, "ms", [("a", 15)])


def compiling(native, runs):
    """Measures the same compilation inside and outside, without the start of the sandbox. Both write their results to memory."""
    sources = native.project / "sources"
    shutil.copytree(native.root / "build" / "vendor" / "bearssl", sources)
    some = sorted(str(path.relative_to(native.project)) for path in sources.glob("src/**/*.c"))[:SOURCES]
    script = native.project / "compile"
    script.write_text("for f in " + " ".join(some)
                      + "; do gcc -O1 -Isources/inc -Isources/src -c \"$f\" -o \"$1/o.o\" || exit 1; done\n")
    outside = tempfile.mkdtemp(prefix="cco-bench-", dir="/dev/shm")
    try:
        a, b = [], []  # pairs of wall and CPU time
        inner = ("took", "sh", "compile")
        for i in range(runs + 1):
            pair = [(a, native.cco("env", "TMPDIR=/dev/shm", native.helper, *inner, "/dev/shm")),
                    (b, native.outside("env", f"TMPDIR={outside}", native.helper, *inner, outside))]
            for out, command in pair if i % 2 else reversed(pair):  # the second one finds more in the caches
                took = [int(word) / 1e6 for word in native.out_of(command).split()]
                if i > 0:
                    out.append(took)
    finally:
        shutil.rmtree(outside)
    for i, (name, target) in enumerate((("native: a compile inside (outside)", [("x", 1.02)]), ("  its CPU time", []))):
        native.run.row(name, [pair[i] for pair in a], [pair[i] for pair in b], "ms", target)


def init_memory(native, runs):
    """Measures only if root runs it, because the user may not read init's files in /proc."""
    values = []
    for _ in range(min(runs, 5)):
        child = subprocess.Popen(native.cco("cat"), cwd=native.project, env=native.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        child.stdin.write(b"x\n")
        child.stdin.flush()
        child.stdout.readline()
        with open(f"/proc/{child.pid}/task/{child.pid}/children", encoding="ascii") as f:
            init = f.read().split()[0]
        try:
            with open(f"/proc/{init}/smaps_rollup", encoding="ascii") as f:
                values.append(sum(int(line.split()[1]) for line in f if line.startswith(("Private_Clean", "Private_Dirty"))) / 1024)
        except PermissionError:
            pass
        child.stdin.close()
        child.wait()
        child.stdout.close()
    if values:
        native.run.row("native: private memory of init", statistics.median(values), None, "MiB", [("a", 1)])


def measure(run, runs, root):
    native = Native(run, root)
    store = pathlib.Path(native.env["HOME"]) / ".claude" / ".credentials.json"
    store.parent.mkdir(exist_ok=True)
    store.write_text(json.dumps({"claudeAiOauth": {"accessToken": "a", "refreshToken": "r", "expiresAt": 9999999999999}}))
    store.chmod(0o600)  # users have a stored login, which a session copies and watches
    try:
        start(native, runs)
        whole(native, runs)
        compiling(native, max(3, runs // 2))
        init_memory(native, runs)
    finally:
        store.unlink()
