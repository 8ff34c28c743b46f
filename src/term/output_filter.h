/* SPDX-License-Identifier: MIT */
/* The filter of --terminal safe, between a program's output and the user's terminals. It passes
 * text, and the escape sequences in its lists: drawing, colours, modes, titles, hyperlinks to
 * web pages, and queries whose answers the program cannot choose. Everything else is dropped,
 * also what a terminal of the future may know. It passes only whole sequences, and writes their
 * beginnings and ends itself, so that bytes of two programs cannot join into a sequence that
 * neither of them has written. The terminal is taken to use UTF-8. Pure. */
#ifndef TERM_OUTPUT_FILTER_H
#define TERM_OUTPUT_FILTER_H

#include "base/buf.h"
#include "term/sequence.h"

enum {
    /* The longest content of a sequence that passes, in bytes: an address of a hyperlink. */
    OUTPUT_FILTER_CONTENT = 4096,
    /* The most bytes that output_filter() adds besides those of its input: a sequence whose
     * beginning came earlier. */
    OUTPUT_FILTER_MORE = OUTPUT_FILTER_CONTENT + 16
};

/* The initial state is zero. It holds no resource. */
struct output_filter {
    struct sequence_parser parser;
    char held[OUTPUT_FILTER_CONTENT];
};

/* Adds to `out` the part of `in` that may reach a terminal. A sequence is added once it is
 * complete. `out` must have room for 2 * in.len + OUTPUT_FILTER_MORE bytes. */
void output_filter(struct output_filter *f, struct str in, struct buf *out);

/* Returns true if the filter passes this sequence or text. */
bool output_filter_passes(const struct sequence *q);

#endif
