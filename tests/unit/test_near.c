/* SPDX-License-Identifier: MIT */
/* The relay's own ends; whole sessions: test_relay.c and tests/torture/torture_relay.c. */
#include "term/near.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "tap.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static char bytes[10000]; /* does not fill the queue to the last byte */

static void fill(struct near *n)
{
    while (near_room(n, true) >= FRAME_MAX) {
        near_output(n, FRAME_OUTPUT, str_n(bytes, sizeof(bytes)));
    }
}

static void streams(void)
{
    struct near n;
    struct err e = {0};
    char got[8];
    int out[2];
    int err[2];

    if (fd_pipe(out, &e) < 0 || fd_pipe(err, &e) < 0) {
        abort();
    }
    near_init(&n);
    near_output(&n, FRAME_OUTPUT, str_c("nobody"));
    ok(near_is_drained(&n) && n.in.ended, "nothing is attached: output goes nowhere");
    near_open(&n, -1, out[1], err[1]);
    near_output(&n, FRAME_OUTPUT, str_c("out"));
    near_output(&n, FRAME_ERROUT, str_c("err"));
    is_mem(got, (size_t)read(out[0], got, sizeof(got)), "out", 3, "output goes to one");
    is_mem(got, (size_t)read(err[0], got, sizeof(got)), "err", 3, "and errors to the other");
    fill(&n);
    ok(near_room(&n, false) < FRAME_MAX && !near_is_drained(&n),
       "a reader that is slow fills the queue");
    fd_close(&out[0]);
    near_flush(&n, true, true);
    ok(n.out.broken && near_is_drained(&n), "one that has gone does not");
    near_close(&n);
    ok(near_is_drained(&n), "closed");
    fd_close(&out[1]);
    fd_close(&err[0]);
    fd_close(&err[1]);
}

/* A terminal that takes nothing: told of by a deadline, and left behind when it has passed. */
static void stalls(void)
{
    struct near n;
    struct err e = {0};
    int out[2];

    if (fd_pipe(out, &e) < 0) {
        abort();
    }
    near_open(&n, -1, out[1], out[1]);
    near_mind_stall(&n, false);
    is_int(near_deadline(&n), -1, "there is room: nothing stalls");
    fill(&n);
    ok(near_room(&n, true) > 0, "a queue with less room than a read needs");
    near_mind_stall(&n, false);
    ok(near_deadline(&n) > clock_ms(), "counts as full: its terminal has so long");
    near_mind_stall(&n, true);
    is_int(near_deadline(&n), -1, "unless it takes some");
    near_mind_stall(&n, false);
    n.stalled_ms -= NEAR_STALL_MS;
    near_mind_stall(&n, false);
    ok(n.stale && n.out.queue.len == 0, "then it has fallen behind");
    near_output(&n, FRAME_OUTPUT, str_c("more"));
    ok(n.out.queue.len == 0 && near_is_drained(&n), "and is told nothing more");
    near_close(&n);
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
