/* SPDX-License-Identifier: MIT */
/* Shows on stderr what long work is doing: one live line on a terminal that can move its
 * cursor, otherwise a few plain lines. Shows nothing for the first second, so that short work
 * stays silent. Keeps the last output of the running step and prints it if that step fails.
 * progress_line.h decides what a line says. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "cli/progress_line.h"
#include "engine/progress.h"

enum {
    PROGRESS_NAME_MAX = 256,
    PROGRESS_TAIL_MAX = 16 << 10,
    PROGRESS_DELAY_MS = 1000,
    PROGRESS_TRANSFER_MS = 10000, /* between two lines of a log about the same transfer */
    PROGRESS_SILENCE_MS = 30000   /* after which a log gets a line */
};

struct progress_view {
    struct progress progress; /* first: the callers get this address */
    const char *title;        /* "building the image" */
    int64_t start_ms, step_ms, drawn_ms;
    int64_t told_ms; /* when a log got its last line */
    bool live;       /* stderr is a terminal that understands CR and EL */
    bool utf8;       /* and shows UTF-8 */
    bool quiet;
    const char *term; /* TERM's value; NULL: not set */
    bool titled;      /* the title was printed */
    bool on_line;     /* a live line stands there */
    bool stepped;     /* it consists of steps */
    char step[PROGRESS_NAME_MAX];
    char last[PROGRESS_NAME_MAX];   /* the last line of output */
    struct progress_layers *layers; /* of this step; on the heap, for it is large */
    uint64_t moved;                 /* the most bytes that one sum had */
    struct buf tail;                /* the running step's last output */
};

/* Sets the initial state. The caller may set v->quiet, which shows nothing but failed steps,
 * before v->progress.begin(). `term` is the value of TERM, or NULL; it is borrowed. All work
 * goes through v->progress, one thing at a time, between begin() and end(), which frees what v
 * holds. log_style() says whether the terminal shows UTF-8. */
void progress_view_init(struct progress_view *v, const char *term);

#endif
