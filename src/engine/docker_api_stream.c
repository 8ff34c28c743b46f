/* SPDX-License-Identifier: MIT */
#include "engine/docker_api_stream.h"

#include "base/clock.h"
#include "base/limits.h"
#include "engine/image_context.h"

#include <string.h>

/* The sink that sends bytes as the body of a call. */
struct upload {
    struct context_sink sink; /* the first member: api_stream_call.body gets this address */
    struct engine *engine;
    struct call *call;
    bool early; /* the engine has answered already, so that the rest is not sent */
};

static int put(struct context_sink *sink, struct str bytes, struct err *e)
{
    struct upload *u = (struct upload *)sink; /* the first member */
    struct net_wait w = api_wait(u->engine);

    return u->early ? 0 : call_send_body(u->call, bytes, &w, &u->early, e);
}

static int send_head(struct engine *en, struct call *c, const struct http_request *rq,
                     struct err *e)
{
    struct net_wait w = api_wait(en);

    return api_connect(en, c->conn, &w, e) < 0 || call_send_head(c, rq, &w, e) < 0 ? -1 : 0;
}

static int send_all(struct engine *en, struct call *c, const char *target,
                    const struct api_stream_call *l, struct err *e)
{
    struct upload u = {.sink = {put}, .engine = en, .call = c};
    const struct http_request rq = {
        .method = "POST",
        .target = target,
        .host = "docker",
        .content_type = l->body != NULL ? "application/x-tar" : NULL,
        .body = l->body != NULL ? HTTP_BODY_CHUNKED : HTTP_BODY_NONE,
        .close = true,
        .fields = l->fields,
    };
    struct net_wait w;

    if (send_head(en, c, &rq, e) < 0) {
        return -1;
    }
    if (l->body == NULL) {
        return 0;
    }
    if (l->body(l->what, &u.sink, e) < 0) {
        return -1;
    }
    w = api_wait(en);
    return u.early ? 0 : call_send_end(c, &w, e);
}

/* Returns a wait that ends after PROGRESS_TICK_MS, so that the caller can report that time
 * passes. */
static struct net_wait short_wait(const struct engine *en)
{
    struct net_wait w = api_wait(en);

    w.deadline_ms = clock_earlier(w.deadline_ms, clock_ms() + PROGRESS_TICK_MS);
    return w;
}

/* Decides whether to go on waiting after the error *e of a wait; *since is when the silence, or
 * the last ping, began. An engine is silent while it works, so that a timeout is normal. If the
 * silence has lasted for the engine's timeout, pings the engine. Returns 0 to go on, with *e
 * empty, and -1 on error. */
static int still_there(const struct engine *en, struct progress *progress, int64_t *since,
                       struct err *e)
{
    struct err dead = {0};

    if (e->kind != ERR_TIMEOUT) {
        return -1;
    }
    if (progress != NULL && progress->tick != NULL) {
        progress->tick(progress);
    }
    if (clock_ms() - *since < en->timeout_ms) {
        err_reset(e);
        return 0;
    }
    *since = clock_ms();
    if (!api_is_alive(en, &dead)) {
        if (dead.kind == ERR_CANCELED) {
            *e = dead;
        }
        return err_wrap(e, "the engine has stopped answering");
    }
    err_reset(e);
    return 0;
}

/* Waits for the head of the reply, for as long as the engine is alive. */
static int await_head(struct engine *en, struct call *c, struct progress *progress,
                      struct err *e)
{
    int64_t since = clock_ms();

    for (;;) {
        struct net_wait w = short_wait(en);

        if (call_head(c, &w, e) == 0) {
            return 0;
        }
        if (still_there(en, progress, &since, e) < 0) {
            return -1;
        }
    }
}

/* Waits for bytes of the reply's body in the same way. *data is empty at its end. */
static int next_bytes(struct engine *en, struct call *c, struct progress *progress,
                      struct str *data, struct err *e)
{
    int64_t since = clock_ms();

    for (;;) {
        struct net_wait w = short_wait(en);

        if (call_body(c, data, &w, e) == 0) {
            return 0;
        }
        if (still_there(en, progress, &since, e) < 0) {
            return -1;
        }
    }
}

static int refused(struct engine *en, struct call *c, struct err *e)
{
    struct net_wait w = api_wait(en);

    return api_read_refusal(c, &w, e);
}

/* Reads the reply to its end and reports its progress. */
static int follow(struct engine *en, struct call *c, char *failed_step,
                  struct progress *progress, struct err *e)
{
    struct progress_stream *s = NULL;
    struct str data;
    int rc = 0;

    if (await_head(en, c, progress, e) < 0) {
        return -1;
    }
    if (c->reply.status != 200) {
        return refused(en, c, e);
    }
    s = progress_stream_new(progress);
    do {
        rc = next_bytes(en, c, progress, &data, e);
        if (rc == 0) {
            rc = progress_stream_in(s, data, e);
        }
    } while (rc == 0 && data.len > 0);
    /* If the engine reported an error before the stream ended early, that error is the
     * reason. */
    if (rc == 0 || s->failed) {
        rc = progress_stream_end(s, e);
    }
    if (failed_step != NULL) {
        memcpy(failed_step, s->failed_step, sizeof(s->failed_step));
    }
    progress_stream_free(s);
    return rc;
}

/* Writes the body of the reply to `sink`, to its end. */
static int receive(struct engine *en, struct call *c, struct context_sink *sink,
                   struct progress *progress, struct err *e)
{
    struct str data;

    do {
        if (next_bytes(en, c, progress, &data, e) < 0 ||
            (data.len > 0 && sink->put(sink, data, e) < 0)) {
            return -1;
        }
    } while (data.len > 0);
    return 0;
}

/* A request on a connection of its own. */
struct single {
    struct conn conn;
    struct call call;
    struct buf target;
};

static int begin(const struct engine *en, struct single *s, const char *target, struct err *e)
{
    conn_init(&s->conn);
    call_init(&s->call, &s->conn);
    buf_init(&s->target, LIMIT_REQUEST);
    api_target(en, target, &s->target);
    return buf_c(&s->target) != NULL
               ? 0
               : err_set(e, ERR_LIMIT, "the request is past the limit of %d bytes",
                         LIMIT_REQUEST);
}

static void end(struct single *s)
{
    call_release(&s->call);
    conn_close(&s->conn);
    buf_wipe(&s->target); /* it may contain build arguments, which may be private */
}

int api_stream_post(struct engine *en, const struct api_stream_call *l,
                    struct progress *progress, struct err *e)
{
    struct single s;
    int rc = -1;

    if (l->failed_step != NULL) {
        l->failed_step[0] = '\0';
    }
    if (begin(en, &s, l->target, e) == 0 &&
        send_all(en, &s.call, buf_c(&s.target), l, e) == 0) {
        rc = follow(en, &s.call, l->failed_step, progress, e);
    }
    end(&s);
    return rc;
}

/* Sends a request without a body, and waits for the head of the reply. */
static int ask(struct engine *en, struct single *s, const struct api_request *rq,
               struct progress *progress, struct err *e)
{
    struct http_request r = {.method = rq->method, .host = "docker", .close = true};

    if (begin(en, s, rq->target, e) < 0) {
        return -1;
    }
    r.target = buf_c(&s->target);
    return send_head(en, &s->call, &r, e) < 0 ? -1 : await_head(en, &s->call, progress, e);
}

int api_stream_get(struct engine *en, const char *target, struct context_sink *sink,
                   struct progress *progress, struct err *e)
{
    const struct api_request rq = {.method = "GET", .target = target};
    struct single s;
    int rc = ask(en, &s, &rq, progress, e);

    if (rc == 0) {
        rc = s.call.reply.status == 200 ? receive(en, &s.call, sink, progress, e)
                                        : refused(en, &s.call, e);
    }
    end(&s);
    return rc;
}

struct to_buf {
    struct context_sink sink; /* the first member: add() gets this address */
    struct buf *out;
};

static int add(struct context_sink *sink, struct str data, struct err *e)
{
    struct buf *out = ((struct to_buf *)sink)->out;

    return buf_add_str(out, data) == 0
               ? 0
               : err_set(e, ERR_LIMIT, "the engine's reply is past the limit of %zu bytes",
                         out->max);
}

int api_stream_ask(struct engine *en, const struct api_request *rq, struct progress *progress,
                   struct buf *reply, int *status, struct err *e)
{
    struct to_buf to = {.sink = {add}, .out = reply};
    struct single s;
    int rc = ask(en, &s, rq, progress, e);

    if (rc == 0) {
        rc = receive(en, &s.call, &to.sink, progress, e);
    }
    *status = s.call.reply.status;
    end(&s);
    return rc < 0 ? err_wrap(e, "engine %s", en->address) : 0;
}
