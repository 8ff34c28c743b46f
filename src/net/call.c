/* SPDX-License-Identifier: MIT */
#include "net/call.h"

#include "base/limits.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>

void call_init(struct call *c, struct conn *conn)
{
    *c = (struct call){.conn = conn};
    http_reply_init(&c->reply, false, false);
}

void call_release(struct call *c)
{
    http_reply_release(&c->reply);
}

int call_send_head(struct call *c, const struct http_request *r, const struct net_wait *w,
                   struct err *e)
{
    struct buf head;
    int rc;

    http_reply_release(&c->reply);
    http_reply_init(&c->reply, str_eq_c(str_c(r->method), "HEAD"), r->upgrade);
    c->chunked_request = r->body == HTTP_BODY_CHUNKED;
    c->broken = false;
    buf_init(&head, LIMIT_REQUEST);
    rc = http_write_head(r, &head, e);
    if (rc == 0) {
        rc = conn_write_all(c->conn, buf_str(&head), w, e);
        c->broken = rc < 0;
    }
    buf_wipe(&head); /* it may contain the password of a registry */
    return rc;
}

/* Returns true if a write failed because the peer has closed the connection. Its reply, which
 * it may have sent before, then says more than this error. */
static bool is_gone(const struct err *e)
{
    return e->kind == ERR_SYS && (e->errnum == EPIPE || e->errnum == ECONNRESET);
}

static int send_part(struct call *c, struct str data, const struct net_wait *w, bool *early,
                     struct err *e)
{
    struct err sent = {0};

    if (conn_write_all(c->conn, data, w, &sent) == 0) {
        return 0;
    }
    c->broken = true;
    if (is_gone(&sent)) {
        *early = true;
        return 0;
    }
    *e = sent;
    return -1;
}

int call_send_body(struct call *c, struct str data, const struct net_wait *w, bool *early,
                   struct err *e)
{
    char size[24];
    int len;

    if (data.len == 0) {
        return 0;
    }
    if (!c->chunked_request) {
        return send_part(c, data, w, early, e);
    }
    len = snprintf(size, sizeof(size), "%zx\r\n", data.len);
    if (send_part(c, str_n(size, (size_t)len), w, early, e) < 0 ||
        (!*early && send_part(c, data, w, early, e) < 0)) {
        return -1;
    }
    return *early ? 0 : send_part(c, str_c("\r\n"), w, early, e);
}

int call_send_end(struct call *c, const struct net_wait *w, struct err *e)
{
    bool early = false;

    return c->chunked_request ? send_part(c, str_c("0\r\n\r\n"), w, &early, e) : 0;
}

/* Parses the bytes in the connection's buffer until *data is a run of the body or nothing is
 * left. The bytes behind *data stay in the buffer. */
static int feed(struct call *c, struct str *data, struct err *e)
{
    struct conn *conn = c->conn;

    *data = (struct str){0};
    while (conn->in.len > 0 && data->len == 0 &&
           (c->reply.state == HTTP_HEAD || c->reply.state == HTTP_BODY)) {
        enum http_state before = c->reply.state;
        size_t used = 0;

        if (http_in(&c->reply, buf_str(&conn->in), &used, data, e) < 0) {
            c->broken = true;
            return -1;
        }
        buf_drop(&conn->in, used); /* moves no bytes, so *data stays valid */
        if (before == HTTP_HEAD && c->reply.state != HTTP_HEAD) {
            break;
        }
    }
    if (conn->in.len > 0 || !conn->eof || data->len > 0) {
        return 0;
    }
    if (conn->cut && c->reply.state == HTTP_BODY && c->reply.body == HTTP_BODY_UNTIL_CLOSE) {
        c->broken = true;
        return err_set(e, ERR_EOF, "the connection was cut in the middle of a reply");
    }
    if (http_in_eof(&c->reply, e) < 0) {
        c->broken = true;
        return -1;
    }
    return 0;
}

int call_head(struct call *c, const struct net_wait *w, struct err *e)
{
    struct str data;

    while (c->reply.state == HTTP_HEAD) {
        if (feed(c, &data, e) < 0) {
            return -1;
        }
        if (c->reply.state == HTTP_HEAD && conn_fill(c->conn, w, e) < 0) {
            c->broken = true;
            return -1;
        }
    }
    return 0;
}

int call_body(struct call *c, struct str *data, const struct net_wait *w, struct err *e)
{
    for (;;) {
        if (feed(c, data, e) < 0) {
            return -1;
        }
        if (data->len > 0 || c->reply.state != HTTP_BODY) {
            return 0;
        }
        if (conn_fill(c->conn, w, e) < 0) {
            c->broken = true;
            return -1;
        }
    }
}

int call_body_now(struct call *c, struct str *data, struct err *e)
{
    if (feed(c, data, e) < 0) {
        return -1;
    }
    if (data->len > 0 || c->reply.state == HTTP_DONE) {
        return 0;
    }
    if (conn_fill_now(c->conn, e) < 0) {
        c->broken = true;
        return -1;
    }
    return feed(c, data, e);
}

int call_body_all(struct call *c, struct buf *out, const struct net_wait *w, struct err *e)
{
    struct str data;

    do {
        if (call_body(c, &data, w, e) < 0) {
            return -1;
        }
        if (buf_add_str(out, data) < 0) {
            c->broken = true;
            return err_set(e, ERR_LIMIT, "the reply of %s is past the limit of %zu bytes",
                           c->conn->peer, out->max);
        }
    } while (data.len > 0);
    return 0;
}

bool call_reusable(const struct call *c)
{
    return !c->broken && c->reply.state == HTTP_DONE && c->reply.keep_alive && !c->conn->eof;
}
