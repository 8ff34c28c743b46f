# SPDX-License-Identifier: MIT
"""Fixtures: a fresh home and project for each test, cco as a program, and a real engine if there is one."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import pytest

import images
import natively
from fake import FakeEngine
from release import Machine, Pki
from standin import StandIn

# A background job starts with SIGINT ignored, and nohup's children with SIGHUP ignored. The programs that
# the tests start must not inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
for inherited in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
    signal.signal(inherited, signal.SIG_DFL)

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CCO = os.environ.get("CCO", str(ROOT / "build" / "cco"))
TIMEOUT = 120
# The variables of this machine for certificates and proxies, which npm and apt need.
PASSED = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy",
          "https_proxy", "NO_PROXY", "no_proxy")


def pytest_collection_modifyitems(config, items):
    """Selects the tests of a part. With CCO_TEST_ENGINE, only tests that use an engine run. CCO_TEST_PART selects the
    tests that use an engine ("engine"), or the others ("alone"). Files that are for engines of another kind are left
    out.
    """
    foreign = [item for item in items if any(mark in FOR_OTHERS for mark in item.getparent(pytest.Module).own_markers)]
    config.hook.pytest_deselected(items=foreign)
    items[:] = [item for item in items if item not in foreign]
    part = os.environ.get("CCO_TEST_PART", "all") if ENGINE.name == "docker" else "engine"
    if part == "all":
        return
    sorted_out = {True: [], False: []}
    for item in items:
        sorted_out["engine_socket" in item.fixturenames].append(item)
    config.hook.pytest_deselected(items=sorted_out[part != "engine"])
    items[:] = sorted_out[part == "engine"]


class Engine:
    """The engine under test: the default engine, or the engine that CCO_TEST_ENGINE names. scripts/prepare-engine
    describes it in build/test with lines NAME=VALUE. Names in capitals are variables for cco, DOCKER_HOST among
    them. `socket` is the path at which the engine's API can be reached directly if DOCKER_HOST is not a unix socket.
    """

    def __init__(self):
        self.name = os.environ.get("CCO_TEST_ENGINE", "docker")
        self.podman = self.name.startswith("podman")
        self.native = self.name.startswith("native")
        self.rootless = self.name.endswith("-rootless")
        # Rootless Docker maps its root to the user, and Podman maps the user to the same number. The "host" network of
        # rootless Docker is its own network. Neither can limit anything without cgroup v2.
        docker_rootless = self.rootless and not self.podman
        self.uid, self.gid = (0, 0) if docker_rootless else (os.getuid(), os.getgid())
        self.host_network = not docker_rootless
        self.limits = not self.rootless or os.path.exists("/sys/fs/cgroup/cgroup.controllers")
        self.env, self.socket, self.why = {}, None, "run ./build.sh test"
        known = ROOT / "build" / "test" / "engine"
        if self.name != "docker":
            known = ROOT / "build" / "test" / "engines" / self.name
        if known.exists():
            lines = known.read_text().splitlines()
            told = dict(line.split("=", 1) for line in lines if "=" in line)
            self.env = {name: value for name, value in told.items() if name.isupper()}
            if self.native:
                self.socket, self.limits = "", natively.limits(CCO, self.env)
                return
            self.env.setdefault("DOCKER_HOST", f"unix://{lines[0]}")
            self.socket = told.get("socket", self.env["DOCKER_HOST"].removeprefix("unix://"))
        elif known.with_name(known.name + ".why").exists():
            self.why = known.with_name(known.name + ".why").read_text().strip()


ENGINE = Engine()
# The image for sessions that work with any image. Each engine of the tests has it.
IMAGE = () if ENGINE.native else ("--image", "debian:trixie-slim")
IMAGE_WORDS = " ".join(IMAGE)


FOR_OTHERS = []


def only_if(condition, reason):
    """Marks tests that make sense for one kind of engine only. In a file, `pytestmark` marks all tests of the file."""
    mark = pytest.mark.skipif(not condition, reason=reason)
    if not condition:
        FOR_OTHERS.append(mark.mark)
    return mark


def docker_only(reason):
    return only_if(not ENGINE.native, reason)


def native_only(reason):
    return only_if(ENGINE.native, reason)


def until(condition, timeout=30):
    """Polls until a condition is true, and returns its value."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def refused(result, status, *words):
    """Asserts that cco refused: one to three lines on stderr that contain these words, and nothing on stdout."""
    assert result.returncode == status, result.err
    assert result.out == ""
    lines = [line for line in result.err.split("\n") if line]
    assert 1 <= len(lines) <= 3 and lines[0].startswith("cco: "), result.err
    for word in words:
        assert word in result.err, result.err


def killed_session(box):
    """Starts a session and kills its cco after its command has started."""
    with subprocess.Popen([CCO, *IMAGE, "shell", "echo up; exec sleep 1000"], cwd=box.project, env=box.env,
                          stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as child:
        assert child.stdout.readline() == b"up\n"
        child.kill()


def put(path, text, mode=0o600):
    """Writes a file, and makes the directories above it. Returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def open_to_all(path):
    """Lets every user pass through the temporary directories above."""
    for parent in path.parents:
        if parent.is_relative_to(tempfile.gettempdir()) and parent != pathlib.Path(tempfile.gettempdir()):
            parent.chmod(parent.stat().st_mode | 0o011)


def as_another_user(box, *args, group=4242, timeout=120):
    """Runs cco as an unprivileged user without an account. The box belongs to that user afterwards."""
    base = box.home.parent
    shutil.copy(CCO, base / "cco")
    for path in (base, *base.rglob("*")):
        os.chown(path, 4242, group, follow_symlinks=False)
    open_to_all(base)
    return subprocess.run(["setpriv", "--reuid=4242", f"--regid={group}", "--clear-groups", base / "cco", *args],
                          cwd=box.project, env=box.env, capture_output=True, text=True, timeout=timeout, check=False)


class Box:
    """A home with a project in it; cco runs there."""

    def __init__(self, base):
        self.home = base / "home"
        self.project = self.home / "my project"
        self.runtime = base / "run"
        self.project.mkdir(parents=True)
        self.runtime.mkdir(mode=0o700)
        self.env = {
            "PATH": "/usr/bin:/bin", "HOME": str(self.home), "TERM": "xterm-256color",
            "XDG_RUNTIME_DIR": str(self.runtime), "ANTHROPIC_API_KEY": "sk-ant-e2e-secret",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "CCO_ENGINE_TIMEOUT": "60",
            "npm_config_registry": "http://127.0.0.1:9/",  # no test fetches claude by accident
        }

    def use(self, socket):
        self.env["DOCKER_HOST"] = f"unix://{socket}"
        return self

    def use_engine(self):
        """Uses the engine under test, with all the variables that cco needs to find it."""
        self.env.update(ENGINE.env)
        return self

    def cco(self, *args, stdin=b"", cwd=None, timeout=TIMEOUT, env=None):
        result = subprocess.run(
            [CCO, *args], input=stdin, capture_output=True, timeout=timeout,
            cwd=cwd or self.project, env={**self.env, **(env or {})}, check=False)
        result.out = result.stdout.decode(errors="replace")
        result.err = result.stderr.decode(errors="replace")
        return result

    def leftovers(self):
        """Returns the files of sessions in the runtime directory. There should be none."""
        directory = self.runtime / "cco"
        return sorted(p.name for p in directory.iterdir()) if directory.exists() else []


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path)


@pytest.fixture
def fake(box):
    engine = FakeEngine()
    box.use(engine.socket)
    box.env["CCO_ENGINE_TIMEOUT"] = "2"
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def engine_socket():
    if ENGINE.socket is None:
        pytest.skip(f"no engine: {ENGINE.why}")
    return ENGINE.socket


@pytest.fixture
def real(box, engine_socket, tmp_path):
    box.use_engine()
    for name in PASSED:
        if name in os.environ:
            box.env[name] = os.environ[name]
    yield box
    if ENGINE.native:
        natively.Sessions(tmp_path).kill()


def docker(engine_socket, method, target, body=None, kind="application/json"):
    """Sends one request to the engine and returns the status and the body."""
    import http.client
    import socket
    connection = http.client.HTTPConnection("docker", timeout=300)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(engine_socket)
    connection.request(method, target, body, {"Content-Type": kind} if body else {})
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    return reply.status, text


@pytest.fixture
def api(engine_socket, tmp_path):
    if ENGINE.native:
        return natively.Sessions(tmp_path)
    return lambda *args, **kwargs: docker(engine_socket, *args, **kwargs)


@pytest.fixture
def small(real, api):
    """A box with a small image that is quick to build. The fixture removes what the test left behind."""
    before = images.tags(api)
    images.dockerfile(real, images.SMALL)
    yield real
    for tag in images.tags(api) - before:
        api("DELETE", f"/v1.41/images/{tag}?force=1")


@pytest.fixture(scope="session")
def own_image(engine_socket, tmp_path_factory):
    """cco's own image, built by cco, with the log of the build; natively the programs of this machine."""
    box = Box(tmp_path_factory.mktemp("image")).use_engine()
    for name in PASSED:
        if name in os.environ:
            box.env[name] = os.environ[name]
    result = box.cco("--", "--version", timeout=3000)
    if result.returncode != 0:
        pytest.fail(f"the image cannot be built:\n{result.err}")
    box.log = result.err
    box.version = result.out
    return box


def with_standin(box):
    """Yields a box whose claude knows its key and talks to a stand-in on this machine."""
    box.standin = StandIn()
    box.env["ANTHROPIC_BASE_URL"] = box.standin.url
    (box.home / ".claude.json").write_text(
        '{"hasCompletedOnboarding":true,"theme":"dark",'
        '"customApiKeyResponses":{"approved":["sk-ant-e2e-secret"],"rejected":[]}}')
    yield box
    box.standin.close()


@pytest.fixture
def claude(real, own_image, api):
    """The real Claude Code, in cco's image or of this machine, which talks to a stand-in on this machine."""
    if not ENGINE.host_network:
        pytest.skip("this engine's host network is its own: no claude in there reaches the stand-in")
    yield from with_standin(real)


@pytest.fixture(scope="session")
def pki(tmp_path_factory):
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="session")
def programs(pki, tmp_path_factory):
    """This version with the test's key, and the same program with a later version number."""
    out = tmp_path_factory.mktemp("programs") / "cco"
    subprocess.run([ROOT / "scripts" / "build-for-update-test", pki.path / "release.pub", out],
                   check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
    old = out.read_bytes()
    version = subprocess.run([out, "--version"], capture_output=True, check=True).stdout.split()[1]
    later = version[:-1] + b"9"
    assert old.count(version + b"\0") > 0 and later != version
    return old, old.replace(version + b"\0", later + b"\0"), later.decode()


@pytest.fixture
def machine(tmp_path, pki, programs):
    m = Machine(tmp_path, pki, programs)
    yield m
    for server in m.servers:
        server.close()
