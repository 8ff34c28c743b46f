# SPDX-License-Identifier: MIT
"""Engines that misbehave: always a clear error and exit status 125, never a hang or a crash, and nothing left behind."""

import io
import json
import signal
import subprocess
import tarfile

import pytest

from conftest import CCO
from fake import ERROUT, HELLO, OUTPUT, EXIT, chunked, frame, reply, said
from terminal import Terminal

RUN = ("--image", "small", "shell", "true")
STEPS = ["HEAD /_ping", "GET /info", "GET /images/", "POST /containers/create",
         "PUT /containers/c0ffee/archive", "POST /containers/c0ffee/attach",
         "POST /containers/c0ffee/wait", "POST /containers/c0ffee/start"]


def failed(box, result, *words):
    assert result.returncode == 125, result.err
    assert result.out == ""
    lines = result.err.strip().split("\n")
    assert lines[0].startswith("cco: ") and len(result.err) < 2000, result.err
    for word in words:
        assert word in result.err, result.err
    assert box.leftovers() == []


def test_engine_that_behaves(box, fake):
    result = box.cco(*RUN, stdin=b"input")
    assert (result.returncode, result.out, result.err) == (42, "out\n", "err\n")
    assert fake.stdin == b"input"
    order = [r[0].split("?")[0] for r in fake.requests]
    assert order.index("POST /containers/c0ffee/attach") < order.index("POST /containers/c0ffee/wait")
    assert order.index("POST /containers/c0ffee/wait") < order.index("POST /containers/c0ffee/start")
    assert box.leftovers() == []


def test_container_that_is_still_being_removed_does_not_take_the_name(box, fake):
    states = ["removing", "removing", None]
    one = {"Id": "beef", "Names": ["/cco-r"], "State": "", "Created": 7, "Labels": {"cco": "1"}}

    def create(engine, connection, request):
        if states:
            return engine.send(connection, request, reply(409, {"message": "the name /cco-r is already in use"}))
        return engine.create(connection, request)

    def containers(engine, connection, request):
        state = states.pop(0)
        return engine.send(connection, request, reply(200, [one | {"State": state}] if state else []))
    fake.answers["POST /containers/create"] = create
    fake.answers["GET /containers/json"] = containers
    fake.answers["DELETE /containers/beef"] = reply(409, {"message": "removal of container beef is already in progress"})
    result = box.cco("--name", "r", *RUN)
    assert (result.returncode, result.out, result.err) == (42, "out\n", "err\n")
    assert box.leftovers() == []


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64])
def test_replies_in_pieces(box, fake, piece):
    fake.piece = piece
    fake.output = frame(1, said(OUTPUT, b"x" * 3000)) + frame(1, said(ERROUT, b"err\n")) + frame(1, said(OUTPUT, b"\n"))
    result = box.cco(*RUN)
    assert (result.returncode, result.out, result.err) == (42, "x" * 3000 + "\n", "err\n")


def test_chunked_replies_with_trailers(box, fake):
    info = json.dumps({"SecurityOptions": []}).encode()
    fake.answers["GET /info"] = chunked(*[info[i:i + 1] for i in range(len(info))], trailer=b"X-T: 1\r\n")
    created = json.dumps({"Id": "c0ffee", "Warnings": ["kernel lacks swap limits"]}).encode()

    def create(engine, connection, request):
        engine.learn(request)
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" + chunked(created).replace(b"200 OK", b"201 Created"))
        return True
    fake.answers["POST /containers/create"] = create
    result = box.cco(*RUN)
    assert (result.returncode, result.out) == (42, "out\n")
    assert "kernel lacks swap limits" in result.err


@pytest.mark.parametrize("step", STEPS)
def test_connection_reset_at_every_step_and_byte(box, fake, step):
    for cut in (0, 1, 9, 12, 16, 30):
        fake.cut = (step, cut)
        fake.started.clear()
        fake.finished.clear()
        result = box.cco(*RUN)
        failed(box, result)


@pytest.mark.parametrize("step", STEPS)
def test_engine_that_stops_answering_at_every_step(box, fake, step):
    fake.silent = step
    box.env["CCO_ENGINE_TIMEOUT"] = "1"
    failed(box, box.cco(*RUN, timeout=30))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", [199, 204, 301, 400, 403, 418, 500, 503, 999])
def test_odd_http_statuses(box, fake, step, status):
    if (step, status) in ((STEPS[-1], 204),):
        return  # this status is success
    body = b"" if status in (204,) else b'{"message":"no, \\u001b[31mthanks"}'
    fake.answers[step] = reply(status, body)
    result = box.cco(*RUN)
    failed(box, result)
    assert "\x1b" not in result.err


@pytest.mark.parametrize("garbage", [
    b"", b"\0" * 100, b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/2 200\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500,
    b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200000, b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
])
@pytest.mark.parametrize("step", ["HEAD /_ping", "GET /info", "POST /containers/create",
                                  "POST /containers/c0ffee/attach", "POST /containers/c0ffee/wait"])
def test_bytes_that_are_not_http(box, fake, step, garbage):
    fake.answers[step] = lambda engine, connection, request: connection.sendall(garbage)
    failed(box, box.cco(*RUN))


@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"[]", b'{"Id":7}', b'{"Id":"../../etc"}', b'{"Id":"' + b"a" * 500 + b'"}',
    b"[" * 100000, b'{"Id":"c0ffee"', b"\xff\xfe", b'{"Id":"c0ffee"} trailing',
])
def test_replies_with_malformed_json(box, fake, body):
    fake.answers["POST /containers/create"] = reply(201, body)
    failed(box, box.cco(*RUN), "create container")


def test_reply_body_without_end(box, fake):
    def huge(engine, connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
    fake.answers["GET /info"] = huge
    failed(box, box.cco(*RUN), "limit")


def test_wrong_content_type_does_not_matter(box, fake):
    fake.answers["GET /info"] = reply(200, {"SecurityOptions": []}, kind="text/html")
    assert box.cco(*RUN).returncode == 42


def test_broken_log_frames(box, fake):
    fake.output = b"\x09\x00\x00\x00\x00\x00\x00\x01x"
    failed(box, box.cco(*RUN), "broken output stream")


def test_output_of_init_outside_the_protocol_is_shown(box, fake):
    fake.output += frame(2, b"noise\n")
    result = box.cco(*RUN)
    assert (result.returncode, result.out) == (42, "out\n")
    assert sorted(result.err.split("\n")) == ["", "err", "noise"]


def test_engines_exit_status_is_used_if_init_reports_none(box, fake):
    fake.tells_end = False
    assert box.cco(*RUN).returncode == 42


def test_peer_without_the_secret_is_refused_as_init(box, fake):
    fake.learn = lambda request: setattr(fake, "secret", b"0" * 64)
    failed(box, box.cco(*RUN), "not the session's init")
    assert fake.asked("DELETE /containers/c0ffee")


def test_signals_are_sent_as_frames(box, fake):
    child = subprocess.Popen([CCO, *RUN], cwd=box.project, env=box.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout.readline() == b"out\n"
    child.send_signal(signal.SIGUSR1)
    assert child.wait(20) == 42 and fake.signals == ["USR1"]
    child.stdin.close()
    child.stdout.close()


def test_stream_that_ends_inside_a_frame(box, fake):
    def attach(engine, connection, request):
        connection.sendall(b"HTTP/1.1 101 UPGRADED\r\n\r\n")
        engine.started.wait(10)
        connection.sendall(frame(1, said(HELLO, b"\x01i" + engine.secret)) + frame(1, said(OUTPUT, b"whole\n"))
                           + b"\1\0\0\0\0\0\0\x20\3\0\0\0")
    fake.answers["POST /containers/c0ffee/attach"] = attach
    result = box.cco(*RUN)
    assert result.returncode == 125 and "inside a log frame" in result.err
    assert fake.asked("DELETE /containers/c0ffee")


def test_plain_text_refusal_of_attach(box, fake):
    fake.answers["POST /containers/c0ffee/attach"] = (
        lambda engine, connection, request: connection.sendall(
            b"HTTP/1.1 409 Conflict\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
            b"You cannot attach to a paused container\r\n"))
    failed(box, box.cco(*RUN), "cannot attach to a paused container")
    assert fake.asked("DELETE /containers/c0ffee")


def test_status_200_is_accepted_as_an_upgrade(box, fake):
    def attach(engine, connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n")
        engine.started.wait(10)
        connection.sendall(frame(1, said(HELLO, b"\x01i" + engine.secret) + said(OUTPUT, b"hi\n")))
        connection.sendall(frame(1, said(EXIT, b"\0\0\0")))
        engine.finished.set()
    fake.answers["POST /containers/c0ffee/attach"] = attach
    assert box.cco(*RUN).out == "hi\n"


def test_refused_start_shows_the_engines_message(box, fake):
    fake.answers["POST /containers/c0ffee/start"] = reply(
        500, {"message": "OCI runtime create failed: no space left on device"})
    failed(box, box.cco(*RUN), "no space left on device")
    assert fake.asked("DELETE /containers/c0ffee")


def test_taken_container_name_is_replaced_by_another(box, fake):
    names = []

    def create(engine, connection, request):
        names.append(request[0])
        done = len(names) == 3
        engine.learn(request)
        connection.sendall(reply(201, {"Id": "c0ffee"}) if done
                           else reply(409, {"message": "the name is already in use"}))
        return True
    fake.answers["POST /containers/create"] = create
    assert box.cco(*RUN).returncode == 42
    assert len(set(names)) == 3


@pytest.mark.parametrize("version,word", [("1.24", "too old"), ("2.0", "1.30 to 1.55"), ("x", "not as a Docker engine")])
def test_api_version_is_negotiated(box, fake, version, word):
    fake.answers["HEAD /_ping"] = (
        f"HTTP/1.1 200 OK\r\nApi-Version: {version}\r\nContent-Length: 0\r\n\r\n").encode()
    failed(box, box.cco(*RUN), word)


def test_build_request_and_its_failure(box, fake):
    """The request for cco's own image, its context as Python's tarfile reads it, and its failure."""
    fake.answers["GET /images/"] = reply(404, {"message": "No such image"})
    fake.answers["POST /build"] = chunked(
        b'{"stream":"Step 1/2 : FROM debian"}\r\n', b'{"stream":"Step 2/2 : RUN x"}\r\n{"stream":"last words\\n"}',
        b'{"errorDetail":{"code":9,"message":"returned a non-zero code: 9"}}\r\n')
    result = box.cco("shell", "true")
    failed(box, result, "non-zero code: 9", "last words", "Step 2/2")
    target, fields, body = fake.asked("POST /build")[0]
    assert "version=2" in target and "t=cco%3A" in target
    names = {m.name: m for m in tarfile.open(fileobj=io.BytesIO(body)).getmembers()}
    assert {"Dockerfile", "apt-install", "install-claude", "ca", "cco"} <= set(names)
    assert names["cco"].mode == 0o755 and names["Dockerfile"].mode == 0o644
    assert all(m.uid == 0 and m.mtime == 0 for m in names.values())


def test_packages_change_the_image(box, fake):
    fake.answers["GET /images/"] = reply(404, {"message": "No such image"})
    fake.answers["POST /build"] = reply(200, {"errorDetail": {"message": "stop"}})
    box.cco("shell", "true")
    box.cco("--packages", "figlet,cowsay", "shell", "true")
    box.cco("--packages", "cowsay", "--packages=figlet", "shell", "true")
    tags = [r[0].split("t=cco%3A")[1][:12] for r in fake.asked("POST /build")]
    assert tags[0] != tags[1] == tags[2]


def test_secrets_reach_the_engine_nowhere(box, fake):
    (box.project / ".env").write_text("DB_PASSWORD=hunter2-dotenv\n")
    box.cco("--image", "small", "--env", "TOKEN=hunter2-option", "-p", "hi")
    sent = b"".join(r[0].encode() + r[2] for r in fake.requests)
    for secret in (b"hunter2", b"sk-ant-e2e-secret"):
        assert secret not in sent


def test_cleanup_and_info_against_a_broken_engine(box, fake):
    fake.answers["GET /containers/json"] = reply(500, {"message": "database is locked"})
    result = box.cco("cleanup")
    assert result.returncode == 125 and "database is locked" in result.err
    fake.answers["GET /info"] = reply(200, b"{")
    result = box.cco("info", "--json")
    assert result.returncode == 1
    assert json.loads(result.out)["engine"]["ready"] is False




@pytest.mark.parametrize("end", ["reset", "no status", "garbage"])
def test_terminal_is_restored_if_the_engine_fails(box, fake, end):
    """The terminal is restored, in each of these faults."""
    def attach(engine, connection, request):
        connection.sendall(b"HTTP/1.1 101 UPGRADED\r\n\r\n")
        engine.started.wait(10)
        connection.sendall(frame(1, said(HELLO, b"\x01i" + engine.secret) + said(OUTPUT, b"\x1b[2J\x1b[Hon the screen")))
        while b"x" not in connection.recv(4096):
            pass
        engine.finished.set()

    def wait(engine, connection, request):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        engine.finished.wait(10)
        if end == "garbage":
            connection.sendall(b"5\r\nwhat?\r\n0\r\n\r\n")
        elif end == "no status":
            connection.sendall(b"2\r\n{}\r\n0\r\n\r\n")
    fake.answers["POST /containers/c0ffee/attach"] = attach
    fake.answers["POST /containers/c0ffee/wait"] = wait
    terminal = Terminal([CCO, *RUN], box.env, box.project)
    before = terminal.before
    try:
        terminal.wait_for("on the screen")
        terminal.wait_for(lambda t: t.attributes() != before)
        terminal.type("x")
        assert terminal.wait() == 125
        assert terminal.attributes() == before
        assert "cco: " in terminal.text()
        if end == "reset":  # the session may still run, so the files for adopting it stay
            assert "cco attach" in terminal.text() and any(name.endswith(".key") for name in box.leftovers())
            assert not fake.asked("DELETE /containers/c0ffee")
        else:
            assert box.leftovers() == [] and fake.asked("DELETE /containers/c0ffee")
    finally:
        terminal.close()
