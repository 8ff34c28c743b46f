# SPDX-License-Identifier: MIT
"""Rows about the work around a session: the audit, beside `git status` of the same project, and a renewed login."""

import json
import pathlib
import subprocess
import time


def a_project(where):
    """Makes a git repository with settings of agents and editors."""
    subprocess.run(["git", "init", "-q", where], check=True)
    for name in (".claude/settings.json", ".claude/commands/a.md", ".mcp.json", ".vscode/tasks.json", ".envrc",
                 ".husky/pre-commit", "package.json"):
        path = where / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("{}\n" * 100)
    for i in range(2000):
        path = where / f"src{i % 40}" / f"f{i}.c"
        path.parent.mkdir(exist_ok=True)
        path.write_text("int x;\n")


def audit(bench, runs, program, work):
    project = pathlib.Path(work) / "audited"
    a_project(project)
    ours = subprocess.run([program, project, str(runs * 10)], capture_output=True, check=True, text=True)
    theirs = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(["git", "-C", project, "status", "--porcelain"], stdout=subprocess.DEVNULL, check=True)
        theirs.append(1e3 * (time.perf_counter() - start))
    bench.row("audit of a project, before and after (git status)",
              [int(line) / 1000 for line in ours.stdout.split()], theirs, "ms", [("a", 10)])


def login(n):
    return json.dumps({"claudeAiOauth": {"accessToken": f"a{n:06}", "refreshToken": f"r{n:06}",
                                         "expiresAt": int(time.time() * 1000) + 10 ** 8}})


def renewal(bench, runs):
    """Measures the time from a change of the host's store to the change of the file that claude reads inside."""
    home = pathlib.Path(bench.env["HOME"])
    store = home / ".claude" / ".credentials.json"
    store.parent.mkdir(exist_ok=True)
    store.write_text(login(0))
    store.chmod(0o600)
    child = subprocess.Popen([bench.cco, "--image", bench.image, "shell", "cat"], env=bench.env, cwd=bench.project,
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child.stdin.write(b"ready\n")
    child.stdin.flush()
    child.stdout.readline()
    copy = next((pathlib.Path(bench.env["XDG_RUNTIME_DIR"]) / "cco").glob("cco-*/files/credentials.json"))
    times = []
    for n in range(1, runs + 1):
        start = time.perf_counter()
        store.write_text(login(n))
        while f"a{n:06}" not in copy.read_text():
            time.sleep(0.0002)
        times.append(1e3 * (time.perf_counter() - start))
    child.communicate()
    store.unlink()
    bench.row("a login renewed on the host reaches the sandbox", times, None, "ms", [("a", 1000)])


def measure(bench, runs, program, work):
    audit(bench, runs, program, work)
    renewal(bench, runs)
