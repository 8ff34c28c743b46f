/* SPDX-License-Identifier: MIT */
/* The running container as the relay's session. Nothing here waits: requests go out one at a time,
 * their answers are taken as they come. */
#include "engine/container.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/sig.h"
#include "wire/json.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>

enum { REQUEST_MS = 10000, TARGET_MAX = 256, POLL_WAIT = 0, POLL_REQUEST = 1 };

static struct container *container_of(struct session *s)
{
    return (struct container *)s; /* the first member */
}

void container_begin(struct container *c)
{
    struct session *s = &c->session;

    s->ops = &container_session_ops;
    s->fd = c->stream.fd;
    s->tty = c->tty;
    (void)buf_add_str(&s->early, buf_str(&c->stream.in)); /* the same limit: fits */
    buf_release(&c->stream.in);
}

static void on_resize(struct session *s, unsigned rows, unsigned cols)
{
    struct requests *r = &container_of(s)->requests;

    if (rows > 0 && cols > 0) {
        r->rows = rows;
        r->cols = cols;
        r->resize = true;
    }
}

static void on_signal(struct session *s, int signo)
{
    struct requests *r = &container_of(s)->requests;

    if (r->signal_count < CONTAINER_SIGNALS_MAX) {
        r->signals[r->signal_count++] = signo;
    }
}

static int on_end_input(struct session *s, struct err *e)
{
    /* ENOTCONN: the engine was faster. */
    if (shutdown(s->fd, SHUT_WR) < 0 && errno != ENOTCONN) {
        return err_sys(e, "end the command's input");
    }
    return 0;
}

/* What is to be asked next; false where nothing is. */
static bool next_request(struct container *c, char *target, size_t size)
{
    struct requests *r = &c->requests;

    if (r->signal_count > 0) {
        const char *name = sig_name(r->signals[0]);

        (void)snprintf(target, size, "/v1.%u/containers/%s/kill?signal=%s",
                       c->engine->api_minor, c->id, name != NULL ? name : "TERM");
        r->signal_count--;
        for (size_t i = 0; i < r->signal_count; i++) {
            r->signals[i] = r->signals[i + 1];
        }
        return true;
    }
    if (r->resize) {
        (void)snprintf(target, size, "/v1.%u/containers/%s/resize?h=%u&w=%u",
                       c->engine->api_minor, c->id, r->rows, r->cols);
        r->resize = false;
        return true;
    }
    return false;
}

/* A request that fails costs a resize or a signal, never the session: whether the engine still lives
 * is told by the stream and the wait. */
static void give_up_request(struct container *c)
{
    conn_close(&c->engine->conn);
    c->requests.in_flight = false;
}

static void send_request(struct container *c)
{
    struct net_wait at_once = {.deadline_ms = 0};
    char target[TARGET_MAX];
    const struct http_request rq = {.method = "POST", .target = target, .host = "docker"};
    struct err ignored = {0};

    if (c->requests.in_flight || !next_request(c, target, sizeof(target))) {
        return;
    }
    c->requests.in_flight = true;
    c->requests.deadline_ms = clock_ms() + REQUEST_MS;
    if (api_connect_kept(c->engine, &at_once, &ignored) < 0 ||
        call_send_head(&c->requests.call, &rq, &at_once, &ignored) < 0) {
        give_up_request(c);
    }
}

static void take_answer(struct container *c)
{
    struct call *call = &c->requests.call;
    struct err ignored = {0};
    struct str data;

    do {
        if (call_body_now(call, &data, &ignored) < 0) {
            give_up_request(c);
            return;
        }
    } while (data.len > 0);
    if (call->reply.state == HTTP_DONE) {
        c->requests.in_flight = false;
        if (!call_reusable(call)) {
            conn_close(&c->engine->conn);
        }
    }
}

static int read_status(struct container *c, struct err *e)
{
    struct json root;
    uint64_t status = 0;

    if (json_parse(buf_str(&c->wait_body), &root, e) < 0) {
        return err_wrap(e, "the command's exit status");
    }
    if (!json_u64(json_get(root, "StatusCode"), &status) || status > 255) {
        return err_set(e, ERR_FORMAT, "the engine tells no exit status");
    }
    c->session.status = (int)status;
    c->session.ended = true;
    c->gone = json_path(root, "Error.Message").type == JSON_NONE;
    return 0;
}

static int take_wait(struct container *c, struct err *e)
{
    struct str data;

    do {
        if (call_body_now(&c->wait_call, &data, e) < 0) {
            /* Closed without a word: the engine has gone, not the command. */
            (void)err_hint(
                e, "The session may go on without cco: docker ps, or cco cleanup --all.");
            return err_wrap(e, "lost the engine");
        }
        if (buf_add_str(&c->wait_body, data) < 0) {
            return err_set(e, ERR_LIMIT, "the engine's exit status is too long");
        }
    } while (data.len > 0);
    return c->wait_call.reply.state == HTTP_DONE ? read_status(c, e) : 0;
}

/* The end may have come together with the head of its reply: nothing will be readable then. */
static bool has_wait_bytes(const struct container *c)
{
    return !c->session.ended && c->wait.in.len > 0;
}

static int on_prepare(struct session *s, struct pollfd *fds)
{
    struct container *c = container_of(s);

    send_request(c);
    for (int i = 0; i < SESSION_POLL_MAX; i++) {
        fds[i] = (struct pollfd){.fd = -1};
    }
    if (!s->ended) {
        fds[POLL_WAIT] = (struct pollfd){.fd = c->wait.fd, .events = POLLIN};
    }
    if (c->requests.in_flight) {
        fds[POLL_REQUEST] = (struct pollfd){.fd = c->engine->conn.fd, .events = POLLIN};
        return has_wait_bytes(c) ? 0 : clock_poll_timeout(c->requests.deadline_ms);
    }
    return has_wait_bytes(c) ? 0 : -1;
}

static int on_dispatch(struct session *s, const struct pollfd *fds, struct err *e)
{
    struct container *c = container_of(s);

    if (c->requests.in_flight) {
        if (fds[POLL_REQUEST].revents != 0) {
            take_answer(c);
        } else if (clock_ms() >= c->requests.deadline_ms) {
            give_up_request(c);
        }
    }
    if (!s->ended && (fds[POLL_WAIT].revents != 0 || has_wait_bytes(c))) {
        return take_wait(c, e);
    }
    return 0;
}

const struct session_ops container_session_ops = {
    .prepare = on_prepare,
    .dispatch = on_dispatch,
    .resize = on_resize,
    .signal = on_signal,
    .end_input = on_end_input,
};
