# SPDX-License-Identifier: MIT
"""cco in a container of the engine that it uses, as in CI: the engine's socket is mounted into the container. The
project is in a mount of the machine outside, in a volume, or only in the container.
"""

import os
import json
import socket
import subprocess

import pytest

import remote_engine
from conftest import CCO, ENGINE, docker, docker_only

pytestmark = docker_only("cco in a container of the engine's")

IMAGE = "debian:trixie-slim"
SESSION = ["cco", "shell", "--image", IMAGE]


class Job:
    """A container that waits; steps run in it as in CI."""

    def __init__(self, socket, name, *options, mounts=(), network="default"):
        self.socket, self.name = socket, name
        config = {"Image": IMAGE, "Entrypoint": ["sleep", "600"], "HostConfig": {
            "AutoRemove": True, "NetworkMode": network, "Mounts": [
                {"Type": "bind", "Source": socket, "Target": "/var/run/docker.sock"},
                {"Type": "bind", "Source": str(CCO), "Target": "/usr/local/bin/cco", "ReadOnly": True}, *mounts]}}
        config["HostConfig"].update(*options)
        status, reply = docker(socket, "POST", f"/containers/create?name={name}", json.dumps(config).encode())
        assert status == 201, reply
        status, reply = docker(socket, "POST", f"/containers/{name}/start")
        assert status == 204, reply

    def run(self, *argv, where="/", env=()):
        """Returns the result of the step, by the engine's own exec, so that only the job's container tells cco where it
        is.
        """
        status, reply = docker(self.socket, "POST", f"/containers/{self.name}/exec", json.dumps({
            "AttachStdout": True, "AttachStderr": True, "WorkingDir": where, "Env": list(env),
            "Cmd": list(argv)}).encode())
        assert status == 201, reply
        step = json.loads(reply)["Id"]
        status, reply = docker(self.socket, "POST", f"/exec/{step}/start", b'{"Detach":false,"Tty":false}')
        assert status == 200, reply
        out = {1: b"", 2: b""}
        while reply:
            size = int.from_bytes(reply[4:8], "big")
            out[reply[0]] += reply[8:8 + size]
            reply = reply[8 + size:]
        status, reply = docker(self.socket, "GET", f"/exec/{step}/json")
        return json.loads(reply)["ExitCode"], out[1].decode(), out[2].decode()

    def shell(self, script, where, *options):
        code, out, err = self.run(*SESSION, *options, script, where=where)
        assert code == 0, err
        return out, err

    def plan(self, where, *options):
        code, out, err = self.run(*SESSION, "--dry-run", *options, "true", where=where)
        assert code == 0, err
        return json.loads(out)

    def end(self):
        self.run("cco", "cleanup", "--all", "--yes")
        docker(self.socket, "DELETE", f"/containers/{self.name}?force=1&v=1")


@pytest.fixture
def job(engine_socket, request, tmp_path):
    jobs = []

    def make(*options, **more):
        jobs.append(Job(engine_socket, f"cco-test-job-{tmp_path.name}-{len(jobs)}", *options, **more))
        return jobs[-1]
    yield make
    for one in jobs:
        one.end()


def bind(source, target, **more):
    return {"Type": "bind", "Source": str(source), "Target": target, **more}


def source_of(plan, target):
    return [(m["kind"], m["source"], m["read_only"]) for m in plan["mounts"] if m["target"] == target]


@pytest.fixture
def project(tmp_path):
    place = tmp_path / "my project"
    place.mkdir()
    (place / "file").write_text("from outside\n")
    return place


def test_mounted_project_is_found_on_the_engines_machine(job, project):
    it = job(mounts=[bind(project, "/build/it is here")])
    out, err = it.shell("cat file; echo from inside >new; pwd", "/build/it is here")
    assert out == "from outside\n/build/it is here\n"
    assert "the engine sees the project" in err and "a container of this engine" in err
    assert (project / "new").read_text() == "from inside\n"
    assert source_of(it.plan("/build/it is here"), "/build/it is here") == [("bind", str(project), False)]


def test_directory_below_a_mount_is_found(job, project):
    (project / "sub/deep").mkdir(parents=True)
    it = job(mounts=[bind(project.parent, "/build")])
    it.shell("touch new", "/build/my project/sub/deep")
    assert (project / "sub/deep/new").exists()


def test_link_to_a_mount_is_followed(job, project):
    it = job(mounts=[bind(project, "/mnt/real")])
    it.run("ln", "-s", "/mnt/real", "/build")
    out, _ = it.shell("cat file", "/build")
    assert out == "from outside\n"


def test_project_in_a_volume(job, engine_socket):
    it = job(mounts=[{"Type": "volume", "Target": "/build"}])
    it.run("sh", "-c", "echo first >file", where="/build")
    out, err = it.shell("cat file; echo second >new", "/build")
    assert out == "first\n" and "the engine sees the project" in err
    assert it.run("cat", "new", where="/build")[1] == "second\n"
    assert source_of(it.plan("/build"), "/build")[0][0] == "bind"


def test_project_only_in_the_container_is_sent(job):
    it = job()
    it.run("sh", "-c", "mkdir -p /srv/app && echo first >/srv/app/file && chmod 640 /srv/app/file")
    out, err = it.shell("stat -c %a file; cat file; echo second >new; rm file", "/srv/app")
    assert out == "640\nfirst\n" and "cco sends them to it" in err
    assert it.run("sh", "-c", "ls; cat new", where="/srv/app")[1] == "new\nsecond\n"


def test_mounts_inside_the_project_are_included(job, project, tmp_path):
    for name in ("node_modules", "fixed", "memory"):
        (project / name).mkdir()
    (tmp_path / "fixed").mkdir()
    (tmp_path / "fixed/file").write_text("fixed\n")
    it = job({"Tmpfs": {"/build/memory": ""}}, mounts=[
        bind(project, "/build"), {"Type": "volume", "Target": "/build/node_modules"},
        bind(tmp_path / "fixed", "/build/fixed", ReadOnly=True)])
    it.run("sh", "-c", "echo module >node_modules/m; echo secret >memory/s", where="/build")
    out, _ = it.shell("cat node_modules/m fixed/file; touch node_modules/new; touch fixed/x || ls memory", "/build")
    assert out == "module\nfixed\n"
    assert list((project / "node_modules").iterdir()) == []
    assert it.run("ls", "node_modules", where="/build")[1] == "m\nnew\n"


def test_hidden_paths_stay_hidden_under_inner_mounts(job, project):
    (project / "secret/deep").mkdir(parents=True)
    (project / "secret/key").write_text("of the project\n")
    it = job(mounts=[bind(project, "/build"), {"Type": "volume", "Target": "/build/secret/deep"}])
    it.run("sh", "-c", "echo key >secret/deep/key", where="/build")
    assert it.shell("ls -A secret; ls -A", "/build", "--deny", "secret")[0].split() == ["file", "secret"]
    out, _ = it.shell("cat secret/deep/key; touch secret/deep/x || true", "/build", "--ro", "secret/deep")
    assert out == "key\n" and it.run("ls", "secret/deep", where="/build")[1] == "key\n"


def test_read_only_project_stays_read_only(job, project):
    it = job(mounts=[bind(project, "/build", ReadOnly=True)])
    out, _ = it.shell("cat file; touch new || echo no", "/build")
    assert out == "from outside\nno\n"
    assert source_of(it.plan("/build"), "/build") == [("bind", str(project), True)]


def test_session_shares_the_jobs_localhost(job, project):
    """Outside of containers a session has the machine's localhost. Likewise it reaches what the job has started."""
    it = job(mounts=[bind(project, "/build")])
    ours = it.run("readlink", "/proc/self/ns/net")[1]
    out, _ = it.shell("readlink /proc/self/ns/net", "/build")
    assert out == ours
    assert it.plan("/build")["network"]["mode"] == "own"
    out, _ = it.shell("readlink /proc/self/ns/net", "/build", "--network", "bridge")
    assert out != ours
    # ports are published in a network of the session's own
    plan = it.plan("/build", "--publish", "8080")
    assert plan["network"]["mode"] == "bridge" and len(plan["network"]["ports"]) == 1


def test_job_with_host_networking(job, project):
    it = job(mounts=[bind(project, "/build")], network="host")
    ours = subprocess.run(["readlink", "/proc/self/ns/net"], capture_output=True, check=True).stdout.decode()
    if it.run("readlink", "/proc/self/ns/net")[1] != ours:
        pytest.skip("the engine has a network namespace of its own")
    assert it.shell("readlink /proc/self/ns/net", "/build")[0] == ours


def test_docker_option_passes_the_jobs_socket(job, project, engine_socket):
    it = job(mounts=[bind(project, "/build")])
    code, out, err = it.run(*SESSION, "--docker", "test -S /var/run/docker.sock && echo there", where="/build")
    assert (code, out) == (0, "there\n"), err
    assert [source for _, source, _ in source_of(it.plan("/build", "--docker"), "/var/run/docker.sock")] == \
        [engine_socket]


def test_additional_directory_of_the_job(job, project):
    it = job(mounts=[bind(project, "/build"), {"Type": "volume", "Target": "/cache"}])
    it.run("sh", "-c", "mkdir /cache/a /srv/b; echo in a volume >/cache/a/f; echo sent >/srv/b/f")
    out, _ = it.shell("cat /cache/a/f /srv/b/f; touch /cache/a/new /srv/b/new", "/build", "--add-dir", "/cache/a",
                      "--add-dir", "/srv/b:rw")
    assert out == "in a volume\nsent\n"
    assert it.run("ls", "/cache/a", "/srv/b")[1] == "/cache/a:\nf\nnew\n\n/srv/b:\nf\nnew\n"


def test_ssh_agent_of_the_job(job, project, tmp_path):
    """The engine carries the session's bytes, so that cco cannot pass the agent to init, and says so."""
    place = tmp_path / "agent"
    with socket.socket(socket.AF_UNIX) as agent:
        agent.bind(str(place))
        agent.listen()
        it = job(mounts=[bind(project, "/build"), bind(place, "/agent")])
        code, out, err = it.run(*SESSION, 'echo "${SSH_AUTH_SOCK-unset}"', where="/build", env=["SSH_AUTH_SOCK=/agent"])
    assert (code, out) == (0, "unset\n"), err
    assert "the ssh agent" in err


def test_ordinary_user_of_the_job(job, project):
    os.chown(project, 1234, 1234)
    it = job(mounts=[bind(project, "/build")])
    code, out, err = it.run("sh", "-c", "chmod 666 /var/run/docker.sock; setpriv --reuid 1234 --regid 1234 --clear-groups "
                            f"env HOME=/tmp/home cco shell --image {IMAGE} 'id -u; touch mine'", where="/build")
    assert (code, out) == (0, "1234\n"), err
    assert it.run("stat", "-c", "%u %n", "mine", where="/build")[1] == "1234 mine\n"


@pytest.fixture(scope="module")
def stranger(engine_socket, tmp_path_factory):
    """Another engine than the engine that made the job's container."""
    why = remote_engine.missing() if ENGINE.name == "docker" else "that of Docker is enough"
    if why is not None:
        pytest.skip(f"no second engine: {why}")
    engine = remote_engine.RemoteEngine(tmp_path_factory.mktemp("hidden"))
    engine.load(docker(engine_socket, "GET", f"/images/{IMAGE}/get")[1])
    yield engine
    engine.close()


def test_engine_that_did_not_create_the_job_is_remote(job, project, stranger):
    it = job(mounts=[bind(project, "/build"), bind(stranger.socket, "/run/other.sock")])
    code, out, err = it.run(*SESSION, "cat file; echo from there >new", where="/build",
                            env=["DOCKER_HOST=unix:///run/other.sock"])
    assert (code, out) == (0, "from outside\n"), err
    assert "a container that this engine does not know" in err
    assert (project / "new").read_text() == "from there\n"


def test_machine_with_an_engine_is_not_a_container(real):
    plan = json.loads(real.cco("shell", "--image", IMAGE, "--dry-run", "true").out)
    assert plan["network"]["mode"] != "own" and plan["trees"] == []
