# SPDX-License-Identifier: MIT
"""cco self-update with servers, networks and proxies of every kind: cco refuses, in time and with a message, what is
not certainly the right server, and changes nothing.
"""

import shutil
import socket
import ssl
import time

import pytest

from release import Proxy, Server, head, program, redirect, release

SLOW = 22  # seconds until a slow download is given up (net/fetch.h)


@pytest.mark.parametrize("cipher", ["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES128-GCM-SHA256",
                                    "ECDHE-ECDSA-AES256-GCM-SHA384"])
def test_every_accepted_cipher(machine, cipher):
    server = machine.server()
    server.context.maximum_version = ssl.TLSVersion.TLSv1_2
    server.context.set_ciphers(cipher)
    machine.renewed(server.url + "/r/")


@pytest.mark.parametrize("how", ["length", "close", "chunks", "no goodbye"])
def test_truncated_downloads_are_refused(machine, how):
    routes = release(machine.pki, machine.later, machine.new)
    half = machine.new[:len(machine.new) // 2]

    def send(connection):
        if how == "length":
            connection.sendall(head("200 OK", f"Content-Length: {len(machine.new)}") + half)
        elif how == "chunks":
            connection.sendall(head("200 OK", "Transfer-Encoding: chunked") + b"%x\r\n" % len(half) + half + b"\r\n")
        else:
            connection.sendall(head() + (machine.new if how == "no goodbye" else half))
        return "cut" if how == "no goodbye" else None

    routes[program(routes)] = send
    word = {"length": "closed", "chunks": "closed", "close": "size", "no goodbye": "cut"}[how]
    machine.refused(machine.server(routes).url + "/r/", word)


@pytest.mark.parametrize("certificate, words", [
    ("expired", ("expired", "clock")), ("remote", ("another host name",)),
    ("unknown", ("not signed", "SSL_CERT_FILE")), ("self", ("not signed",)), ("weak", ("too short",)),
])
def test_invalid_certificates_are_refused(machine, certificate, words):
    server = machine.server(certificate=certificate)
    machine.refused(server.url + "/r/", "localhost", *words)
    assert server.seen == []


def test_trusted_self_signed_server(machine):
    machine.renewed(machine.server(certificate="self").url + "/r/",
                    env={"SSL_CERT_FILE": str(machine.pki.pem("self"))})


def test_additional_authorities_are_used(machine, tmp_path):
    url = machine.server(certificate="unknown").url + "/r/"
    stranger = str(machine.pki.pem("stranger"))
    machine.refused(url, "not signed")
    machine.refused(url, "NODE_EXTRA_CA_CERTS", "/nowhere", env={"NODE_EXTRA_CA_CERTS": "/nowhere"})
    directory = tmp_path / "certs"
    directory.mkdir()
    shutil.copy(stranger, directory / "stranger.pem")
    status, _, err = machine.update(url, "--check", env={"NODE_EXTRA_CA_CERTS": stranger})
    assert status == 1, err
    status, _, err = machine.update(url, "--check", env={"SSL_CERT_DIR": str(directory)})
    assert status == 1, err
    empty = tmp_path / "empty"
    empty.write_text("no certificate\n")
    machine.refused(url, "ca-certificates", env={"SSL_CERT_FILE": str(empty)})


def test_redirects_are_followed(machine):
    there = machine.server()
    routes = {path: redirect(f"{there.url}{path}") for path in there.routes}
    routes["/r/manifest.json"] = redirect("x/../moved?a=1", "308 Permanent Redirect")
    routes["/r/moved?a=1"] = redirect("/r/again", "307 Temporary Redirect")
    routes["/r/again"] = redirect(f"//localhost:{there.port}/r/manifest.json", "301 Moved Permanently")
    machine.renewed(machine.server(routes).url + "/r/")
    assert len(there.seen) == 3


def test_bad_redirects_are_refused(machine):
    plain = Server(release(machine.pki, machine.later, machine.new))
    machine.servers.append(plain)
    server = machine.server({
        "/loop/manifest.json": redirect("manifest.json"), "/plain/manifest.json": redirect(plain.url + "/r/manifest.json"),
        "/file/manifest.json": redirect("file:///etc/passwd"), "/user/manifest.json": redirect("https://a:b@localhost/"),
        "/none/manifest.json": lambda c: c.sendall(head("302 Found", "Content-Length: 0"))})
    machine.refused(server.url + "/loop/", "more than 5 redirects")
    assert len(server.seen) == 6
    machine.refused(server.url + "/plain/", "plain http")
    machine.refused(server.url + "/file/", "redirect")
    assert "b@" not in machine.refused(server.url + "/user/", "user name")
    machine.refused(server.url + "/none/", "redirect")
    assert plain.seen == []


def test_plain_http(machine):
    machine.refused("http://update.example/r/", "https://")
    plain = Server(release(machine.pki, machine.later, machine.new))
    machine.servers.append(plain)
    machine.renewed(plain.url + "/r/")  # a proxy of this machine: only the signature counts


def test_server_with_tls_1_3_only_is_refused(machine):
    machine.refused(machine.server(minimum=ssl.TLSVersion.TLSv1_3).url + "/r/", "TLS 1.2")


def test_slow_download_is_given_up(machine):
    routes = release(machine.pki, machine.later, machine.new)

    def drip(connection):
        connection.sendall(head("200 OK", f"Content-Length: {len(machine.new)}"))
        for byte in machine.new:
            connection.sendall(bytes([byte]))
            time.sleep(0.2)

    routes[program(routes)] = drip
    machine.refused(machine.server(routes).url + "/r/", "slow", timeout=SLOW + 20)


def test_stalled_handshake_is_given_up(machine):
    server = machine.server(handshake=lambda connection: connection.recv(1) and time.sleep(60))
    machine.refused(server.url + "/r/", "in time", timeout=SLOW + 20)


GARBAGE = {
    "http": b"HTTP/1.1 400 Bad Request\r\n\r\n", "zeros": b"\0" * 40000, "records": b"\x16\x03\x03\xff\xff" * 9000,
    "ssh": b"SSH-2.0-x\r\n", "alert": b"\x15\x03\x03\x00\x02\x02\x28", "giant": b"\x16\x03\x03\x00\x04\x0b\xff\xff\xff",
    "nothing": b""}


@pytest.mark.parametrize("garbage", GARBAGE)
def test_bytes_that_are_not_tls(machine, garbage):
    def answer(connection):
        connection.recv(1)
        connection.sendall(GARBAGE[garbage])

    machine.refused(machine.server(handshake=answer).url + "/r/", "TLS with localhost")


def test_giant_certificate_chain_is_refused(machine):
    giant = machine.pki.path / "giant.pem"
    giant.write_text(machine.pki.pem("chained").read_text() + machine.pki.pem("middle").read_text() * 2000)
    shutil.copy(machine.pki.path / "chained.key", machine.pki.path / "giant.key")
    machine.refused(machine.server(certificate="giant").url + "/r/", "TLS with localhost")


REPLIES = {
    "long": (head("200 OK", *(f"X-{i}: {'x' * 900}" for i in range(100))), "head is too long"),
    "fields": (head("200 OK", *(f"X-{i}: x" for i in range(200))), "too many"),
    "lengths": (head("200 OK", "Content-Length: 5", "Content-Length: 6") + b"123456", "ambiguous"),
    "large": (head("200 OK", "Content-Length: 99999999999"), "limit"),
    "chunks": (head("200 OK", "Transfer-Encoding: chunked") + b"fffff\r\n" + b"x" * 0xfffff, "limit"),
    "garbage": (b"garbage\r\n\r\n", "status line"), "nothing": (b"", "closed"), "sorry": (head("500 Sorry"), "500 Sorry"),
    "empty": (head("204 No Content"), "204"), "zero": (head("200 OK", "Content-Length: 0"), "signature"),
    "colour": (head("500 \x1b[31mred"), "500")}


@pytest.mark.parametrize("reply", REPLIES)
def test_invalid_replies_are_refused(machine, reply):
    routes = release(machine.pki, machine.later, machine.new)
    routes["/r/manifest.json"] = lambda connection: connection.sendall(REPLIES[reply][0])
    assert "\x1b" not in machine.refused(machine.server(routes).url + "/r/", REPLIES[reply][1])


def test_server_that_cannot_be_reached(machine):
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    machine.refused(f"https://localhost:{port}/", "refused")
    machine.refused("https://no-such-host.invalid/", "no-such-host.invalid", "HTTPS_PROXY")
    for url in ("ftp://localhost/", "https://", "https://user:sesame@localhost/", "https://local host/", "x"):
        assert "sesame" not in machine.refused(url, "CCO_UPDATE_URL")


def test_https_proxy_is_used(machine):
    server = machine.server(certificate="proxied")
    proxy = Proxy(server.port, login="me:pass word")
    machine.servers.append(proxy)
    url = "https://update.example/r/"
    named = f"127.0.0.1:{proxy.port}"
    err = machine.refused(url, "407", "user:password", env={"HTTPS_PROXY": named})
    err += machine.refused(url, "407", env={"https_proxy": f"http://me:wrong@{named}/"})
    assert "wrong" not in err
    machine.refused(url, "update.example", env={"HTTPS_PROXY": f"http://me:pass%20word@{named}", "NO_PROXY": "x, .example"})
    assert len(proxy.seen) == 2
    machine.renewed(url, env={"ALL_PROXY": f"http://me:pass%20word@{named}", "no_proxy": "other.example"})
    assert all(seen.startswith("CONNECT update.example:443 HTTP/1.1\r\nHost: update.example:443\r\n") for seen in proxy.seen)


def test_bad_proxies_are_reported(machine):
    url = "https://update.example/r/"
    for bad in ("socks5://me:sesame@127.0.0.1:1", "https://127.0.0.1:1", "http://", "127.0.0.1:x"):
        assert "sesame" not in machine.refused(url, "HTTPS_PROXY", env={"HTTPS_PROXY": bad})
    machine.refused(url, "proxy 127.0.0.1", "refused", env={"HTTPS_PROXY": "127.0.0.1:1"})
    for answer, word in ((head("403 Forbidden"), "403 Forbidden"), (b"SSH-2.0-x\r\n", "status line"), (b"", "closed"),
                         (head("200 OK") + b"early", "before the handshake")):
        proxy = Proxy(0, answer=answer)
        machine.servers.append(proxy)
        machine.refused(url, word, env={"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}"})


def test_loopback_needs_no_proxy(machine):
    machine.renewed(machine.server().url + "/r/", env={"HTTPS_PROXY": "http://127.0.0.1:1"})
