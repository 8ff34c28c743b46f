/* SPDX-License-Identifier: MIT */
#include "engine/docker_api.h"

#include "base/clock.h"
#include "base/limits.h"
#include "engine/docker_transport.h"
#include "wire/json.h"
#include "wire/url.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGE_MAX = 700 };

struct net_wait api_wait(const struct engine *en)
{
    return (struct net_wait){.deadline_ms = clock_ms() + en->timeout_ms, .sig = en->sig};
}

int api_connect(const struct engine *en, struct conn *c, const struct net_wait *w,
                struct err *e)
{
    return transport_connect(en->transport, &en->endpoint, c, w, e);
}

int api_connect_kept(struct engine *en, const struct net_wait *w, struct err *e)
{
    struct pollfd p = {.fd = en->conn.fd, .events = POLLIN};

    if (en->conn.fd >= 0 && (en->conn.in.len > 0 || poll(&p, 1, 0) != 0)) {
        /* An idle connection is readable only if the engine has closed it. */
        conn_close(&en->conn);
    }
    return en->conn.fd >= 0 ? 0 : api_connect(en, &en->conn, w, e);
}

void api_image_target(const char *ref, const char *tail, struct buf *out)
{
    (void)buf_add_c(out, "/images/");
    (void)url_encode(str_c(ref), out);
    (void)buf_add_c(out, tail);
}

const char *api_base(const struct engine *en)
{
    return en->endpoint.base != NULL ? en->endpoint.base : "";
}

void api_target(const struct engine *en, const char *target, struct buf *out)
{
    /* The caller notices an overflow, which is sticky. */
    (void)buf_addf(out, "%s/v1.%u%s", api_base(en), en->api_minor, target);
}

static int send_request(struct call *c, const struct api_request *rq, struct str target,
                        const struct net_wait *w, struct err *e)
{
    const struct http_request r = {
        .method = rq->method,
        .target = target.p,
        .host = "docker",
        .content_type = rq->content_type,
        .body = rq->body.len > 0 ? HTTP_BODY_LENGTH : HTTP_BODY_NONE,
        .length = rq->body.len,
    };
    bool early = false;

    if (call_send_head(c, &r, w, e) < 0) {
        return -1;
    }
    return call_send_body(c, rq->body, w, &early, e);
}

/* Sends a request once, and reads the whole reply. */
static int exchange(struct engine *en, const struct api_request *rq, struct str target,
                    struct buf *reply, int *status, struct err *e)
{
    struct net_wait w = api_wait(en);
    struct call c;
    int rc = -1;

    call_init(&c, &en->conn);
    if (api_connect_kept(en, &w, e) == 0 && send_request(&c, rq, target, &w, e) == 0 &&
        call_head(&c, &w, e) == 0 && call_body_all(&c, reply, &w, e) == 0) {
        *status = c.reply.status;
        rc = 0;
    }
    if (!call_reusable(&c)) {
        conn_close(&en->conn);
    }
    call_release(&c);
    return rc;
}

/* Returns whether a failed request may be sent once more. The engine may close an idle
 * connection at the moment at which cco uses it again. Only methods whose repetition changes
 * nothing more are repeated. */
static bool may_repeat(const struct api_request *rq, const struct buf *reply,
                       const struct err *e)
{
    bool closed = e->kind == ERR_EOF ||
                  (e->kind == ERR_SYS && (e->errnum == ECONNRESET || e->errnum == EPIPE));

    return closed && reply->len == 0 &&
           (strcmp(rq->method, "GET") == 0 || strcmp(rq->method, "DELETE") == 0);
}

int api_call(struct engine *en, const struct api_request *rq, struct buf *reply, int *status,
             struct err *e)
{
    bool kept = en->conn.fd >= 0;
    struct buf target;
    int rc = -1;

    buf_init(&target, LIMIT_REQUEST);
    api_target(en, rq->target, &target);
    if (buf_c(&target) == NULL) {
        (void)err_set(e, ERR_LIMIT, "the request is past the limit of %d bytes", LIMIT_REQUEST);
    } else {
        rc = exchange(en, rq, buf_str(&target), reply, status, e);
        if (rc < 0 && kept && may_repeat(rq, reply, e)) {
            err_reset(e);
            rc = exchange(en, rq, buf_str(&target), reply, status, e);
        }
    }
    buf_release(&target);
    return rc < 0 ? err_wrap(e, "engine %s", en->address) : 0;
}

int api_get(struct engine *en, const char *target, struct buf *reply, struct err *e)
{
    const struct api_request rq = {.method = "GET", .target = target};
    int status = 0;

    if (api_call(en, &rq, reply, &status, e) < 0) {
        return -1;
    }
    return status == 200 ? 0 : api_refused(status, buf_str(reply), e);
}

int api_get_json(struct engine *en, const char *target, const char *what, struct buf *reply,
                 struct json *root, struct err *e)
{
    if (api_get(en, target, reply, e) < 0 || json_parse(buf_str(reply), root, e) < 0) {
        return err_wrap(e, "%s", what);
    }
    return 0;
}

int api_refused(int status, struct str body, struct err *e)
{
    struct json root = {0};
    struct err ignored = {0};
    struct buf text;
    struct str said = str_trim(body);

    buf_init(&text, LIMIT_HTTP_ERROR);
    if (body.len > 0 && json_parse(body, &root, &ignored) == 0) {
        struct json message = json_get(root, "message");

        if (json_string(message, &text) == 0) {
            said = str_trim(buf_str(&text));
        }
    }
    said = str_n(said.p, said.len < MESSAGE_MAX ? said.len : MESSAGE_MAX);
    if (said.len > 0) {
        (void)err_set(e, ERR_ENGINE, "the engine says: %.*s", (int)said.len, said.p);
    } else {
        (void)err_set(e, ERR_ENGINE, "the engine answers with status %d", status);
    }
    e->code = status;
    buf_release(&text);
    return -1;
}

int api_read_refusal(struct call *c, const struct net_wait *w, struct err *e)
{
    struct buf text;
    struct err ignored = {0};
    int rc;

    buf_init(&text, LIMIT_HTTP_ERROR);
    (void)call_body_all(c, &text, w, &ignored); /* the part that arrived is the message */
    rc = api_refused(c->reply.status, buf_str(&text), e);
    buf_release(&text);
    return rc;
}

int api_read_id(struct json root, char id[ENGINE_ID_MAX], struct err *e)
{
    struct buf text;
    const char *s;
    int rc = 0;

    buf_init(&text, ENGINE_ID_MAX); /* with the NUL of buf_c() */
    s = json_string(json_get(root, "Id"), &text) == 0 ? buf_c(&text) : NULL;
    if (s == NULL || text.len == 0 || strspn(s, "0123456789abcdef") != text.len) {
        rc = err_set(e, ERR_FORMAT, "the engine's answer has no usable Id");
    } else {
        memcpy(id, s, text.len + 1);
    }
    buf_release(&text);
    return rc;
}

bool api_is_alive(const struct engine *en, struct err *e)
{
    char target[ENDPOINT_BASE_MAX + sizeof("/_ping")];
    const struct http_request ping = {.method = "GET", .target = target, .host = "docker"};
    struct net_wait w = api_wait(en);
    struct conn conn;
    struct call c;
    bool alive;

    (void)snprintf(target, sizeof(target), "%s/_ping", api_base(en));
    conn_init(&conn);
    call_init(&c, &conn);
    alive = api_connect(en, &conn, &w, e) == 0 && call_send_head(&c, &ping, &w, e) == 0 &&
            call_head(&c, &w, e) == 0;
    call_release(&c);
    conn_close(&conn);
    return alive;
}
