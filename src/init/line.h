/* SPDX-License-Identifier: MIT */
/* Init's end of the line to cco (wire/frame.h): a socket it called at, or the engine's streams. */
#ifndef INIT_LINE_H
#define INIT_LINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/boot.h"
#include "wire/frame.h"

struct line {
    int in, out;   /* one socket, or two pipes; -1 while there is none */
    bool can_pass; /* descriptors may travel on it */
    bool passed;   /* and did: the command's bytes are not ours to carry */
    struct buf rx, tx;
    unsigned rows, cols; /* as the host's HELLO told */
};

void line_init(struct line *l);

/* Calls cco at b->line, or takes standard input and output where nobody answers there; greets, and waits for
 * the answer. ERR_EOF where the other side goes away first. Waits as long as it takes. */
int line_open(struct line *l, const struct boot *b, struct err *e);

/* The same over two descriptors that it takes over: no secret is due, and the answer has ten seconds, because the
 * command runs meanwhile. ERR_TIMEOUT. */
int line_adopt(struct line *l, int in, int out, struct err *e);

/* Sends frame PASS with descriptors, now. */
int line_pass(struct line *l, char kind, const int *fds, size_t count, struct err *e);

/* One read into rx; false at the end of the line. */
bool line_read(struct line *l);

/* Writes what it can of tx; false where nobody is there any more. */
bool line_write(struct line *l);

/* Writes all of tx, waiting for at most this long; -1: as long as somebody is there. */
void line_drain(struct line *l, int timeout_ms);

void line_close(struct line *l);

#endif
