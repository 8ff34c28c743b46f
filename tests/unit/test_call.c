/* SPDX-License-Identifier: MIT */
#include "net/call.h"

#include "base/clock.h"
#include "base/limits.h"
#include "fake.h"
#include "tap.h"

static const struct fake_rule rules[] = {
    {"GET /length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true},
    {"GET /chunks",
     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
     true},
    {"GET /cut", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel", false},
    {"GET /garbage", "SSH-2.0-OpenSSH\r\n", false},
    {"GET /nothing", NULL, false},
    {"GET /silent", "", false},
    {"POST /up", "HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nraw", true},
    {"POST /early",
     "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", false},
    {"POST /echo", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true},
    FAKE_END,
};

static struct fake fake;

static int get(const char *target, struct buf *out, bool *reusable, struct err *e)
{
    struct net_wait w = {.deadline_ms =
                             clock_ms() + (strcmp(target, "/silent") == 0 ? 50 : 5000)};
    const struct http_request r = {.method = "GET", .target = target, .host = "d"};
    struct conn conn;
    struct call c;
    int rc = -1;

    *e = (struct err){0};
    conn_init(&conn);
    call_init(&c, &conn);
    buf_reset(out);
    if (conn_unix(&conn, fake.socket, &w, e) == 0 && call_send_head(&c, &r, &w, e) == 0 &&
        call_head(&c, &w, e) == 0) {
        rc = call_body_all(&c, out, &w, e);
    }
    *reusable = call_reusable(&c);
    call_release(&c);
    conn_close(&conn);
    return rc;
}

static void simple(void)
{
    struct buf out;
    struct err e;
    bool reusable = false;

    buf_init(&out, 100);
    is_int(get("/length", &out, &reusable, &e), 0, "a reply with a Content-Length is received");
    is_str(buf_c(&out), "hello", "the body is complete");
    ok(reusable, "the connection can be used again");
    is_int(get("/chunks", &out, &reusable, &e), 0, "a chunked reply is received");
    is_str(buf_c(&out), "abcde", "the body is complete");
    ok(reusable, "the connection can be used again");
    ok(get("/cut", &out, &reusable, &e) < 0 && e.kind == ERR_EOF && !reusable,
       "a body that ends early is an error: %s", e.text);
    ok(get("/garbage", &out, &reusable, &e) < 0 && e.kind == ERR_FORMAT,
       "a reply that is not HTTP is an error: %s", e.text);
    ok(get("/nothing", &out, &reusable, &e) < 0 && e.kind == ERR_EOF,
       "a connection without a reply is an error: %s", e.text);
    ok(get("/silent", &out, &reusable, &e) < 0 && e.kind == ERR_TIMEOUT,
       "a silent peer is a timeout: %s", e.text);
    out.max = 3;
    ok(get("/length", &out, &reusable, &e) < 0 && e.kind == ERR_LIMIT && !reusable,
       "a body longer than the maximum is an error");
    buf_release(&out);
}

static void upgrade(void)
{
    struct net_wait w = {.deadline_ms = clock_ms() + 5000};
    const struct http_request r = {
        .method = "POST", .target = "/up", .host = "d", .upgrade = true};
    struct conn conn;
    struct call c;
    struct err e = {0};

    conn_init(&conn);
    call_init(&c, &conn);
    ok(conn_unix(&conn, fake.socket, &w, &e) == 0 && call_send_head(&c, &r, &w, &e) == 0 &&
           call_head(&c, &w, &e) == 0,
       "a request for an upgrade is answered");
    is_int(c.reply.state, HTTP_UPGRADED, "the upgrade is granted");
    while (conn.in.len < 3 && conn_fill(&conn, &w, &e) == 0) {
    }
    is_mem(buf_data(&conn.in), conn.in.len, "raw", 3,
           "bytes behind the head stay in the connection");
    call_release(&c);
    conn_close(&conn);
}

static void bodies(void)
{
    struct net_wait w = {.deadline_ms = clock_ms() + 5000};
    struct http_request r = {
        .method = "POST", .target = "/early", .host = "d", .body = HTTP_BODY_CHUNKED};
    static char big[256 << 10];
    struct conn conn;
    struct call c;
    struct err e = {0};
    bool early = false;

    conn_init(&conn);
    call_init(&c, &conn);
    ok(conn_unix(&conn, fake.socket, &w, &e) == 0 && call_send_head(&c, &r, &w, &e) == 0,
       "the head of a request with a chunked body is sent");
    is_int(call_send_body(&c, str_c("part"), &w, &early, &e), 0,
           "the first part of the body is sent");
    (void)call_send_end(&c, &w, &e);
    for (int i = 0; i < 64 && !early; i++) {
        is_int(call_send_body(&c, str_n(big, sizeof(big)), &w, &early, &e), 0,
               "sending more is not an error");
    }
    ok(early, "a peer that closes its end sets `early`");
    is_int(call_head(&c, &w, &e), 0, "the reply is read");
    is_int(c.reply.status, 413, "the reply has the reason");
    call_release(&c);
    conn_close(&conn);
    conn_init(&conn);
    call_init(&c, &conn);
    r.target = "/echo";
    early = false;
    ok(conn_unix(&conn, fake.socket, &w, &e) == 0 && call_send_head(&c, &r, &w, &e) == 0 &&
           call_send_body(&c, str_c("abc"), &w, &early, &e) == 0 &&
           call_send_end(&c, &w, &e) == 0 && call_head(&c, &w, &e) == 0,
       "a chunked request is answered");
    ok(fake_saw(&fake, "\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
       "the chunks have the form of RFC 9112");
    call_release(&c);
    conn_close(&conn);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    fake_start(&fake, rules);
    simple();
    upgrade();
    bodies();
    fake_stop(&fake);
    return done_testing();
}
