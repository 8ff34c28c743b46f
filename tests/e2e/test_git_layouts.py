# SPDX-License-Identifier: MIT
"""The layouts of git repositories: what works outside works inside."""

import json
import subprocess

import pytest


def git(box, cwd, *args):
    return subprocess.run(
        ["git", "-c", "user.name=u", "-c", "user.email=u@example.com", "-c", "protocol.file.allow=always", *args], cwd=cwd,
        check=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "HOME": str(box.home)}).stdout.decode()


def make_repository(box, path):
    path.mkdir(parents=True, exist_ok=True)
    git(box, path, "init", "-q", "-b", "main")
    (path / "file").write_text("content\n")
    git(box, path, "add", ".")
    git(box, path, "commit", "-q", "-m", "first")
    return path


def plan(box, cwd, *args):
    result = box.cco(*args, "--dry-run", "shell", "true", cwd=cwd)
    assert result.returncode == 0, result.err
    return json.loads(result.out)


def project_of(box, cwd, *args):
    shared = [m for m in plan(box, cwd, *args)["mounts"] if m["why"] == "the project"]
    assert len(shared) == 1
    return shared[0]["target"]


@pytest.fixture
def mono(real, own_image):
    top = make_repository(real, real.home / "mono")
    (top / "pkg" / "a").mkdir(parents=True)
    return real


def test_subdirectory_gets_the_whole_repository(mono):
    cwd = mono.home / "mono" / "pkg" / "a"
    result = mono.cco("shell", "pwd; cat ../../file; git status --short && git rev-parse --show-toplevel; "
                      "touch new ../../new", cwd=cwd)
    assert result.out == f"{cwd}\ncontent\n{mono.home}/mono\n", result.err
    assert git(mono, cwd, "status", "--short") == "?? ../../new\n?? ../\n"
    # Also after a session could write there.
    assert mono.cco("shell", "git log --format=%s", cwd=cwd).out == "first\n"


def test_here_shares_the_directory_alone(mono):
    cwd = mono.home / "mono" / "pkg" / "a"
    result = mono.cco("--here", "shell", "pwd; ls -A ../..; cat ../../file; git status", cwd=cwd)
    assert result.out == f"{cwd}\npkg\n" and "not a git repository" in result.err
    assert "without its git repository" not in result.err


def test_submodule_works_with_its_superproject(mono):
    top = mono.home / "mono"
    make_repository(mono, mono.home / "lib")
    git(mono, top, "submodule", "add", "-q", str(mono.home / "lib"), "sub")
    git(mono, top, "commit", "-q", "-m", "second")
    result = mono.cco("shell", "git log --format=%s; git status --short; git -C .. log --format=%s", cwd=top / "sub")
    assert result.out == "first\nsecond\nfirst\n", result.err


def test_submodules_and_worktrees_of_each_other(mono):
    """A worktree of a submodule, and a submodule of a worktree."""
    top = mono.home / "mono"
    make_repository(mono, mono.home / "lib")
    git(mono, top, "submodule", "add", "-q", str(mono.home / "lib"), "sub")
    git(mono, top, "commit", "-q", "-m", "second")
    git(mono, top / "sub", "worktree", "add", "-q", str(mono.home / "tree-of-sub"))
    git(mono, top, "worktree", "add", "-q", str(mono.home / "tree"))
    git(mono, mono.home / "tree", "submodule", "update", "-q", "--init")
    for cwd, said in ((mono.home / "tree-of-sub", "first\n"), (mono.home / "tree" / "sub", "first\n"),
                      (mono.home / "tree", "second\nfirst\n")):
        result = mono.cco("shell", "git log --format=%s && git -c user.name=u -c user.email=u@x commit -q --allow-empty -m x", cwd=cwd)
        assert result.out == said and result.returncode == 0, result.err


def test_dotenv_of_the_directory_comes_first(mono):
    top = mono.home / "mono"
    (top / ".env").write_text("WHERE=top\n")
    cwd = top / "pkg" / "a"
    assert mono.cco("shell", "echo $WHERE", cwd=cwd).out == "top\n"
    (cwd / ".env").write_text("WHERE=here\n")
    assert mono.cco("shell", "echo $WHERE", cwd=cwd).out == "here\n"


def test_session_of_the_project_is_found_in_a_subdirectory(mono):
    top = mono.home / "mono"
    assert mono.cco("--detach", "--name", "whole", "shell", "sleep 60", cwd=top).returncode == 0
    answer = json.loads(mono.cco("info", "--json", cwd=top / "pkg").out)
    assert [s["here"] for s in answer["project"]["sessions"]] == [True]
    result = mono.cco("stop", cwd=top / "pkg" / "a")
    assert result.returncode == 0, result.err


def test_claude_keeps_conversations_and_memory_where_the_host_does(box, fake):
    """claude 2.1 names conversations by the current directory and its memory by the repository."""
    top = make_repository(box, box.home / "mono")
    cwd = top / "pkg"
    cwd.mkdir()
    name = str(top).replace("/", "-").replace(".", "-").replace("_", "-")
    targets = [m["target"] for m in plan(box, cwd, "--engine", "native")["mounts"]]
    assert f"{box.home}/.claude/projects/{name}-pkg" in targets
    assert f"{box.home}/.claude/projects/{name}/memory" in targets
    assert f"{box.home}/.claude/projects/{name}" not in targets


def test_home_that_is_a_repository_is_not_the_project(box):
    make_repository(box, box.home)
    assert project_of(box, box.project, "--engine", "native") == str(box.project)
    text = str(plan(box, box.project, "--engine", "native")["missing"])
    assert f"without its git repository {box.home}: it is your home" in text


def test_repository_that_a_session_made_does_not_widen_the_project(box):
    work = box.home / "work"
    secret = work / "secret"
    secret.mkdir(parents=True)
    native = ("--engine", "native")
    assert box.cco(*native, "shell", "mkdir -p .git/objects .git/refs; echo 'ref: refs/heads/main' >.git/HEAD",
                   cwd=work).returncode == 0
    assert project_of(box, secret, *native) == str(secret)
    assert f"cco trust {work}" in str(plan(box, secret, *native)["warnings"])
    assert json.loads(box.cco("info", "--json", *native, cwd=secret).out)["project"]["git_top"] == str(work)
    # Neither does another session there, but the user's answer does.
    assert box.cco(*native, "shell", "true", cwd=work).returncode == 0
    assert project_of(box, secret, *native) == str(secret)
    assert box.cco("--yes", "trust", str(work), cwd=secret).returncode == 0
    assert project_of(box, secret, *native) == str(work)
    listed = json.loads(box.cco("trust", "--list", "--json").out)
    assert {"kind": "repository", "path": str(work), "state": "trusted"} in listed
    assert box.cco("trust", "--remove", str(work)).returncode == 0
    assert project_of(box, secret, *native) == str(secret)


@pytest.mark.parametrize("script", ["rm -rf .git", "rm -rf .git; echo 'gitdir: ../../.git/modules/lib' >.git"])
def test_nested_clone_that_loses_its_repository_does_not_become_part_of_the_one_around_it(box, script):
    top = make_repository(box, box.home / "mono")
    make_repository(box, top / ".git" / "modules" / "lib")
    clone = make_repository(box, top / "vendor" / "clone")
    (clone / "src").mkdir()
    native = ("--engine", "native")
    assert project_of(box, top / "vendor", *native) == str(top)
    assert box.cco(*native, "shell", script, cwd=clone).returncode == 0
    for cwd in (clone, clone / "src"):
        assert project_of(box, cwd, *native) == str(clone)
    result = box.cco(*native, "shell", "ls ../../file", cwd=clone)
    assert result.out == "" and f"To use it: cco trust {top}" in result.err, result.err
    assert project_of(box, top / "vendor", *native) == str(top)
    assert box.cco("--yes", "trust", str(top), cwd=clone).returncode == 0
    assert project_of(box, clone / "src", *native) == str(top)
    listed = json.loads(box.cco("trust", "--list", "--json").out)
    assert {"kind": "part", "path": str(clone), "state": "trusted"} in listed
    for path in (clone, top):
        assert box.cco("--yes", "trust", str(top), cwd=clone).returncode == 0
        assert project_of(box, clone, *native) == str(top)
        assert box.cco("trust", "--remove", str(path)).returncode == 0
        assert project_of(box, clone, *native) == str(clone)


def test_directory_that_an_earlier_session_had_alone(box):
    top = make_repository(box, box.home / "mono")
    (top / "pkg").mkdir()
    native = ("--engine", "native")
    assert box.cco(*native, "--here", "shell", "true", cwd=top / "pkg").returncode == 0
    for _ in range(2):  # every start says so
        result = box.cco(*native, "shell", "true", cwd=top / "pkg")
        assert f"the sandbox gets only {top}/pkg, without its git repository {top}: an earlier session had that directory alone" in result.err
        assert f"To use it: cco trust {top}" in result.err
    assert f"To use it: cco trust {top}" in " ".join(box.cco("info", *native, cwd=top / "pkg").out.split())
    (top / "docs").mkdir()
    refused = box.cco("trust", str(top), cwd=top / "docs")
    assert f"an earlier session had only {top}/pkg" in refused.err and refused.returncode == 2


@pytest.mark.parametrize("where", ["elsewhere", "pkg", "docs", "."])
def test_repository_is_trusted_from_every_directory(box, where):
    top = make_repository(box, box.home / "mono")
    (box.home / "elsewhere").mkdir()
    native = ("--engine", "native")
    for name in ("pkg", "docs", "docs/in"):
        (top / name).mkdir()
    for name in ("pkg", "docs/in"):
        assert box.cco(*native, "--here", "shell", "true", cwd=top / name).returncode == 0
        assert project_of(box, top / name, *native) == str(top / name)
    cwd = box.home / where if where == "elsewhere" else top / where
    assert box.cco("--yes", "trust", str(top), cwd=cwd).returncode == 0
    for name in ("pkg", "docs/in"):
        assert project_of(box, top / name, *native) == str(top)


@pytest.mark.parametrize("where", ["elsewhere", "mono/pkg"])
def test_settings_of_a_project_are_trusted_from_every_directory(box, where):
    top = make_repository(box, box.home / "mono")
    (box.home / "elsewhere").mkdir()
    (top / "pkg").mkdir()
    (top / ".claude").mkdir()
    (top / ".claude" / "settings.json").write_text('{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "true"}]}]}}')
    native = ("--engine", "native")
    assert plan(box, top / "pkg", *native)["trust"]["state"] == "new"
    assert box.cco("--yes", "trust", str(top), cwd=box.home / where).returncode == 0
    for cwd in (top, top / "pkg"):
        assert plan(box, cwd, *native)["trust"]["state"] == "trusted"


def test_instructions_above_the_project(mono):
    """claude reads them in each directory up to the root."""
    (mono.home / "CLAUDE.md").write_text("of the home\n")
    (mono.home / ".claude" / "rules").mkdir(parents=True)
    mono.home.parent.joinpath("CLAUDE.local.md").write_text("above the home\n")
    result = mono.cco("shell", "cat ../CLAUDE.md ../../CLAUDE.local.md; echo evil >>../CLAUDE.md; true", cwd=mono.home / "mono")
    assert result.out == "of the home\nabove the home\n", result.err
    assert (mono.home / "CLAUDE.md").read_text() == "of the home\n"
    assert mono.home.joinpath("mono").is_dir() and git(mono, mono.home / "mono", "status", "--short") == ""


def test_links_above_the_project_are_not_followed(mono):
    """A clone or an archive can contain them, and the user can start cco in a directory of it."""
    clone = mono.home / "clone"
    for name in (".ssh", ".aws", "clone/.claude/rules", "clone/app"):
        (mono.home / name).mkdir(parents=True, exist_ok=True)
    (mono.home / ".ssh/id_x").write_text("private\n")
    (mono.home / ".aws/credentials").write_text("private\n")
    (mono.home / "diary").write_text("private\n")
    (clone / "CLAUDE.md").symlink_to("../.ssh/id_x")
    (clone / "CLAUDE.local.md").symlink_to("../diary")
    (clone / ".claude/rules/a.md").symlink_to("../../../.aws/credentials")
    (clone / ".claude/rules/b.md").write_text("a rule\n")
    result = mono.cco("shell", "cat ../CLAUDE.md ../CLAUDE.local.md ../.claude/rules/*", cwd=clone / "app")
    assert result.out == "a rule\n" and f"{clone}/CLAUDE.md is a link" in result.err


def make_outside(box, kind):
    """Makes a project that needs something outside of it, and returns that and a script that git can run there."""
    source = make_repository(box, box.home / "source")
    app = box.home / "app"
    if kind in ("shared", "reference"):
        git(box, box.home, "clone", "-q", f"--{kind}", *([str(source)] if kind == "reference" else []), f"file://{source}"
            if kind == "reference" else str(source), str(app))
        return app, source / ".git" / "objects"
    directory = box.home / "repositories" / "app.git"
    directory.parent.mkdir()
    if kind == "separate":
        git(box, box.home, "clone", "-q", f"--separate-git-dir={directory}", str(source), str(app))
    else:
        git(box, box.home, "clone", "-q", str(source), str(app))
        (app / ".git").rename(directory)
        (app / ".git").symlink_to("../repositories/app.git")
    return app, directory


@pytest.mark.parametrize("kind", ["shared", "reference", "separate", "link"])
def test_what_git_needs_outside_of_the_project(real, own_image, kind):
    app, outside = make_outside(real, kind)
    result = real.cco("shell", f"ls {outside}", cwd=app)
    assert result.out == "" and "this project is not trusted: starting without the git directory or objects outside of it" in result.err
    script = "git log --format=%s && git -c user.name=u -c user.email=u@x commit -q --allow-empty -m inside && git fsck"
    result = real.cco("--trust", "shell", script, cwd=app)
    assert result.out == "first\n" and result.returncode == 0, result.err
    assert git(real, app, "log", "--format=%s") == "inside\nfirst\n"
    shown = [m for m in plan(real, app, "--trust")["mounts"] if m["target"] == str(outside)]
    assert [m["read_only"] for m in shown] == [kind in ("shared", "reference")]


def test_git_directory_that_must_not_be_shared(box):
    """A planted `.git` names the home, and planted alternates name a directory of keys."""
    app = make_repository(box, box.home / "app")
    keys = box.home / ".ssh"
    keys.mkdir()
    (app / ".git" / "objects" / "info" / "alternates").write_text(f"{keys}\n{box.home}\n../../../../nowhere\n")
    answer = plan(box, app, "--trust", "--engine", "native")
    assert not {str(keys), str(box.home)} & {m["target"] for m in answer["mounts"]}
    assert f"git needs {keys}, which is missing inside" in str(answer["missing"])


def test_trust_in_what_git_needs_is_asked_again_if_it_changes(box):
    app, _ = make_outside(box, "shared")
    other = make_repository(box, box.home / "other")
    native = ("--engine", "native")
    assert box.cco("--yes", "trust", cwd=app).returncode == 0
    assert plan(box, app, *native)["trust"]["state"] == "trusted"
    (app / ".git" / "objects" / "info" / "alternates").write_text(f"{other}/.git/objects\n")
    answer = plan(box, app, *native)
    assert answer["trust"]["state"] == "changed"
    assert not [m for m in answer["mounts"] if m["target"].startswith(str(other))]
