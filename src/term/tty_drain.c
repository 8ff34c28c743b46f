/* SPDX-License-Identifier: MIT */
#include "term/tty_drain.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/num.h"
#include "base/secret.h"
#include "term/raw.h"
#include "term/sequence.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* The number of queries. 3^16 orders are more than a program can ask for in advance. */
enum {
    QUERIES = 16,
    DIGITS = 2 * QUERIES, /* random hex digits, two for each query */
    QUERIES_MAX = 4 * QUERIES,
    READ_SIZE = 1024,
    HELD_MAX = 256
};

/* A query, and the final byte of its answer: operating status (DSR), cursor position (CPR) and
 * primary device attributes (DA1). */
static const struct {
    const char *query;
    char answer;
} kinds[] = {{"\033[5n", 'n'}, {"\033[6n", 'R'}, {"\033[c", 'c'}};

/* Chooses the order of the queries. Returns 0 on success and -1 on error. */
static int choose(char word[QUERIES], struct buf *queries)
{
    char hex[DIGITS + 1];
    struct err e = {0};

    if (random_hex(hex, DIGITS, &e) < 0) {
        return -1;
    }
    for (size_t i = 0; i < QUERIES; i++) {
        uint64_t n = 0;

        if (!str_u64(str_n(hex + 2 * i, 2), 16, 255, &n)) {
            return -1;
        }
        word[i] = kinds[n % 3].answer;
        (void)buf_add_c(queries, kinds[n % 3].query); /* fits */
    }
    return 0;
}

/* Adds the answers in `in` to `last`, which holds the final bytes of the last QUERIES answers.
 * Returns true once they are `word`. */
static bool take(struct sequence_parser *p, struct str in, const char word[QUERIES],
                 char last[QUERIES])
{
    struct sequence q;
    struct sequence_csi c;

    while (sequence_next(p, &in, &q)) {
        if (q.kind != SEQUENCE_CSI || !sequence_csi(q.bytes, &c) ||
            (c.final != 'n' && c.final != 'R' && c.final != 'c')) {
            continue;
        }
        memmove(last, last + 1, QUERIES - 1);
        last[QUERIES - 1] = c.final;
        if (memcmp(last, word, QUERIES) == 0) {
            return true;
        }
    }
    return false;
}

void tty_drain(int in, int out)
{
    const int64_t end = clock_ms() + TTY_DRAIN_MAX_MS;
    char held[HELD_MAX];
    struct sequence_parser parser = {.held = held, .held_max = sizeof(held)};
    char word[QUERIES];
    char last[QUERIES] = {0};
    char typed[READ_SIZE];
    struct buf queries;
    struct pollfd p = {.fd = out, .events = POLLOUT};
    ssize_t got = 1;

    buf_init(&queries, QUERIES_MAX);
    if (tty_is_in_background(in) || choose(word, &queries) < 0 ||
        poll(&p, 1, TTY_DRAIN_SILENCE_MS) <= 0 ||
        fd_write(out, buf_data(&queries), queries.len) != (ssize_t)queries.len) {
        got = 0;
    }
    p = (struct pollfd){.fd = in, .events = POLLIN};
    while (got > 0 && clock_ms() < end && poll(&p, 1, TTY_DRAIN_SILENCE_MS) > 0) {
        got = fd_read(in, typed, sizeof(typed));
        if (got > 0 && take(&parser, str_n(typed, (size_t)got), word, last)) {
            break;
        }
    }
    secret_wipe(typed, sizeof(typed)); /* both may contain what was typed */
    secret_wipe(held, sizeof(held));
    buf_release(&queries);
}

void tty_drain_cooked(int fd)
{
    const int flags = fcntl(fd, F_GETFL);
    struct err ignored = {0};

    if (flags < 0 || (flags & O_ACCMODE) != O_RDWR || tcgetpgrp(fd) != getpgrp() ||
        tty_raw_enter(fd, &ignored) < 0) {
        return;
    }
    tty_drain(fd, fd);
    tty_raw_restore();
}
