# SPDX-License-Identifier: MIT
"""The files that are left out when a project is sent are those that git ignores. git itself is asked, about trees and
patterns that are generated at random with a fixed seed, with odd names and with patterns at every place that git
reads.
"""

import os
import pathlib
import random
import subprocess

import pytest

ASK = pathlib.Path(__file__).resolve().parents[2] / "build/musl/bin/test_filter"
pytestmark = pytest.mark.skipif(not ASK.exists(), reason="the unit tests are not built: build/musl/bin/test_filter")

NAMES = ["a", "b", "ab", "abc", "A", "Ab", "foo", "foo.o", "bar", "x.txt", "foobar", "build", "#h", "!n", " s", "s ",
         "a b", "a\\", "[x]", "x*y", "b]", "é", "a.b.c", "-", "]", "^a", "\tq"]
ATOMS = ["a", "b", "c", "A", "foo", "bar", "o", "x", "*", "*", "**", "?", "[ab]", "[!a]", "[^a-b]", "[a-c]", "[A-C]",
         "[]a]", "[!]a]", "[[:alpha:]]", "[[:upper:]]", "[[:punct:]x]", "[a", "\\", "\\*", "\\a", "\\!", "\\#", ".", " ",
         "\\ ", "-", "[a-]", "[-a]", "[\\]]", "[a-\\c]", "[[:foo:]]", "[[:al]", "[[]", "é", "[é]", " ", "\t"]


def pattern(rand):
    parts = []
    for _ in range(rand.choice([1, 1, 1, 2, 2, 3])):
        kind = rand.random()
        if kind < .15:
            parts.append("**")
        elif kind < .5:
            parts.append(rand.choice(NAMES))
        else:
            parts.append("".join(rand.choice(ATOMS) for _ in range(rand.randint(1, 4))))
    text = ("\\/" if rand.random() < .03 else "/").join(parts)
    text = ("!" if rand.random() < .2 else "") + ("/" if rand.random() < .2 else "") + text
    return text + ("/" if rand.random() < .25 else "") + rand.choice([""] * 18 + [" ", "  ", "\r"])


def patterns(rand, count):
    return "\n".join(pattern(rand) for _ in range(count)) + rand.choice(["", "\n"])


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


def grow(rand, place, depth=0):
    for name in rand.sample(NAMES, rand.randint(2, 5)):
        kind = rand.random()
        if kind < .5 and depth < 3:
            (place / name).mkdir()
            grow(rand, place / name, depth + 1)
        elif kind < .55:
            (place / name).symlink_to("build")
        else:
            write(place / name, "")
    if rand.random() < (.25 if depth else .9):
        write(place / ".gitignore", patterns(rand, rand.randint(1, 4 if depth else 12)))


class Tree:
    def __init__(self, place, *options):
        self.top, self.home = place / "top", place / "home"
        self.home.mkdir(parents=True)
        self.top.mkdir()
        self.git("init", "-q", *options)

    def git(self, *args, **more):
        env = {**os.environ, "HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
        env.pop("XDG_CONFIG_HOME", None)
        return subprocess.run(["git", "-C", str(self.top), *args], env=env, capture_output=True, timeout=60,
                              **more).stdout

    def paths(self):
        """Returns every path but .git itself; directories end with a slash."""
        found = []
        for place, dirs, files in os.walk(self.top):
            dirs[:] = [name for name in dirs if name != ".git"]
            for name in dirs + files:
                path = pathlib.Path(place) / name
                is_dir = path.is_dir() and not path.is_symlink()
                found.append(f"{path.relative_to(self.top)}{'/' if is_dir else ''}")
        return found

    def wanted(self, paths, nocase):
        """Returns what git leaves out. git does not report a tracked file as ignored, and may ignore case. For a
        directory it reports only whether a pattern matches, not whether the directory contains tracked files.
        """
        def fold(text):
            return "".join(c.lower() if c.isascii() else c for c in text) if nocase else text
        asked = "".join(f"./{path.rstrip('/')}\0" for path in paths).encode()
        ignored = {path[2:] for path in
                   self.git("check-ignore", "--no-index", "-z", "--stdin", input=asked).decode().split("\0")}
        tracked = [fold(path) for path in self.git("ls-files", "-z").decode().split("\0")]
        around = {path[:i + 1] for path in tracked for i, c in enumerate(path) if c == "/"}
        return {path for path in paths
                if path.rstrip("/") in ignored and fold(path) not in around and fold(path.rstrip("/")) not in tracked}

    def skipped(self, paths):
        run = subprocess.run([ASK, "ask", self.top, self.home, ""], input="".join(f"{p}\0" for p in paths).encode(),
                             capture_output=True, timeout=60)
        assert run.returncode == 0 and len(run.stdout) == len(paths), run.stderr
        return {path for path, said in zip(paths, run.stdout.decode()) if said == "1"}


def settings(rand, tree, nocase, split):
    for name, value in [("core.ignorecase", nocase), ("core.splitIndex", split)]:
        tree.git("config", name, str(value).lower())
    tree.git("config", "index.version", str(rand.choice([2, 3, 4])))
    if rand.random() < .4:
        write(tree.top / ".git/info/exclude", patterns(rand, 3))
    if rand.random() < .4:
        write(tree.home / ".config/git/ignore", patterns(rand, 3))
    if rand.random() < .3:
        write(tree.home / "named", patterns(rand, 3))
        write(tree.home / ".gitconfig", "[core]\n\texcludesFile = ~/named\n")


def track(rand, tree, paths, split):
    files = [path for path in paths if not path.endswith("/")]
    chosen = rand.sample(files, min(len(files), rand.randint(0, 6)))
    if chosen:
        tree.git("--literal-pathspecs", "add", "-f", "--", *chosen)
    if len(chosen) > 1 and rand.random() < .5 and not split:
        tree.git("--literal-pathspecs", "rm", "-q", "--cached", "-f", "--", chosen[0])


@pytest.mark.parametrize("tenth", range(10))
def test_ignored_files_equal_those_of_git(tenth, tmp_path):
    trees = 200 if os.environ.get("CCO_LONG") else 8
    seen = left_out = 0
    for seed in range(tenth * trees, (tenth + 1) * trees):
        rand = random.Random(seed)
        tree = Tree(tmp_path / str(seed), *(["--object-format=sha256"] if rand.random() < .2 else []))
        nocase, split = rand.random() < .3, rand.random() < .2
        settings(rand, tree, nocase, split)
        grow(rand, tree.top)
        paths = tree.paths()
        track(rand, tree, paths, split)
        wanted = tree.wanted(paths, nocase)
        rand.shuffle(paths)
        assert tree.skipped(paths) == wanted, f"tree {seed}"
        seen += len(paths)
        left_out += len(wanted)
    assert seen > trees * 10 and seen * .2 < left_out < seen * .8


def test_worktree_submodule_and_sparse_index_equal_git(tmp_path):
    tree = Tree(tmp_path)
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always"]
    write(tree.top / ".gitignore", "*.o\n/out/\n")
    for name in ["in/kept.o", "in/a", "far/b.o", "c"]:
        write(tree.top / name, "")
    tree.git("add", "-f", ".")
    tree.git(*identity, "commit", "-qm", "x")
    tree.git("worktree", "add", "-q", str(tmp_path / "work"))
    tree.git(*identity, "submodule", "add", "-q", str(tree.top), "sub")
    assert (tree.top / "sub/.git").is_file() and (tmp_path / "work/.git").is_file()
    for place in [tmp_path / "work", tree.top / "sub"]:
        for name in ["x.o", "out/x", "in/x.o"]:
            write(place / name, "")
    asked = ["x.o", "c", "out/", "in/", "in/kept.o", "in/x.o"]
    assert tree.skipped([f"sub/{path}" for path in asked]) == {"sub/x.o", "sub/out/", "sub/in/x.o"}
    work = Tree.__new__(Tree)
    work.top, work.home = tmp_path / "work", tree.home
    assert work.skipped(asked) == {"x.o", "out/", "in/x.o"} == work.wanted(asked, False)
    work.git("sparse-checkout", "set", "--cone", "--sparse-index", "in")
    assert work.git("ls-files", "--sparse").decode().split() == [".gitignore", "c", "far/", "in/a", "in/kept.o"]
    assert work.skipped(["far/", "far/b.o", "in/kept.o", "in/x.o"]) == {"in/x.o"}
