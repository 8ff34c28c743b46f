/* SPDX-License-Identifier: MIT */
#include "engine/discover_endpoint.h"

#include "tap.h"

static struct arena arena;

static const struct endpoint_tls tls = {
    .on = true, .verify = true, .ca = "/c/ca.pem", .cert = "/c/cert.pem", .key = "/c/key.pem"};

static void good(const char *text, const struct endpoint_tls *with, enum endpoint_kind kind,
                 const char *address)
{
    struct endpoint ep;
    struct err e = {0};

    if (!ok(endpoint_parse(str_c(text), with, &arena, &ep, &e) == 0, "accepted: %s", text)) {
        (void)printf("#   %s\n", e.text);
        return;
    }
    ok(ep.kind == kind, "it has the expected kind");
    is_str(endpoint_address(&ep, &arena), address,
           "endpoint_address() shows it with the defaults");
    ok(ep.base != NULL && (kind == ENDPOINT_TCP) == (ep.path == NULL),
       "tcp has a base and no path, the others have a path");
    ok(ep.tls == (with != NULL && kind == ENDPOINT_TCP), "only tcp has TLS");
}

static void bad(const char *text, enum err_kind kind)
{
    struct endpoint ep;
    struct err e = {0};

    ok(endpoint_parse(str_c(text), NULL, &arena, &ep, &e) < 0 && e.kind == kind, "refused: %s",
       text);
    ok(e.hint[0] != '\0', "the hint says what to do");
    ok(strstr(e.text, "s3cret") == NULL, "no password is shown: %s", e.text);
}

static void exposed(const char *text, const struct endpoint_tls *with, bool is)
{
    struct endpoint ep;
    struct err e = {0};

    ok(endpoint_parse(str_c(text), with, &arena, &ep, &e) == 0 &&
           endpoint_is_exposed(&ep) == is,
       "%s: %s", text, is ? "exposed" : "not exposed");
}

static void test_members(void)
{
    struct endpoint ep;
    struct err e = {0};

    ok(endpoint_parse(str_c("ssh://me@big:22/run/x.sock"), &tls, &arena, &ep, &e) == 0,
       "a whole ssh address is parsed");
    is_str(ep.user, "me", "it has the user");
    is_str(ep.host, "big", "it has the host");
    is_str(ep.path, "/run/x.sock", "it has the path of the socket");
    is_int(ep.port, 22, "it has the port");
    ok(endpoint_parse(str_c("ssh://big"), NULL, &arena, &ep, &e) == 0,
       "a short ssh address is parsed");
    ok(ep.user == NULL && ep.port == 0, "ssh chooses the user and the port");
    is_str(ep.path, "/var/run/docker.sock", "the socket is the default one");
    ok(endpoint_parse(str_c("tcp://h/b//"), &tls, &arena, &ep, &e) == 0,
       "a tcp address with a base is parsed");
    is_str(ep.base, "/b", "the base has no slash at its end");
    ok(ep.tls && ep.verify, "TLS is on with verification");
    is_str(ep.ca, "/c/ca.pem", "it has the authority");
    is_str(ep.cert, "/c/cert.pem", "it has the certificate");
    is_str(ep.key, "/c/key.pem", "it has the key");
    is_int(ep.port, 2376, "the default port with TLS is 2376");
}

int main(void)
{
    const struct endpoint_tls off = {.ca = "/c/ca.pem"};

    good("unix:///run/d.sock", NULL, ENDPOINT_UNIX, "unix:///run/d.sock");
    good("unix:///a b:c", &tls, ENDPOINT_UNIX, "unix:///a b:c");
    good("tcp://127.0.0.1", NULL, ENDPOINT_TCP, "tcp://127.0.0.1:2375");
    good("tcp://127.0.0.1", &tls, ENDPOINT_TCP, "tcp://127.0.0.1:2376");
    good("h:1", NULL, ENDPOINT_TCP, "tcp://h:1");
    good("tcp://[fe80::1]:99/x/y", NULL, ENDPOINT_TCP, "tcp://[fe80::1]:99/x/y");
    good("tcp://h/", NULL, ENDPOINT_TCP, "tcp://h:2375");
    good("ssh://h", NULL, ENDPOINT_SSH, "ssh://h");
    good("ssh://h/", NULL, ENDPOINT_SSH, "ssh://h");
    good("ssh://u@[::1]:22/s", &tls, ENDPOINT_SSH, "ssh://u@[::1]:22/s");
    bad("", ERR_FORMAT);
    bad("unix://relative", ERR_FORMAT);
    bad("foo", ERR_REFUSED);
    bad("/var/run/docker.sock", ERR_REFUSED);
    bad("tcp://h/a b", ERR_FORMAT);
    bad("tcp://h/a\rb", ERR_FORMAT);
    bad("tcp://h/?x", ERR_FORMAT);
    bad("tcp://h\xc3\xa4", ERR_FORMAT);
    bad("ftp://h", ERR_FORMAT);
    bad("ssh://-oProxyCommand=x", ERR_FORMAT);
    bad("npipe:////./pipe/docker_engine", ERR_REFUSED);
    bad("fd://", ERR_REFUSED);
    bad("http://h:2375", ERR_REFUSED);
    bad("ssh://me:s3cret@h", ERR_REFUSED);
    bad("tcp://me:s3cret@h:1/x", ERR_REFUSED);
    bad("me:s3cret@h", ERR_REFUSED);
    bad("https://h", ERR_REFUSED);
    exposed("tcp://127.0.0.1:2375", NULL, false);
    exposed("tcp://localhost", NULL, false);
    exposed("tcp://[::1]", NULL, false);
    exposed("tcp://10.0.0.1", NULL, true);
    exposed("tcp://10.0.0.1", &off, true);
    exposed("tcp://127.0.0.1.example.com", NULL, true);
    exposed("tcp://10.0.0.1", &tls, false);
    exposed("ssh://10.0.0.1", NULL, false);
    exposed("unix:///s", NULL, false);
    test_members();
    arena_release(&arena);
    return done_testing();
}
