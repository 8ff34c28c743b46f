/* SPDX-License-Identifier: MIT */
/* A session as an asciicast v2 file: https://docs.asciinema.org/manual/asciicast/v2/. One JSON line for the
 * terminal, then one for each piece of output and each resize. What is typed is not recorded: it may be a
 * password. UTF-8 that is cut by the end of a piece goes with the next one. */
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
    char cut[4]; /* the begin of a character */
    size_t cut_len;
    struct buf line;
    bool failed; /* the disk is full, say: told once, at the end */
    int errnum;
    const char *term; /* borrowed; for the head */
};

void record_init(struct record *r);

/* Makes the file (0600: what a terminal showed is not for everybody); it must not be there yet. ERR_USAGE. */
int record_open(struct record *r, const char *path, const char *term, struct err *e);

void record_size(struct record *r, unsigned rows, unsigned cols);
void record_output(struct record *r, struct str bytes);

/* -1 where something of it could not be written. */
int record_close(struct record *r, struct err *e);

#endif
