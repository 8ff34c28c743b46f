# SPDX-License-Identifier: MIT
"""What an agent can plant in the project and in cco's own directory, before a session and during one. The session
starts or says why not. It never hangs, touches nothing of the host, and leaves nothing behind.
"""

import json
import os
import socket
import stat

import pytest

from fake import FakeEngine
from test_credentials import Session, Store, a_login
from test_state import COPIED, KEPT, HOST, LOCKED, PARTS, SHARED, a_home, all_of, own_directory, shell

SMALL = ("--image", "small", "shell", "true")
GIB = 1 << 30
KINDS = ["link", "dangling", "fifo", "directory", "sparse", "hardlink", "device", "socket"]


def plant(path, kind, target="/etc/passwd"):
    """Puts something unexpected at the path."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        for sub in path.iterdir():
            sub.unlink()
        path.rmdir()
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "link":
        path.symlink_to(target)
    elif kind == "dangling":
        path.symlink_to("/nowhere/at/all")
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
        (path / "x").write_text("x")
    elif kind == "sparse":
        path.touch()
        os.truncate(path, GIB)
    elif kind == "hardlink":
        os.link(target, path)
    elif kind == "device":
        if os.getuid() != 0:
            pytest.skip("only root makes devices")
        os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))  # an unlimited number of zeros
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as s:
            here = os.getcwd()
            os.chdir(path.parent)  # the path of a socket must be short
            s.bind(path.name)
            os.chdir(here)
    else:
        path.write_bytes(kind)


def mounts(fake):
    return {m["Target"]: m for m in
            json.loads(fake.asked("POST /containers/create")[-1][2])["HostConfig"]["Mounts"]}


def starts(box, fake, *words, timeout=20):
    """Runs a whole session on the fake engine and returns what would have been mounted."""
    for event in (fake.started, fake.finished):
        event.clear()
    result = box.cco(*SMALL, timeout=timeout)
    assert result.returncode == 42, result.err
    told(result, *words)
    assert box.leftovers() == []
    return mounts(fake)


def told(result, *words):
    for word in words:
        assert word in result.err, result.err
    raw = result.stderr
    assert all(b >= 0x20 or b == 0x0a for b in raw) and 0x7f not in raw, raw
    for line in raw.split(b"\n"):
        further = line.startswith(b"     ") and any(word.encode() in line for word in words)
        assert line.startswith(b"cco: ") or not line or line == b"err" or further, raw


def meanwhile(fake, action):
    """The agent does this while the session runs."""
    def start(engine, connection, request):
        action()
        return FakeEngine.start(engine, connection, request)
    fake.answers["POST /containers/c0ffee/start"] = start


# what is in the project before a session


@pytest.mark.parametrize("kind", KINDS + ["deep", "long"])
def test_hostile_dotenv_is_left_out(box, fake, kind):
    secret = box.home / "secret"
    secret.write_text("SECRET=of-the-host\n")
    kind = {"deep": b"A=" + b"[" * 100000, "long": b"A" * 1000000 + b"=1\n" * 10}.get(kind, kind)
    plant(box.project / ".env", kind, secret)
    result = box.cco("--dry-run", *SMALL, timeout=20)
    assert result.returncode == 0
    told(result)
    # a hard link is an ordinary file: only the user can have made it, from outside
    assert ("SECRET" in result.out) == (kind == "hardlink")
    assert "of-the-host" not in result.out + result.err
    starts(box, fake)


@pytest.mark.parametrize("kind", KINDS + ["remote", "forged", "deep"])
def test_forged_dot_git_gives_no_access(box, fake, kind):
    """A .git that leads to another user's repository gives the agent nothing of it."""
    other = box.home / "other" / ".git"
    (other / "worktrees" / "w").mkdir(parents=True)
    (other / "HEAD").write_text("ref: refs/heads/main\n")
    (other / "worktrees" / "w" / "gitdir").write_text(f"{box.home}/tree/.git\n")
    file = box.home / "file"
    file.write_text(f"gitdir: {other}/worktrees/w\n")
    content = {"remote": f"gitdir: {other}/worktrees/w\n".encode(), "deep": b"gitdir: " + b"../" * 100000,
               "forged": b"gitdir: .evil/worktrees/w\n"}
    if kind == "forged":
        evil = box.project / ".evil"
        (evil / "worktrees" / "w").mkdir(parents=True)
        (evil / "worktrees" / "w" / "gitdir").write_text(f"{box.project}/.git\n")
        (evil / "HEAD").symlink_to(other / "HEAD")
    plant(box.project / ".git", content.get(kind, kind), other if kind == "link" else file)
    seen = starts(box, fake)
    assert [t for t in seen if t.startswith(str(box.home)) and ".git" in t] == []


def test_worktree_with_a_repository_made_by_an_agent(box, fake):
    """An agent can make a repository in shared data or in cco's own directory, and exchange it for a link between cco's
    check and the engine's mount.
    """
    (box.home / ".claude" / "projects").mkdir(parents=True)
    starts(box, fake)  # makes cco's own directory
    for base in (box.home / ".claude" / "projects" / "evil", own_directory(box) / "evil"):
        tree = base / "worktrees" / "w"
        tree.mkdir(parents=True)
        (base / "HEAD").write_text("ref: refs/heads/main\n")
        (tree / "gitdir").write_text(f"{box.project}/.git\n")
        plant(box.project / ".git", f"gitdir: {tree}\n".encode())
        assert str(base) not in starts(box, fake)


@pytest.mark.parametrize("where", ["/etc", ".claude", "/nowhere", "fifo", "device"])
def test_links_in_dot_claude_of_the_project_resolve_inside(real, own_image, where):
    """The project may contain anything there. A link leads to directories of the sandbox only."""
    before = a_home(real)
    plant(real.project / ".claude", where if where in ("fifo", "device") else "link", real.home / where)
    result = shell(real, "echo evil 2>&- > .claude/settings.json; echo evil > .claude/hooks/x; "
                         "cat .claude/skills/host; true")
    assert all_of(real) == before
    assert ("host skills" in result.out) == (where == ".claude")


@pytest.mark.parametrize("kind", KINDS)
def test_planted_executables_are_reported_and_never_opened(box, fake, kind):
    """The files are planted while the session runs. The audit opens none of them and reports each."""
    names = [".envrc", ".mcp.json", ".git/config", ".git/hooks/pre-commit", ".claude/settings.json", ".vscode/tasks.json",
             ".husky/pre-push", "package.json", "Makefile"]
    file = box.home / "file"
    file.write_text("x")
    meanwhile(fake, lambda: [plant(box.project / name, kind, file) for name in names])
    result = box.cco(*SMALL, timeout=20)
    told(result, ".envrc", ".git/config", *([".git/hooks/pre-commit"] if kind != "directory" else []), ".claude/settings.json", ".mcp.json")
    lines = [line for line in result.err.split("\n") if line not in ("", "err")]
    assert 5 <= len(lines) <= 21 and all(len(line) < 300 for line in lines)
    assert file.read_text() == "x" and box.leftovers() == []


ODD = [b"new\nline", b"\x1b]0;title\x07", b"\x1b[2J", b"not\xff\xfeutf8", b"tab\there", b"\xe2\x80\xaertl", b"\xc2\x9bcsi",
       b"back\\slash", b"quote\"'", b"-rf", b"cco: forged line", b"x" * 255, b" "]


def test_odd_file_names_are_reported_and_control_nothing(box, fake):
    def act():
        hooks = os.path.join(os.fsencode(box.project), b".git", b"hooks")
        os.makedirs(hooks)
        for name in ODD:
            with open(os.path.join(hooks, name), "wb") as f:
                f.write(b"x")
    meanwhile(fake, act)
    result = box.cco(*SMALL)
    told(result)
    lines = [line for line in result.stderr.split(b"\n") if b".git/hooks: " in line]
    assert len(lines) == 1 and b": %d added" % len(ODD) in lines[0], result.stderr
    for bad in (b"\x1b", b"\x07", b"\xff", b"\x9b", b"\xe2\x80\xae"):
        assert bad not in result.stderr


def test_many_changes_are_reported_as_a_line_and_a_count(box, fake):
    def act():
        hooks = box.project / ".git" / "hooks"
        hooks.mkdir(parents=True)
        for i in range(5000):
            (hooks / f"h{i}").write_text("x")
    meanwhile(fake, act)
    result = box.cco(*SMALL, timeout=30)
    lines = [line for line in result.err.split("\n") if line not in ("", "err")]
    assert len(lines) == 1 and ".git/hooks: 5000 added" in lines[0] and lines[0].endswith(" and 4994 more"), lines


# what is in claude's and cco's directories on the host


@pytest.mark.parametrize("kind", ["link", "fifo", "device", "socket"])
def test_shared_data_that_is_a_link_or_special_file_is_not_shared(box, fake, kind):
    """projects/ and history.jsonl are links into the project, or not data at all: cco's own directory takes their place,
    and cco reports that of the conversations.
    """
    claude = box.home / ".claude"
    (box.project / "d").mkdir()
    (box.project / "f").write_text("f")
    plant(claude / "projects", kind, box.project / "d")
    plant(claude / "history.jsonl", kind, box.project / "f")
    seen = starts(box, fake, "projects is not shared: it leads into" if kind == "link" else "cannot be shared")
    own = str(own_directory(box))
    for name in ("projects", "history.jsonl"):
        assert all(m["Source"].startswith(own) for t, m in seen.items() if t.startswith(f"{claude}/{name}"))
        assert stat.S_IFMT((claude / name).lstat().st_mode) == {
            "link": stat.S_IFLNK, "fifo": stat.S_IFIFO, "device": stat.S_IFCHR, "socket": stat.S_IFSOCK}[kind]


@pytest.mark.parametrize("deep", ["straight", "over a directory"])
def test_host_files_behind_links_in_the_project_are_not_shared(box, fake, deep):
    """If the user keeps such files in a repository and that is the project, the agent controls its links. They must
    give it nothing of the host.
    """
    secret = box.home / "secrets"
    secret.mkdir()
    (secret / "f").write_text('{"secret":"of-the-host"}')
    dots = box.project / "dots"
    dots.mkdir()
    names = [f".claude/{n}" for n, _ in SHARED] + [".gitconfig", ".config/git", ".ssh/known_hosts"]
    directories = {f".claude/{n}" for n, is_dir in SHARED if is_dir} | {".config/git"}
    if deep == "over a directory":
        (dots / "way").symlink_to(secret)
    for n, name in enumerate(names):
        path = box.home / name
        path.parent.mkdir(exist_ok=True)
        what = secret if name in directories else secret / "f"
        if deep == "straight":
            (dots / str(n)).symlink_to(what)
            path.symlink_to(dots / str(n))
        else:
            path.symlink_to(dots / "way" if name in directories else dots / "way" / "f")
    result = box.cco("--dry-run", *SMALL, env={"SSL_CERT_FILE": str(dots / ("way/f" if deep != "straight" else str(
        names.index(".gitconfig"))))})
    assert result.returncode == 0, result.err
    assert str(secret) not in result.out
    seen = starts(box, fake, "3 of your files are not shared:", " leads through the link ",
                  "To accept the present content of these: cco trust")
    assert not [m for m in seen.values() if m["Source"].startswith(str(secret))]


@pytest.mark.parametrize("kind", ["fifo", "device", "socket", "other type", "dangling"])
def test_claude_settings_of_a_wrong_file_type_are_absent_inside(real, own_image, kind):
    """Nothing exists there inside, regardless of what earlier sandboxes left, and no session hangs."""
    a_home(real, False)
    shell(real, "true")
    own = own_directory(real)
    for name, is_dir in LOCKED + COPIED:
        plant(real.home / ".claude" / name, kind if kind != "other type" else b"x" if is_dir else "directory")
        plant(own / name, b"evil" if not is_dir else "directory")
    before = all_of(real)
    result = shell(real, "cd ~/.claude; cat %s; ls %s; rm -rf hooks/x" % (
        " ".join(n for n, _ in COPIED), " ".join(n for n, _ in LOCKED)))
    assert "evil" not in result.out and "x" not in result.out.split("\n")
    assert all_of(real) == before


@pytest.mark.parametrize("way", ["into", "through"])
@pytest.mark.parametrize("name", [".claude", ".claude.json", ".local", ".claude/.credentials.json"] +
                         [f".claude/{n}" for n, _ in LOCKED + COPIED])
def test_project_that_contains_links_to_claudes_configuration_is_refused(box, fake, name, way):
    """The agent could change what claude on this machine obeys, or where cco keeps its own data."""
    target = box.project / "real" if way == "into" else box.home / "real"
    if name.endswith(("json", "md")):
        target.write_text(json.dumps(a_login(1)))
    else:
        target.mkdir()
    (box.project / "way").symlink_to(target)
    (box.home / name).parent.mkdir(exist_ok=True)
    (box.home / name).symlink_to(box.project / "way")
    del box.env["ANTHROPIC_API_KEY"]
    result = box.cco(*SMALL)
    assert result.returncode == 125 and "cannot be the project" in result.err, result.err
    assert not fake.asked("POST") and box.leftovers() == []


@pytest.mark.parametrize("kind", KINDS)
def test_planted_placeholders_are_not_followed(real, own_image, kind):
    """What a sandbox of an earlier version left in cco's own directory is neither followed nor written to."""
    a_home(real)
    trap = real.home / "other" / "trap"
    shell(real, "true")
    own = own_directory(real)
    trap.write_text("trap")
    before = all_of(real)
    names = [n for n, _ in SHARED + PARTS + LOCKED + COPIED + KEPT] + [".credentials.json"]
    for name in names:
        plant(own / name, "directory" if kind == "sparse" else kind, trap)
    result = shell(real, "ls ~/.claude/hooks; cat ~/.claude/CLAUDE.md; cd ~/.claude; "
                         + "; ".join(f"echo evil > {n}; echo evil > {n}/evil" for n in names) + "; true")
    assert result.out.split("\n")[:2] == ["host", "host CLAUDE.md"], result.err
    for name in [n for n, _ in KEPT + PARTS] + [".credentials.json"]:
        assert not (own / name).is_symlink()
    for path in own.rglob("*"):
        path.exists() and path.samefile(trap) and path.unlink()  # the number of hard links is compared
    assert all_of(real) == before


@pytest.mark.parametrize("kind", ["link", "fifo", "device"])
def test_planted_link_at_the_logins_placeholder_is_replaced(box, fake, kind):
    """/etc/passwd replaces the file of a login that was made inside: only the link is replaced."""
    starts(box, fake)
    trap = box.home / "trap"
    trap.write_text("trap")
    place = own_directory(box) / ".credentials.json"
    plant(place, kind, trap)
    starts(box, fake)
    assert trap.read_text() == "trap" and place.read_bytes() == b"" and not place.is_symlink()


def test_endless_tree_at_a_placeholder(box, fake):
    starts(box, fake)
    place = own_directory(box) / ".credentials.json"
    place.unlink()
    here = os.getcwd()
    os.mkdir(place)
    os.chdir(place)
    try:
        for _ in range(300):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    result = box.cco(*SMALL, timeout=20)
    assert result.returncode in (42, 125)
    told(result, *([] if result.returncode == 42 else [".credentials.json"]))
    assert box.leftovers() == []


# what a session leaves in place of .claude.json


JSON = {
    "gone": "rm ~/.claude.json",
    "fifo": "rm ~/.claude.json; mkfifo ~/.claude.json",
    "link": "ln -sf /etc/shadow ~/.claude.json",
    "link to itself": "ln -sf .claude.json ~/.claude.json",
    "link to the host's": "ln -sf ~/.claude/settings.json ~/.claude.json",
    "directory": "rm ~/.claude.json; mkdir ~/.claude.json",
    "device": "ln -sf /dev/zero ~/.claude.json",
    "1 GiB": "truncate -s 1G ~/.claude.json",
    "torn": """printf '{"numStartups":7,"mcpServers":{"evil"' > ~/.claude.json""",
    "binary": "head -c 100000 /dev/urandom > ~/.claude.json",
    "empty": ": > ~/.claude.json",
    "array": """echo '["evil"]' > ~/.claude.json""",
    "deep": "python3 -c \"print('{\\\"a\\\":' * 100000 + '1' + '}' * 100000)\" > ~/.claude.json",
    "deep project": "python3 -c \"print('{\\\"projects\\\":' + '{\\\"a\\\":' * 100000 + '1' + '}' * 100001)\" > ~/.claude.json",
    "many keys": "python3 -c \"print('{' + ','.join('\\\"k%d\\\":1' % i for i in range(300000)) + '}')\" > ~/.claude.json",
    "unreadable": "chmod 0 ~/.claude.json",
    "no UTF-8": r"""printf '{"tips\377":1,"mcpServers":{"evil":1}}' > ~/.claude.json""",
    "NUL": r"""printf '{"theme":"a\0b"}' > ~/.claude.json""",
}


@pytest.mark.parametrize("how", JSON)
def test_hostile_claude_json_does_not_reach_the_host(real, own_image, how):
    before = a_home(real)
    path = real.home / ".claude.json"
    text, inode = path.read_bytes(), path.stat().st_ino
    result = shell(real, JSON[how] + "; true")
    told(result)
    assert len(result.err.split("\n")) <= 2
    if how == "many keys" and path.read_bytes() != text:  # counters are taken, up to a limit
        assert path.stat().st_size < 16 << 20
        after = json.loads(path.read_text())
        assert {k: after[k] for k in HOST} == HOST
    else:
        assert (path.read_bytes(), path.stat().st_ino) == (text, inode)
    assert all_of(real) == before


def test_setuid_file_cannot_be_made_inside(real, own_image):
    """If root runs cco, such a file would be root's for every user of the host."""
    result = shell(real, "mkdir -p .husky && cp /bin/true .husky/x; cp /bin/true suid; "
                         "for f in suid .husky/x; do chmod 4755 $f 2>/dev/null || chmod 755 $f; done; ./suid; echo $?")
    modes = [(real.project / name).stat().st_mode & 0o7777 for name in ("suid", ".husky/x")]
    assert modes == [0o755, 0o755] and result.out.strip() == "0"
    told(result, ".husky/x")


def test_devices_cannot_be_made_or_used(real, own_image):
    if os.getuid() == 0:
        os.mknod(real.project / "disk", 0o666 | stat.S_IFBLK, os.makedev(7, 0))
    result = shell(real, "mknod d c 1 3 2>/dev/null && echo made; head -c 1 disk >/dev/null 2>&1 && echo read; true")
    assert result.out == ""


def test_hard_links_out_of_the_project_cannot_be_made(real, own_image):
    before = a_home(real)
    result = shell(real, "ln ~/.claude/hooks/host ~/.claude/history.jsonl ~/.claude/settings.json . 2>/dev/null; "
                         "ln ~/.claude/projects/host ~/.claude/todos/x 2>/dev/null; ls -A")
    assert result.out == "" and all_of(real) == before


def test_placeholder_removed_by_another_session(real, own_image):
    """Two sessions of one project: the one without a login cannot remove or change the other one's login."""
    store = Store(real)
    store.write(a_login(1))
    key = real.env.pop("ANTHROPIC_API_KEY")
    one = Session(real)
    one.do("true")
    real.env["ANTHROPIC_API_KEY"] = key
    two = Session(real)
    two.do("(rm -f ~/.claude/.credentials.json; ln -s ~/x ~/.claude/.credentials.json) 2>/dev/null")
    one.do("echo evil > ~/.claude/.credentials.json")
    assert one.end() == "" and two.end() == ""
    assert store.read() == store.read() and store.token() == "sk-ant-ort01-refresh1"
    assert real.leftovers() == []
