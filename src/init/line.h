/* SPDX-License-Identifier: MIT */
/* Init's end of the line to cco (wire/frame.h): a socket that it connected to, or the engine's
 * streams. */
#ifndef INIT_LINE_H
#define INIT_LINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/boot.h"
#include "wire/frame.h"

struct line {
    int in, out;   /* one socket, or two pipes; -1 while there is none */
    bool can_pass; /* descriptors can be passed on it */
    bool passed;   /* and were: the command's bytes do not pass through init */
    struct buf rx, tx;
    unsigned rows, cols; /* of the host's HELLO */
};

void line_init(struct line *l);

/* Connects to cco at b->line, or uses standard input and output if nothing listens there.
 * Greets and waits for the answer, with no time limit. Returns 0 on success and -1 on error:
 * ERR_EOF if the other side closes the line first. */
int line_open(struct line *l, const struct boot *b, struct err *e);

/* The same over two descriptors, which then belong to l. Sends no secret, and waits ten seconds
 * at most, because the command runs meanwhile: ERR_TIMEOUT. */
int line_adopt(struct line *l, int in, int out, struct err *e);

/* Sends a frame PASS with descriptors at once. Returns 0 on success and -1 on error. */
int line_pass(struct line *l, char kind, const int *fds, size_t count, struct err *e);

/* Reads once into rx. Returns false at the end of the line. */
bool line_read(struct line *l);

/* Writes as much of tx as the line takes. Returns false if the line is lost. */
bool line_write(struct line *l);

/* Writes all of tx. Blocks for timeout_ms at most, or until the line is lost if timeout_ms is
 * -1. */
void line_drain(struct line *l, int timeout_ms);

void line_close(struct line *l);

#endif
