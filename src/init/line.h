/* SPDX-License-Identifier: MIT */
/* Init's end of the line to cco (src/wire/PROTOCOL.md): a socket, or the engine's streams. */
#ifndef INIT_LINE_H
#define INIT_LINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/boot.h"
#include "wire/frame.h"

struct line {
    int in, out;       /* one socket, or two pipes; they belong to this struct; -1: no line */
    bool can_pass;     /* the line is a socket to cco, on which descriptors can be passed */
    bool passed;       /* they were passed: the command's bytes do not pass through init */
    struct buf rx, tx; /* frames that were read and not handled; frames to be written */
    /* The connection to the host's ssh agent, which came before cco's HELLO, until the caller
     * takes it and sets this to -1. -1: none. */
    int agent;
    unsigned rows, cols; /* the size in the host's HELLO; 0: not known */
};

/* Sets the initial state: no line is open. */
void line_init(struct line *l);

/* Opens the line, sends init's greeting with b->secret, and blocks without a time limit until
 * the answer has come. The line is
 *
 * - standard input if b->line is BOOT_STREAM: a socket to cco, which is moved to another
 *   number; /dev/null takes its place;
 * - or else a connection to the socket b->line;
 * - or else, if b->line is NULL or no process listens there, standard input and output, which
 *   are the engine's streams.
 *
 * Returns 0 on success and -1 on error: ERR_EOF if the other side closes the line first,
 * ERR_FORMAT if its answer is not a greeting, ERR_SYS otherwise. After an error the caller
 * calls line_close(). */
int line_open(struct line *l, const struct boot *b, struct err *e);

/* Opens the line over two descriptors, which belong to l from this call on, also after an
 * error. Sends a greeting without a secret. Blocks until the answer has come, but for ten
 * seconds at most, because the command runs meanwhile: ERR_TIMEOUT. Otherwise returns like
 * line_open(). */
int line_adopt(struct line *l, int in, int out, struct err *e);

/* Sends the frame PASS of this kind ('t' or 'p') with `count` descriptors, which still belong
 * to the caller. Writes all of tx first. Blocks, without a limit, until cco's end has taken
 * everything. Returns 0 on success and -1 on error. */
int line_pass(struct line *l, char kind, const int *fds, size_t count, struct err *e);

/* Reads once into rx. Returns true on success, also if nothing was read because there are no
 * bytes now or rx is full. Returns false at the end of the line, or if reading fails. Does not
 * block. */
bool line_read(struct line *l);

/* Writes as much of tx as the line takes now. Returns false if the line is lost. Does not
 * block. */
bool line_write(struct line *l);

/* Blocks until all of tx is written, the line is lost, or timeout_ms have passed. -1 means no
 * time limit. The caller sees at l->tx.len whether bytes are left. */
void line_drain(struct line *l, int timeout_ms);

/* Closes the descriptors and wipes the queues. Afterwards l is in its initial state. */
void line_close(struct line *l);

#endif
