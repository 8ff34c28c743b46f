/* SPDX-License-Identifier: MIT */
#include "term/stdio_end.h"

#include "base/clock.h"
#include "base/limits.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

void stdio_end_init(struct stdio_end *n)
{
    *n = (struct stdio_end){.in = {.fd = -1, .ended = true},
                            .out = {.fd = -1},
                            .err = {.fd = -1},
                            .stalled_ms = -1};
}

/* Returns true if both descriptors are the same terminal. */
static bool is_same_terminal(int a, int b)
{
    struct stat first;
    struct stat second;

    return isatty(a) == 1 && isatty(b) == 1 && fstat(a, &first) == 0 &&
           fstat(b, &second) == 0 && first.st_rdev == second.st_rdev;
}

void stdio_end_open(struct stdio_end *n, int in, int out, int err)
{
    stdio_end_init(n);
    if (in >= 0) {
        relay_in_open(&n->in, in);
    }
    relay_out_open(&n->out, out, STDIO_END_QUEUE_MAX);
    relay_out_open(&n->err, err, STDIO_END_QUEUE_MAX);
    n->one_terminal = is_same_terminal(out, err);
}

void stdio_end_close(struct stdio_end *n)
{
    relay_in_close(&n->in);
    relay_out_close(&n->out);
    relay_out_close(&n->err);
    stdio_end_init(n);
}

/* Returns how many more bytes of the command's output the queue takes. */
static size_t room_of(const struct relay_out *out)
{
    return out->queue.len < LIMIT_RELAY_BUFFER ? LIMIT_RELAY_BUFFER - out->queue.len : 0;
}

size_t stdio_end_room(const struct stdio_end *n, bool tty)
{
    size_t out = room_of(&n->out);
    size_t err = room_of(&n->err);

    return tty || out < err ? out : err;
}

/* Drops the queue of a terminal that does not read: it is shown the whole screen later. */
static void fall_behind(struct stdio_end *n)
{
    buf_drop(&n->out.queue, n->out.queue.len);
    n->stale = true;
    n->stalled_ms = -1;
}

void stdio_end_output(struct stdio_end *n, enum frame_type type, struct str bytes)
{
    struct relay_out *to = type == FRAME_ERROUT && !n->one_terminal ? &n->err : &n->out;

    if (n->out.fd >= 0 && !n->stale && relay_out_add(to, bytes) < 0) {
        fall_behind(n);
    }
}

void stdio_end_flush(struct stdio_end *n, bool out_ready, bool err_ready)
{
    if (out_ready || n->out.broken) {
        relay_out_flush(&n->out);
    }
    if (err_ready || n->err.broken) {
        relay_out_flush(&n->err);
    }
}

void stdio_end_mind_stall(struct stdio_end *n, bool out_ready)
{
    if (n->out.fd < 0 || room_of(&n->out) >= FRAME_MAX || out_ready) {
        n->stalled_ms = -1;
    } else if (n->stalled_ms < 0) {
        n->stalled_ms = clock_ms();
    } else if (clock_ms() - n->stalled_ms >= STDIO_END_STALL_MS) {
        fall_behind(n);
    }
}

int64_t stdio_end_deadline(const struct stdio_end *n)
{
    return n->stalled_ms < 0 ? -1 : n->stalled_ms + STDIO_END_STALL_MS;
}

bool stdio_end_say(struct relay_out *out, struct str text, int timeout_ms)
{
    int64_t deadline = clock_ms() + timeout_ms;

    (void)buf_add_str(&out->queue, text); /* fits: the text is short */
    while (out->queue.len > 0 && clock_ms() < deadline) {
        struct pollfd p = {.fd = out->fd, .events = POLLOUT};

        if (poll(&p, 1, clock_poll_timeout(deadline)) > 0) {
            relay_out_flush(out);
        }
    }
    if (out->queue.len > 0) {
        buf_drop(&out->queue, out->queue.len);
        return false;
    }
    return !out->broken;
}

bool stdio_end_is_drained(const struct stdio_end *n)
{
    return n->out.fd < 0 || n->stale || (n->out.queue.len == 0 && n->err.queue.len == 0);
}
