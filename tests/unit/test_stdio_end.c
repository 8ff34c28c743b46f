/* SPDX-License-Identifier: MIT */
/* The relay's own ends; whole sessions: test_relay.c and tests/torture/torture_relay.c. */
#include "term/stdio_end.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "tap.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static char bytes[10000]; /* does not fill the queue to the last byte */

static void fill(struct stdio_end *n)
{
    while (stdio_end_room(n, true) >= FRAME_MAX) {
        stdio_end_output(n, FRAME_OUTPUT, str_n(bytes, sizeof(bytes)));
    }
}

static void streams(void)
{
    struct stdio_end n;
    struct err e = {0};
    char got[8];
    int out[2];
    int err[2];

    if (fd_pipe(out, &e) < 0 || fd_pipe(err, &e) < 0) {
        abort();
    }
    stdio_end_init(&n);
    stdio_end_output(&n, FRAME_OUTPUT, str_c("nobody"));
    ok(stdio_end_is_drained(&n) && n.in.ended, "nothing is attached: output goes nowhere");
    stdio_end_open(&n, -1, out[1], err[1]);
    stdio_end_output(&n, FRAME_OUTPUT, str_c("out"));
    stdio_end_output(&n, FRAME_ERROUT, str_c("err"));
    is_mem(got, (size_t)read(out[0], got, sizeof(got)), "out", 3, "output goes to one");
    is_mem(got, (size_t)read(err[0], got, sizeof(got)), "err", 3, "and errors to the other");
    fill(&n);
    ok(stdio_end_room(&n, false) < FRAME_MAX && !stdio_end_is_drained(&n),
       "a reader that is slow fills the queue");
    fd_close(&out[0]);
    stdio_end_flush(&n, true, true);
    ok(n.out.broken && stdio_end_is_drained(&n), "one that has gone does not");
    stdio_end_close(&n);
    ok(stdio_end_is_drained(&n), "closed");
    fd_close(&out[1]);
    fd_close(&err[0]);
    fd_close(&err[1]);
}

/* A terminal that takes nothing: told of by a deadline, and left behind when it has passed. */
static void stalls(void)
{
    struct stdio_end n;
    struct err e = {0};
    int out[2];

    if (fd_pipe(out, &e) < 0) {
        abort();
    }
    stdio_end_open(&n, -1, out[1], out[1]);
    stdio_end_mind_stall(&n, false);
    is_int(stdio_end_deadline(&n), -1, "there is room: nothing stalls");
    fill(&n);
    ok(stdio_end_room(&n, true) > 0, "a queue with less room than a read needs");
    stdio_end_mind_stall(&n, false);
    ok(stdio_end_deadline(&n) > clock_ms(), "counts as full: its terminal has so long");
    stdio_end_mind_stall(&n, true);
    is_int(stdio_end_deadline(&n), -1, "unless it takes some");
    stdio_end_mind_stall(&n, false);
    n.stalled_ms -= STDIO_END_STALL_MS;
    stdio_end_mind_stall(&n, false);
    ok(n.stale && n.out.queue.len == 0, "then it has fallen behind");
    stdio_end_output(&n, FRAME_OUTPUT, str_c("more"));
    ok(n.out.queue.len == 0 && stdio_end_is_drained(&n), "and is told nothing more");
    stdio_end_close(&n);
    fd_close(&out[0]);
    fd_close(&out[1]);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    streams();
    stalls();
    return done_testing();
}
