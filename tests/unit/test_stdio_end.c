/* SPDX-License-Identifier: MIT */
/* The relay's own standard streams. test_relay.c and tests/torture/torture_relay.c test whole
 * sessions. */
#include "term/stdio_end.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "tap.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static char bytes[10000]; /* of a length that does not fill the queue to the last byte */

/* Queues output until a frame does not fit. */
static void fill(struct stdio_end *n)
{
    while (stdio_end_room(n, true) >= FRAME_MAX) {
        stdio_end_output(n, FRAME_OUTPUT, str_n(bytes, sizeof(bytes)));
    }
}

static void streams_are_separate_and_bounded(void)
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
    ok(stdio_end_is_drained(&n) && n.in.ended,
       "without descriptors, output is dropped and input has ended");
    stdio_end_open(&n, -1, out[1], err[1]);
    stdio_end_output(&n, FRAME_OUTPUT, str_c("out"));
    stdio_end_output(&n, FRAME_ERROUT, str_c("err"));
    is_mem(got, (size_t)read(out[0], got, sizeof(got)), "out", 3,
           "output goes to standard output");
    is_mem(got, (size_t)read(err[0], got, sizeof(got)), "err", 3,
           "errors go to standard error");
    fill(&n);
    ok(stdio_end_room(&n, false) < FRAME_MAX && !stdio_end_is_drained(&n),
       "output for a slow reader fills the queue");
    fd_close(&out[0]);
    stdio_end_flush(&n, true, true);
    ok(n.out.broken && stdio_end_is_drained(&n),
       "output for a reader that has closed the pipe is dropped");
    stdio_end_close(&n);
    ok(stdio_end_is_drained(&n), "a closed end has no output that waits");
    fd_close(&out[1]);
    fd_close(&err[0]);
    fd_close(&err[1]);
}

/* A terminal does not read. It has a deadline, and becomes stale when the deadline has
 * passed. */
static void a_terminal_that_does_not_read_becomes_stale(void)
{
    struct stdio_end n;
    struct err e = {0};
    int out[2];

    if (fd_pipe(out, &e) < 0) {
        abort();
    }
    stdio_end_open(&n, -1, out[1], out[1]);
    stdio_end_mind_stall(&n, false);
    is_int(stdio_end_deadline(&n), -1, "a terminal whose queue has room does not stall");
    fill(&n);
    ok(stdio_end_room(&n, true) > 0, "the queue has room, but less than a frame needs");
    stdio_end_mind_stall(&n, false);
    ok(stdio_end_deadline(&n) > clock_ms(),
       "a queue without room for a frame counts as full, and gets a deadline");
    stdio_end_mind_stall(&n, true);
    is_int(stdio_end_deadline(&n), -1, "a terminal that takes bytes does not have a deadline");
    stdio_end_mind_stall(&n, false);
    n.stalled_ms -= STDIO_END_STALL_MS;
    stdio_end_mind_stall(&n, false);
    ok(n.stale && n.out.queue.len == 0,
       "a terminal that did not read until the deadline is stale");
    stdio_end_output(&n, FRAME_OUTPUT, str_c("more"));
    ok(n.out.queue.len == 0 && stdio_end_is_drained(&n), "a stale terminal gets no output");
    stdio_end_close(&n);
    fd_close(&out[0]);
    fd_close(&out[1]);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    streams_are_separate_and_bounded();
    a_terminal_that_does_not_read_becomes_stale();
    return done_testing();
}
