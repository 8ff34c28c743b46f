/* SPDX-License-Identifier: MIT */
#include "engine/docker_transport.h"

#include "base/clock.h"
#include "pairs.h"
#include "tap.h"
#include "tmpdir.h"
#include "web.h"

static char *env[] = {NULL};

static int try(struct transport *t, const struct endpoint *ep, struct err *e)
{
    const struct net_wait w = {.deadline_ms = clock_ms() + 500};
    struct conn c;
    int rc;

    err_reset(e);
    conn_init(&c);
    rc = transport_connect(t, ep, &c, &w, e);
    ok((rc == 0) == (c.fd >= 0), "the connection is open exactly after success");
    conn_close(&c);
    return rc;
}

int main(void)
{
    static const struct web_rule rules[] = {{NULL, NULL, 0, false}};
    struct endpoint ep = {.kind = ENDPOINT_TCP, .host = "127.0.0.1", .base = ""};
    struct transport *t = transport_new(env, "/nonexistent");
    struct err e = {0};
    struct web web;
    char ca[512];
    char cert[512];
    char key[512];

    tmpdir_make();
    web_start(&web, rules);
    (void)snprintf(ca, sizeof(ca), "%s", in_tmp("ca"));
    (void)snprintf(cert, sizeof(cert), "%s", in_tmp("cert"));
    (void)snprintf(key, sizeof(key), "%s", in_tmp("key"));
    is_str(transport_dir(t), "/nonexistent", "transport_dir() is the directory");
    ok(transport_dir(NULL) == NULL, "without a transport the directory is NULL");
    ep.port = web.port;
    ok(try(NULL, &ep, &e) == 0, "plain tcp needs no transport");
    ep.tls = ep.verify = true;
    ep.ca = ca;
    ok(try(t, &ep, &e) < 0 && e.kind == ERR_NOT_FOUND, "a missing authority is an error: %s",
       e.text);
    put_file(ca, "nothing\n");
    ok(try(t, &ep, &e) < 0 && e.kind == ERR_FORMAT && e.hint[0] != '\0',
       "a file without a certificate is an error: %s", e.text);
    put_file(ca, ec_authority_pem);
    put_file(cert, ec_pem);
    put_file(key, rsa_pkcs8);
    ep.cert = cert;
    ep.key = key;
    ok(try(t, &ep, &e) < 0 && e.kind == ERR_REFUSED && strstr(e.text, key) != NULL,
       "a key of another certificate is an error: %s", e.text);
    put_file(key, ec_pkcs8);
    ok(try(t, &ep, &e) < 0 && e.kind == ERR_TIMEOUT,
       "the files are read again after an error: %s", e.text);
    web_stop(&web);
    ok(try(t, &ep, &e) < 0 && e.hint[0] != '\0',
       "a refused connection is an error with a hint: %s", e.text);
    ep = (struct endpoint){.kind = ENDPOINT_SSH, .host = "h", .path = "/x"};
    ok(try(NULL, &ep, &e) < 0 && e.kind == ERR_USAGE, "ssh needs a transport: %s", e.text);
    transport_free(t);
    transport_free(NULL);
    transport_abandon(NULL);
    transport_abandon(transport_new(env, "/x"));
    tmpdir_remove();
    return done_testing();
}
