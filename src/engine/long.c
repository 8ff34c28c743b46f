/* SPDX-License-Identifier: MIT */
#include "engine/long.h"

#include "base/limits.h"
#include "engine/context.h"

/* Body bytes on their way into a call. */
struct upload {
    struct context_sink sink; /* first: context_send() gets this address */
    struct engine *engine;
    struct call *call;
    bool early; /* the engine answers already: the rest is not wanted */
};

static int put(struct context_sink *sink, struct str bytes, struct err *e)
{
    struct upload *u = (struct upload *)sink; /* the first member */
    struct net_wait w = api_wait(u->engine);

    return u->early ? 0 : call_send_body(u->call, bytes, &w, &u->early, e);
}

static int send_all(struct engine *en, struct call *c, const char *target, long_body body,
                    const void *what, struct err *e)
{
    struct net_wait w = api_wait(en);
    struct upload u = {.sink = {put}, .engine = en, .call = c};
    const struct http_request rq = {
        .method = "POST",
        .target = target,
        .host = "docker",
        .content_type = body != NULL ? "application/x-tar" : NULL,
        .body = body != NULL ? HTTP_BODY_CHUNKED : HTTP_BODY_NONE,
        .close = true,
    };

    if (api_connect(en, c->conn, &w, e) < 0 || call_send_head(c, &rq, &w, e) < 0) {
        return -1;
    }
    if (body == NULL) {
        return 0;
    }
    if (body(what, &u.sink, e) < 0) {
        return -1;
    }
    return u.early ? 0 : call_send_end(c, &w, e);
}

/* Silence is normal while a step works; a dead engine is not. */
static int still_there(const struct engine *en, struct err *e)
{
    struct err dead = {0};

    if (e->kind != ERR_TIMEOUT) {
        return -1;
    }
    if (!api_is_alive(en, &dead)) {
        if (dead.kind == ERR_CANCELED) {
            *e = dead;
        }
        return err_wrap(e, "the engine has stopped answering");
    }
    err_reset(e);
    return 0;
}

static int await_head(struct engine *en, struct call *c, struct err *e)
{
    for (;;) {
        struct net_wait w = api_wait(en);

        if (call_head(c, &w, e) == 0) {
            return 0;
        }
        if (still_there(en, e) < 0) {
            return -1;
        }
    }
}

static int next_bytes(struct engine *en, struct call *c, struct str *data, struct err *e)
{
    for (;;) {
        struct net_wait w = api_wait(en);

        if (call_body(c, data, &w, e) == 0) {
            return 0;
        }
        if (still_there(en, e) < 0) {
            return -1;
        }
    }
}

static int refused(struct engine *en, struct call *c, struct err *e)
{
    struct net_wait w = api_wait(en);
    struct buf text;
    struct err ignored = {0};
    int rc;

    buf_init(&text, LIMIT_HTTP_ERROR);
    (void)call_body_all(c, &text, &w, &ignored); /* what came of it is told */
    rc = api_refused(c->reply.status, buf_str(&text), e);
    buf_release(&text);
    return rc;
}

static int follow(struct engine *en, struct call *c, struct progress *progress, struct err *e)
{
    struct stream *s = NULL;
    struct str data;
    int rc = 0;

    if (await_head(en, c, e) < 0) {
        return -1;
    }
    if (c->reply.status != 200) {
        return refused(en, c, e);
    }
    s = stream_new(progress);
    do {
        rc = next_bytes(en, c, &data, e);
        if (rc == 0) {
            rc = stream_in(s, data, e);
        }
    } while (rc == 0 && data.len > 0);
    /* What the engine said before the stream broke off counts more than that it did. */
    if (rc == 0 || s->failed) {
        rc = stream_end(s, e);
    }
    stream_free(s);
    return rc;
}

int long_post(struct engine *en, const char *target, long_body body, const void *what,
              struct progress *progress, struct err *e)
{
    struct conn conn;
    struct call c;
    struct buf full;
    int rc = -1;

    conn_init(&conn);
    call_init(&c, &conn);
    buf_init(&full, LIMIT_REQUEST);
    api_target(en, target, &full);
    if (buf_c(&full) == NULL) {
        (void)err_set(e, ERR_LIMIT, "the request is past the limit of %d bytes", LIMIT_REQUEST);
    } else if (send_all(en, &c, buf_c(&full), body, what, e) == 0) {
        rc = follow(en, &c, progress, e);
    }
    call_release(&c);
    conn_close(&conn);
    buf_release(&full);
    return rc;
}
