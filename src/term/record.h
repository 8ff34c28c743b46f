/* SPDX-License-Identifier: MIT */
/* Records a session as an asciicast v2 file: https://docs.asciinema.org/manual/asciicast/v2/.
 * The first JSON line describes the terminal; then there is a line for each piece of output and
 * each resize. Input is not recorded, because it may be a password. A UTF-8 character that is
 * cut by the end of a piece is written with the next one. */
#ifndef TERM_RECORD_H
#define TERM_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct record {
    int fd; /* -1: not recording */
    int64_t started_us;
    unsigned rows, cols;
    bool begun;
    char cut[4]; /* the first bytes of a cut character */
    size_t cut_len;
    struct buf line;
    bool failed; /* for example, the disk is full: reported once, at the end */
    int errnum;
    const char *term; /* borrowed; for the first line */
};

void record_init(struct record *r);

/* Creates the file with mode 0600. Returns 0 on success and -1 on error: ERR_USAGE if it exists
 * already. */
int record_open(struct record *r, const char *path, const char *term, struct err *e);

void record_size(struct record *r, unsigned rows, unsigned cols);
void record_output(struct record *r, struct str bytes);

/* Closes the file. Returns 0 on success and -1 if a part of the recording could not be written.
 */
int record_close(struct record *r, struct err *e);

#endif
