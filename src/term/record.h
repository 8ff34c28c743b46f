/* SPDX-License-Identifier: MIT */
/* Records a session as an asciicast v2 file: https://docs.asciinema.org/manual/asciicast/v2/.
 * The first JSON line describes the terminal. Then there is a line for each piece of output and
 * for each resize. Input is not recorded, because it may be a password. A UTF-8 character that
 * is cut by the end of a piece is written with the next piece. */
#ifndef TERM_RECORD_H
#define TERM_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct record {
    int fd;              /* the file; -1: not recording */
    int64_t started_us;  /* clock_us() when the first line was written; times count from here */
    unsigned rows, cols; /* the last size that was written */
    bool begun;          /* the first line is written */
    char cut[4];         /* the first bytes of a cut character */
    size_t cut_len;
    struct buf line;  /* the line that is being made; empty between calls */
    bool failed;      /* a write failed (the disk is full): the rest is not recorded */
    int errnum;       /* the errno of that write; valid if `failed` */
    const char *term; /* the terminal's type for the first line; borrowed; NULL: "xterm" */
};

/* Afterwards record_size() and record_output() do nothing, until record_open() succeeds. */
void record_init(struct record *r);

/* Creates the file at `path` with mode 0600. `term` is the value of TERM or NULL, and must live
 * until record_close(). Returns 0 on success and -1 on error: ERR_USAGE if the file exists
 * already, which leaves it unchanged. After an error r does not record. */
int record_open(struct record *r, const char *path, const char *term, struct err *e);

/* Record the terminal's size, and output of the command. The first size becomes a part of the
 * first line; if it is 0, or if output comes before any size, the first line says 24x80. A size
 * that has not changed is not recorded again. Both functions write to the file at once, and
 * block like write(2). They do not return an error: record_close() reports it. */
void record_size(struct record *r, unsigned rows, unsigned cols);
void record_output(struct record *r, struct str bytes);

/* Records output of a command without a terminal, whose lines end with LF alone, so that they
 * are shown as lines. Otherwise like record_output(). */
void record_lines(struct record *r, struct str bytes);

/* Closes the file and returns r to its initial state, also on error. Returns 0 on success, also
 * if r does not record. Returns -1 if a part of the recording could not be written; the file
 * then ends with the last part that could. */
int record_close(struct record *r, struct err *e);

#endif
