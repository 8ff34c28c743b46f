/* SPDX-License-Identifier: MIT */
/* The running container as the relay's session (term/session.h): learns from the reply to the
 * wait that the container has ended, without blocking. README.md, "The end of a container". */
#include "engine/docker_container.h"

#include "wire/json.h"

enum { POLL_WAIT = 0 };

static struct container *container_of(struct session *s)
{
    return (struct container *)(void *)((char *)s - offsetof(struct container, session));
}

static int read_status(struct container *c, struct err *e)
{
    struct json root;
    uint64_t status = 0;

    if (json_parse(buf_str(&c->wait_body), &root, e) < 0) {
        return err_wrap(e, "read the exit status");
    }
    if (!json_u64(json_get(root, "StatusCode"), &status) || status > 255) {
        return err_set(e, ERR_FORMAT, "the engine reports no exit status");
    }
    c->session.status = (int)status;
    c->session.ended = true;
    c->gone = !c->kept && json_path(root, "Error.Message").type == JSON_NONE;
    return 0;
}

/* Reads what has arrived of the reply's body, and the status if the body is complete. */
static int take_wait(struct container *c, struct err *e)
{
    struct str data;

    do {
        if (call_body_now(&c->wait_call, &data, e) < 0) {
            /* The connection has ended without a status: the engine is lost, but the command
             * may still run. */
            (void)err_hint(e, "The session may still run without cco: docker ps shows it, and "
                              "cco cleanup --all ends it.");
            return err_wrap(e, "lost the engine");
        }
        if (buf_add_str(&c->wait_body, data) < 0) {
            return err_set(e, ERR_LIMIT, "the engine's reply with the exit status is too long");
        }
    } while (data.len > 0);
    return c->wait_call.reply.state == HTTP_DONE ? read_status(c, e) : 0;
}

/* Returns whether bytes of the reply are in the buffer already, which poll(2) does not report.
 * The whole body may have arrived together with the head. */
static bool has_wait_bytes(const struct container *c)
{
    return !c->session.ended && conn_has_bytes(&c->wait);
}

static int on_prepare(struct session *s, struct pollfd *fds)
{
    struct container *c = container_of(s);

    for (int i = 0; i < SESSION_POLL_MAX; i++) {
        fds[i] = (struct pollfd){.fd = -1};
    }
    if (!s->ended) {
        fds[POLL_WAIT] =
            (struct pollfd){.fd = c->wait.fd, .events = conn_events(&c->wait, POLLIN)};
    }
    return has_wait_bytes(c) ? 0 : -1;
}

static int on_dispatch(struct session *s, const struct pollfd *fds, struct err *e)
{
    struct container *c = container_of(s);

    if (!s->ended && (fds[POLL_WAIT].revents != 0 || has_wait_bytes(c))) {
        return take_wait(c, e);
    }
    return 0;
}

const struct session_ops container_session_ops = {
    .prepare = on_prepare,
    .dispatch = on_dispatch,
};

static ssize_t on_read(struct session *s, char *p, size_t room, bool *ended, struct err *e)
{
    struct container *c = container_of(s);
    ssize_t got = conn_take(&c->stream, p, room, e);

    *ended = got == 0 && c->stream.eof;
    return got;
}

static ssize_t on_write(struct session *s, const char *p, size_t len, struct err *e)
{
    return conn_put(&container_of(s)->stream, p, len, e);
}

static short on_events(struct session *s, short want, bool *now)
{
    const struct conn *stream = &container_of(s)->stream;

    *now = (want & POLLIN) != 0 && conn_has_bytes(stream);
    return conn_events(stream, want);
}

const struct session_ops container_secure_ops = {
    .prepare = on_prepare,
    .dispatch = on_dispatch,
    .read = on_read,
    .write = on_write,
    .events = on_events,
};
