/* SPDX-License-Identifier: MIT */
#include "term/near.h"

#include "base/clock.h"
#include "base/limits.h"

#include <poll.h>

void near_init(struct near *n)
{
    *n = (struct near){.in = {.fd = -1, .ended = true},
                       .out = {.fd = -1},
                       .err = {.fd = -1},
                       .stalled_ms = -1};
}

void near_open(struct near *n, int in, int out, int err)
{
    near_init(n);
    if (in >= 0) {
        relay_in_open(&n->in, in);
    }
    relay_out_open(&n->out, out, NEAR_QUEUE_MAX);
    relay_out_open(&n->err, err, NEAR_QUEUE_MAX);
}

void near_close(struct near *n)
{
    relay_in_close(&n->in);
    relay_out_close(&n->out);
    relay_out_close(&n->err);
    near_init(n);
}

static size_t room_of(const struct relay_out *out)
{
    return out->queue.len < LIMIT_RELAY_BUFFER ? LIMIT_RELAY_BUFFER - out->queue.len : 0;
}

size_t near_room(const struct near *n, bool tty)
{
    size_t out = room_of(&n->out);
    size_t err = room_of(&n->err);

    return tty || out < err ? out : err;
}

static void fall_behind(struct near *n)
{
    buf_drop(&n->out.queue, n->out.queue.len);
    n->stale = true;
    n->stalled_ms = -1;
}

void near_output(struct near *n, enum frame_type type, struct str bytes)
{
    struct relay_out *to = type == FRAME_ERROUT ? &n->err : &n->out;

    if (n->out.fd >= 0 && !n->stale && relay_out_add(to, bytes) < 0) {
        fall_behind(n);
    }
}

void near_flush(struct near *n, bool out_ready, bool err_ready)
{
    if (out_ready || n->out.broken) {
        relay_out_flush(&n->out);
    }
    if (err_ready || n->err.broken) {
        relay_out_flush(&n->err);
    }
}

void near_mind_stall(struct near *n, bool out_ready)
{
    if (n->out.fd < 0 || room_of(&n->out) >= FRAME_MAX || out_ready) {
        n->stalled_ms = -1;
    } else if (n->stalled_ms < 0) {
        n->stalled_ms = clock_ms();
    } else if (clock_ms() - n->stalled_ms >= NEAR_STALL_MS) {
        fall_behind(n);
    }
}

int64_t near_deadline(const struct near *n)
{
    return n->stalled_ms < 0 ? -1 : n->stalled_ms + NEAR_STALL_MS;
}

bool near_say(struct near *n, struct str text, int timeout_ms)
{
    int64_t deadline = clock_ms() + timeout_ms;

    (void)buf_add_str(&n->out.queue, text); /* short; the limit is far away */
    while (n->out.queue.len > 0 && clock_ms() < deadline) {
        struct pollfd p = {.fd = n->out.fd, .events = POLLOUT};

        if (poll(&p, 1, clock_poll_timeout(deadline)) > 0) {
            relay_out_flush(&n->out);
        }
    }
    if (n->out.queue.len > 0) {
        buf_drop(&n->out.queue, n->out.queue.len);
        return false;
    }
    return !n->out.broken;
}

bool near_is_drained(const struct near *n)
{
    return n->out.fd < 0 || n->stale || (n->out.queue.len == 0 && n->err.queue.len == 0);
}
