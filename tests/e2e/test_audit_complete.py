# SPDX-License-Identifier: MIT
"""The audit is complete, quiet and cannot be hidden: what an agent can do to keep a change out of it, and the work that
is not worth a line. Native sessions, because the audit is the same with every engine.
"""

import os
import pathlib
import signal
import subprocess
import sys

import pytest

import natively
from conftest import CCO, as_another_user, until
from terminal import Terminal

NATIVE = ("--engine", "native")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


@pytest.fixture
def native(box, tmp_path):
    yield box
    natively.Sessions(tmp_path).kill()


def git(box, *args, cwd=None):
    subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@example.org", *args], cwd=cwd or box.project,
                   env={**box.env, "GIT_CONFIG_NOSYSTEM": "1"}, check=True, capture_output=True)


def put(path, text="x\n"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def lines(result):
    return sorted(line.removeprefix("cco: ") for line in result.err.splitlines())


def strict(box, script, *args):
    return box.cco(*NATIVE, *args, "--strict", "shell", script)


def changed(result, *want):
    """Asserts that these are the lines, and that the status says so."""
    assert lines(result) == sorted(want), result.err
    assert result.returncode == (3 if want else 0), result.err


HIDDEN = {
    "the project": "echo x > .envrc; chmod 100 .",
    "a directory": "mkdir -p .git/hooks; echo x > .git/hooks/post-merge; chmod 000 .git/hooks",
    "a directory without a rule": "mkdir -p src/a; echo x > src/a/.envrc; chmod 000 src",
    "a directory that can only be listed": "mkdir -p src/a; echo x > src/a/.envrc; chmod 600 src",
    "a file": "echo x > .envrc; chmod 000 .envrc",
    "large directory": "mkdir -p node_modules/a; echo x > node_modules/a/x; chmod 000 node_modules/a",
}


@pytest.mark.parametrize("what", HIDDEN)
def test_what_cannot_be_read_after_the_session_counts_as_changed(native, what):
    put(native.project / "src/x")
    put(native.project / "node_modules/y")
    git(native, "init", "-q")
    git(native, "config", "--global", "--add", "safe.directory", "*")
    result = as_another_user(native, *NATIVE, "--strict", "shell", HIDDEN[what])
    subprocess.run(["chmod", "-R", "u+rwX", native.project], check=True)
    assert result.returncode == 3, result.stderr
    assert "cannot be read (" in result.stderr, result.stderr


def test_directory_that_was_unreadable_before_is_not_reported(native):
    put(native.project / "src/x")
    (native.project / "src").chmod(0)
    result = as_another_user(native, *NATIVE, "--strict", "shell", "true")
    (native.project / "src").chmod(0o755)
    assert (result.returncode, result.stderr) == (0, "")


def test_depth_and_number_of_files_hide_nothing(native):
    result = strict(native, "i=0; while [ $i -lt 140 ]; do mkdir d && cd d || exit 1; i=$((i+1)); done; echo x > .envrc")
    assert result.returncode == 3 and "contains more than the audit examines" in result.err
    subprocess.run(["rm", "-rf", native.project / "d"], check=True)
    result = strict(native, "mkdir -p .husky && cd .husky && seq 1 20000 | xargs touch; cd .. && echo x > .envrc")
    assert result.returncode == 3 and "contains more than the audit examines" in result.err
    assert len(lines(result)) <= 21 and all(len(line) < 1500 for line in lines(result)), result.err


def test_links_in_the_place_of_a_file_are_followed_inside(native):
    git(native, "init", "-q")
    put(native.project / "tools/env")
    put(native.project / "tools/hooks/pre-commit")
    put(native.project / "tools/vscode/tasks.json", "{}")
    (native.project / ".envrc").symlink_to("tools/env")
    (native.project / ".vscode").symlink_to(native.project / "tools/vscode")
    subprocess.run(["rm", "-rf", native.project / ".git/hooks"], check=True)
    (native.project / ".git/hooks").symlink_to("../tools/hooks")
    changed(strict(native, "true"))
    changed(strict(native, "echo evil | tee tools/env tools/hooks/pre-commit tools/vscode/tasks.json"),
            ".envrc changed: it leads to tools/env (direnv sources it)", ".git/hooks/pre-commit changed (git runs it)",
            ".vscode/tasks.json changed (VS Code runs its tasks)")


def test_files_that_gits_configuration_names_are_examined(native):
    git(native, "init", "-q")
    put(native.project / "inc", "[core]\n\thooksPath = tools/hooks\n[user]\n\tname = x\n")
    put(native.project / "tools/mon")
    git(native, "config", "include.path", "../inc")
    git(native, "config", "core.fsmonitor", "tools/mon")
    changed(strict(native, "true"))
    changed(strict(native, "mkdir tools/hooks; echo x > tools/hooks/post-checkout; echo y > tools/mon"),
            "tools/hooks/post-checkout added (git runs it: core.hooksPath names the directory)",
            "tools/mon changed (git runs or obeys it: its configuration names it)")
    changed(strict(native, "git config --file inc core.pager x"),
            "inc changed (git obeys it: its configuration includes it)")


def test_every_depth_and_every_tree_is_examined(native):
    extra = native.home / "extra"
    put(native.project / "a/b/c/x")
    put(extra / "x")
    git(native, "init", "-q")
    git(native, "init", "-q", cwd=native.project / "a/b")
    for name in ("lfs", "logs", "refs", "objects"):
        put(native.project / f".git/modules/{name}/x")
    changed(strict(native, f"""
        echo x > a/b/.git/hooks/post-merge; echo x > a/b/c/.envrc
        for i in lfs logs refs objects; do printf '[core]\\nfsmonitor = zz\\n' > .git/modules/$i/config; done
        mkdir .git/hooks/pre-commit.d; echo x > .git/hooks/pre-commit.d/x; echo x > '{extra}/.mcp.json'""",
                   "--add-dir", str(extra)),
            "a/b/c/.envrc added (direnv sources it)",
            "2 added (for each: git runs it): .git/hooks/pre-commit.d/x, a/b/.git/hooks/post-merge",
            ".git/modules: 4 added (for each: git obeys it in a submodule): lfs/config, logs/config, objects/config, "
            "refs/config",
            f"{extra}/.mcp.json added (claude starts its servers)")


def test_start_up_files_that_lead_into_the_project_are_examined(native):
    put(native.project / "bashrc")
    put(native.project / "nvim/init.lua")
    put(native.home / ".config/x")
    (native.home / ".bashrc").symlink_to(native.project / "bashrc")
    (native.home / ".config/nvim").symlink_to(native.project / "nvim")
    changed(strict(native, "true"))
    changed(strict(native, "echo y > bashrc; echo y > nvim/init.lua"),
            "~/.bashrc changed: it leads to bashrc (your shell runs it)",
            "~/.config/nvim/init.lua changed (Neovim runs it)")


def test_ordinary_work_with_git_is_not_reported(native):
    for name in ("origin", "module"):
        git(native, "init", "-q", "-b", "main", str(native.home / name), cwd=native.home)
        git(native, "commit", "-q", "--allow-empty", "-m", "x", cwd=native.home / name)
    git(native, "init", "-q", "-b", "main")
    result = strict(native, f"""
        set -e
        g() {{ git -c user.name=x -c user.email=x@example.org -c protocol.file.allow=always "$@" >/dev/null 2>&1; }}
        echo x > f; g add f; g commit -m 1; g checkout -b x; echo y > f; g commit -a -m 2
        g checkout main; g checkout -b z; echo z > h; g add h; g commit -m 3; g rebase x; g merge x; g checkout -B main
        g config user.name me; g remote add origin https://example.org/x; g branch --set-upstream-to=x main
        g init --bare sub/bare.git; g init other; g worktree add wt; g gc; g stash list; g tag t""")
    changed(result)


def test_only_variables_that_execute_something_are_reported(native):
    git(native, "init", "-q")
    changed(strict(native, "git config core.fsmonitor ./x"), ".git/config changed (git obeys it: fsmonitor, aliases, "
            "filters, hooks)")
    changed(strict(native, "git config remote.o.url 'ext::sh -c x'"), ".git/config changed (git obeys it: fsmonitor, "
            "aliases, filters, hooks)")


def test_changed_files_with_hard_links_outside_are_counted(native):
    store = native.home / "store"
    for i in range(3):
        put(store / f"f{i}")
        (native.project / "node_modules/p").mkdir(parents=True, exist_ok=True)
        os.link(store / f"f{i}", native.project / f"node_modules/p/f{i}")
    changed(strict(native, "cat node_modules/p/f1 >/dev/null"))
    changed(strict(native, "echo y > node_modules/p/f0; echo y > node_modules/p/f1"),
            "node_modules changed (node and editors load and run code from it)",
            "node_modules: 2 changed files have hard links outside of the project (other directories contain the same "
            "files)")


def test_hard_links_within_the_project_are_not_reported(native):
    put(native.project / "a")
    changed(strict(native, "ln a b; echo y > a"))


def test_quiet_does_not_hide_the_lines(native):
    result = native.cco(*NATIVE, "--quiet", "shell", "echo x > .envrc")
    assert lines(result) == [".envrc added (direnv sources it)"]


def test_many_changes_do_not_fill_the_screen(native):
    git(native, "init", "-q")
    result = strict(native, """for i in 0 1 2 3 4 5 6 7 8 9; do
        echo x > .git/hooks/h$i; mkdir -p .vscode d$i; echo x > .vscode/$i; echo x > d$i/.envrc; done""")
    changed(result,
            ".git/hooks: 10 added (for each: git runs it): h0, h1, h2, h3, h4, h5 and 4 more",
            "10 added (for each: direnv sources it): d0/.envrc, d1/.envrc, d2/.envrc, d3/.envrc, d4/.envrc, d5/.envrc "
            "and 4 more",
            ".vscode: 10 added (for each: VS Code obeys it): 0, 1, 2, 3, 4, 5 and 4 more")


# the status of sessions that another process ends


def descriptors(pid):
    return list(pathlib.Path(f"/proc/{pid}/fd").iterdir())


def name_of(box):
    return until(lambda: [p.name for p in (box.runtime / "cco").glob("cco-*") if p.is_dir()])[0]


def test_attach_to_an_adopted_strict_session_exits_with_the_audits_status(native):
    first = Terminal([CCO, *NATIVE, "--strict", "shell", "exec sh -i"], native.env, native.project)
    until(first.is_raw)
    first.type("echo x > .envrc; echo re''ady\r")
    first.wait_for("ready")
    name = name_of(native)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    first.close()
    second = Terminal([CCO, "attach", name], native.env, native.project)
    until(second.is_raw)
    second.type("exit 0\r")
    assert second.wait() == 3
    assert ".envrc added" in second.text()
    second.close()
    assert native.leftovers() == []


@pytest.mark.parametrize("option", ["at the start", "of attach", "nowhere"])
def test_attach_wait_exits_with_the_audits_status(native, option):
    at_start = ("--strict",) if option == "at the start" else ()
    name = native.cco(*NATIVE, *at_start, "--detach", "shell", "while [ ! -e go ]; do sleep 0.1; done; echo x > .envrc; exit 4").out.strip()
    with subprocess.Popen([CCO, "attach", "--wait", *(("--strict",) if option == "of attach" else ()), name],
                          env=native.env, cwd=native.project, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as waiting:
        until(lambda: any(os.readlink(fd).endswith("/result") for fd in descriptors(waiting.pid)))
        (native.project / "go").write_text("")
        err = waiting.communicate(timeout=60)[1].decode()
    assert waiting.returncode == (4 if option == "nowhere" else 3), err
    assert ".envrc added" in err


def test_repository_to_which_a_remote_leads_is_examined(native):
    git(native, "init", "-q")
    result = strict(native, f"""
        git init -q --bare .git/x && mkdir -p .git/x/hooks && echo x > .git/x/hooks/pre-receive
        ln -s .git/x origin && git config branch.main.pushRemote origin
        git config remote.o.url file://{native.project}/.git/x""")
    changed(result, ".git/x/hooks/pre-receive added (git runs it)")


def test_old_files_of_remotes_are_examined(native):
    git(native, "init", "-q")
    result = strict(native, "mkdir -p .git/remotes .git/branches; echo x > .git/remotes/o; echo x > .git/branches/p")
    changed(result, ".git: 2 added (for each: git fetches and pushes where it says): remotes/o, branches/p")


def test_directories_of_claude_to_which_the_project_can_lead_are_examined(native):
    git(native, "init", "-q")
    result = strict(native, """
        for d in ~/.claude/projects/*/ ~/.claude/tasks/; do mkdir -p $d/w && echo x > $d/w/.envrc; done
        ln -s ~/.claude/projects/*/w sub""")
    assert result.returncode == 3, result.err
    assert result.err.count("w/.envrc") == 2, result.err


def test_sessions_cannot_take_turns_to_hide_a_change(native):
    """Each of two sessions shows the host the same files at its beginning and at its end."""
    def begin(script):
        return subprocess.Popen([CCO, *NATIVE, "--strict", "shell", script], cwd=native.project, env=native.env,
                                stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    first = begin("echo x > .envrc; until [ -e second ]; do sleep 0.05; done; rm .envrc")
    until(lambda: (native.project / ".envrc").exists())
    second = begin("touch second; until [ -e ended ]; do sleep 0.05; done; echo x > .envrc")
    assert (first.communicate()[1], first.returncode) == ("", 0), "the first session leaves no change behind"
    (native.project / "ended").touch()
    assert (second.communicate()[1], second.returncode) == ("cco: .envrc added (direnv sources it)\n", 3)
