/* SPDX-License-Identifier: MIT */
/* Queues of the torture tests, which are written in pieces of random sizes. */
#ifndef TESTS_TORTURE_BYTES_H
#define TESTS_TORTURE_BYTES_H

#include <sys/time.h>

#include "base/buf.h"
#include "torture/spoil.h"

/* The report of a process of the test that has found no mistake. */
#define ALL_IS_WELL "all is well"

enum { LINE_MAX_BYTES = 64 << 10, ENGINE_HEAD = 8 };

/* Limits the time of blocking reads, so that a relay that sends nothing cannot block the test
 * forever. */
static void limit_reads(int fd, int timeout_ms)
{
    const struct timeval limit = {.tv_sec = timeout_ms / 1000};

    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

/* Writes a random part of a queue, or all of it. Returns false if the other end is closed. */
static bool send_some(struct rng *rng, int fd, struct buf *b)
{
    size_t len = b->len == 0 || rng_one_in(rng, 4) ? b->len : rng_len(rng, b->len);
    ssize_t n = len == 0 ? 0 : write(fd, buf_data(b), len);

    if (n > 0) {
        buf_drop(b, (size_t)n);
    }
    return n >= 0 || errno == EAGAIN || errno == EINTR;
}

/* Moves frames of init into frames of the engine. The engine can cut init's frames anywhere. */
static void wrap_some(struct rng *rng, struct buf *frames, struct buf *wire)
{
    while (frames->len > 0 && wire->len < LINE_MAX_BYTES) {
        size_t len = rng_len(rng, frames->len);
        const char head[ENGINE_HEAD] = {
            1, 0, 0, 0, (char)(len >> 24), (char)(len >> 16), (char)(len >> 8), (char)len};

        (void)buf_add(wire, head, sizeof(head)); /* both fit */
        (void)buf_add(wire, buf_data(frames), len);
        buf_drop(frames, len);
    }
}

#endif
