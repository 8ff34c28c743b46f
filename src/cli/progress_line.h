/* SPDX-License-Identifier: MIT */
/* What a line of progress looks like: state in, text out. Nothing of cco's own in it is beyond ASCII. Pure. */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "cli/layer_progress.h"

struct progress_line {
    const char *what;   /* the step, or the title: printable text */
    const char *detail; /* the last line of its output; "": none */
    struct layer_progress_sum sum;
    int64_t elapsed_s;
};

/* How many bytes of s fill at most `cells` cells of a terminal. No terminal gives a character more cells than are counted
 * here: two for every one that is wide anywhere, one for all others, even those that have none. */
size_t progress_cut(const char *s, size_t cells);

/* The live line, at most `cells` cells: a percentage or the time first, the rest as it fits. Where the terminal
 * does not show UTF-8, what is beyond ASCII becomes "?". */
void progress_line(const struct progress_line *l, size_t cells, bool utf8, struct buf *out);

/* The same for a log, without a width. */
void progress_plain(const struct progress_line *l, struct buf *out);

#endif
