# SPDX-License-Identifier: MIT
"""The fidelity table: tests/fidelity/*.rows describe situations, and this module runs each of them outside cco and in a
sandbox. tests/fidelity/README.md explains the form of the files.
"""

import dataclasses
import fnmatch
import json
import os
import pathlib
import pty
import re
import select
import shlex
import shutil
import signal
import subprocess
import time

ROWS = pathlib.Path(__file__).resolve().parent.parent / "fidelity"
TIMEOUT_S = 180
# Runs the rows one after the other. Each result is a record: name, output, status.
DRIVER = r"""
r()
{
    printf '\036%s\037' "$1"
    timeout --foreground 30 sh -c "$2"
    printf '\037%s\036' $?
}
"""


class BadRows(Exception):
    """A file of rows does not have the form that the README describes."""


@dataclasses.dataclass
class Row:
    """A command, and how its results are compared."""

    world: "World"
    name: str
    command: str
    needs: tuple = ()  # programs of the host without which the row is skipped
    reported: str = ""  # a regular expression for cco's line about a difference; empty: there may be no difference
    gaps: dict = dataclasses.field(default_factory=dict)  # a pattern of engines: why the row differs there without a report

    def gap(self, engine):
        """Returns why the row differs with this engine, or None if it may not."""
        return next((why for pattern, why in self.gaps.items() if fnmatch.fnmatch(engine, pattern)), None)


@dataclasses.dataclass
class World:
    """A home with a project, in which several rows run in one session."""

    name: str
    prepare: str = ""  # a script that runs in the home
    around: str = 'exec "$@"'  # a script that runs "$@", the session or the rows themselves
    options: tuple = ()
    directory: str = "project"  # the working directory, below the home
    terminals: frozenset = frozenset()  # which of the streams 0, 1 and 2 are terminals
    long: bool = False  # runs only with CCO_LONG
    rows: list = dataclasses.field(default_factory=list)


def blocks(path):
    """Yields (line number, key, rest of the line, indented lines below it)."""
    current = None
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if line.startswith("#"):
            continue
        if line[:1] in (" ", "") and current is not None:
            current[3].append(line[4:])
        elif line.strip():
            if current is not None:
                yield current
            key, _, rest = line.partition(" ")
            current = (number, key, rest.strip(), [])
    if current is not None:
        yield current


def set_of_row(row, key, rest):
    if key == "needs":
        row.needs = tuple(rest.split())
    elif key == "reported":
        row.reported = rest
    elif key == "gap":
        engines, _, why = rest.partition(":")
        if not why.strip():
            raise BadRows(f"{row.name}: gap: expected ENGINE...: REASON")
        row.gaps.update(dict.fromkeys(engines.split(), why.strip()))
    else:
        raise BadRows(f"{row.name}: {key}: expected needs, reported or gap")


def set_of_world(world, key, rest, text):
    if key == "prepare":
        world.prepare = text
    elif key == "around":
        world.around = text
    elif key == "options":
        world.options = tuple(shlex.split(rest))
    elif key == "long":
        world.long = True
    elif key == "directory":
        world.directory = rest
    elif key == "terminals":
        world.terminals = frozenset(int(number) for number in rest.split())
    else:
        raise BadRows(f"{world.name}: {key}: expected prepare, around, options, long, directory, terminals or row")


def read(path):
    """Returns the worlds of one file."""
    worlds, row = [], None
    for number, key, rest, lines in blocks(path):
        text = "\n".join(lines).strip("\n")
        try:
            if key == "world":
                worlds.append(World(rest))
                row = None
            elif not worlds:
                raise BadRows("expected a world")
            elif key == "row":
                row = Row(worlds[-1], rest, text)
                worlds[-1].rows.append(row)
            elif row is not None:
                set_of_row(row, key, rest)
            else:
                set_of_world(worlds[-1], key, rest, text)
        except (BadRows, ValueError) as error:
            raise BadRows(f"{path.name}:{number}: {error}") from error
    return worlds


def all_rows(directory=ROWS):
    """Returns the rows of all files. Each row and each world has its own name: a world's results are known by its name."""
    worlds = [world for path in sorted(directory.glob("*.rows")) for world in read(path)]
    rows = [row for world in worlds for row in world.rows]
    for named in (worlds, rows):
        names = [one.name for one in named]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise BadRows(f"these names occur twice: {', '.join(sorted(twice))}")
    return rows


@dataclasses.dataclass
class Ran:
    """What one run of a world printed."""

    results: dict  # name: (status, output)
    lines: str  # cco's messages, and what --dry-run says is missing
    told: str  # all that was printed


def results_of(text):
    """Finds the records of DRIVER in the output of a session."""
    found = {}
    for record in re.findall("\x1e([^\x1e\x1f]*)\x1f([^\x1e\x1f]*)\x1f(\\d+)\x1e", text.replace("\r\n", "\n")):
        found[record[0]] = (int(record[2]), record[1])
    return found


def collect(streams, child):
    """Reads until all streams have ended. Returns their bytes, in the order of `streams`."""
    got = {fd: b"" for fd in streams}
    open_fds = set(streams)
    deadline = time.monotonic() + TIMEOUT_S
    while open_fds:
        ready = select.select(list(open_fds), [], [], max(0, deadline - time.monotonic()))[0]
        if not ready:
            os.killpg(child.pid, signal.SIGKILL)
            break
        for fd in ready:
            try:
                piece = os.read(fd, 1 << 16)
            except OSError:  # a terminal whose other side is closed
                piece = b""
            got[fd] += piece
            if not piece:
                open_fds.discard(fd)
    child.wait(timeout=20)
    return [got[fd] for fd in streams]


def run(argv, cwd, env, terminals):
    """Runs a program with terminals as the given streams, and pipes as the others. Standard input is empty. Returns its
    output and its errors; if both are terminals, they are one.
    """
    ours, theirs, both = [], {0: subprocess.DEVNULL, 1: None, 2: None}, None
    keep = []
    if terminals:
        main, side = pty.openpty()
        both = main
        keep.append(side)
        for number in terminals:
            theirs[number] = side
    for number in (1, 2):
        if number not in terminals:
            reader, writer = os.pipe()
            theirs[number] = writer
            keep.append(writer)
            ours.append(reader)
        elif both not in ours:
            ours.append(both)
    if both is not None and both not in ours:
        ours.append(both)
    # setsid --ctty makes the terminal the controlling one.
    wrapped = ["/usr/bin/setsid", "--ctty", "--wait", *argv] if 0 in terminals else argv
    with subprocess.Popen(wrapped, cwd=cwd, env=env, stdin=theirs[0], stdout=theirs[1], stderr=theirs[2],
                          start_new_session=not 0 in terminals) as child:
        for fd in keep:
            os.close(fd)
        pieces = collect(ours, child)
    for fd in set(ours):
        os.close(fd)
    return "".join(piece.decode(errors="replace") for piece in pieces)


class Bench:
    """Runs worlds in one home, and remembers the results."""

    def __init__(self, box, cco, arguments):
        self.box, self.cco, self.arguments = box, cco, arguments
        self.known = {}

    def prepare(self, world):
        """Makes the home again, so that both runs of a world find the same."""
        home = self.box.home
        subprocess.run(["chmod", "-R", "u+rwX", home], check=True)
        shutil.rmtree(home)
        (home / "project").mkdir(parents=True)
        env = {**self.box.env, "GIT_AUTHOR_DATE": "2024-01-02T03:04:05Z", "GIT_COMMITTER_DATE": "2024-01-02T03:04:05Z"}
        subprocess.run(["/bin/sh", "-euc", world.prepare], cwd=home, env=env, check=True, stdin=subprocess.DEVNULL,
                       timeout=TIMEOUT_S, stdout=subprocess.DEVNULL)

    def run(self, world, inside):
        self.prepare(world)
        script = DRIVER + "".join(f"r {shlex.quote(row.name)} {shlex.quote(row.command)}\n" for row in world.rows)
        command = ["/bin/sh", "-c", script]
        if inside:
            command = [self.cco, *self.arguments, *world.options, "shell", script]
        argv = ["/bin/sh", "-c", world.around, "sh", *command]
        text = run(argv, self.box.home / world.directory, self.box.env, world.terminals)
        told = re.sub("\x1e.*?\x1f[0-9]*\x1e", "", text, flags=re.S)
        lines = "\n".join(line for line in told.replace("\r", "").split("\n") if line.startswith("cco: "))
        return Ran(results_of(text), lines, told)

    def missing(self, world):
        """Returns what --dry-run says is missing in a session."""
        argv = ["/bin/sh", "-c", world.around, "sh", self.cco, *self.arguments, *world.options, "--dry-run"]
        dry = run(argv, self.box.home / world.directory, self.box.env, frozenset())
        try:
            return json.dumps(json.loads(dry[dry.index("{"):dry.rindex("}") + 1]).get("missing", []))
        except ValueError:
            return dry

    def of(self, world):
        """Returns the two runs of a world: outside and inside."""
        if world.name not in self.known:
            outside = self.run(world, False)
            inside = self.run(world, True)
            if any(row.reported and inside.results.get(row.name) != outside.results.get(row.name) for row in world.rows):
                inside.lines += self.missing(world)
            self.known[world.name] = (outside, inside)
        return self.known[world.name]
