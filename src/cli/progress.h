/* SPDX-License-Identifier: MIT */
/* Draws what long work is doing, on stderr: one live line on a terminal that can move its cursor, plain
 * lines elsewhere, few of them. Silent for the first second, so that short work shows nothing. Keeps the
 * last output of the running step and prints it when that step fails. */
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
    PROGRESS_SILENCE_MS = 30000   /* after which a log is told that it goes on */
};

struct view {
    struct progress progress; /* first: engines get this address */
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

/* Sets the initial state: v->progress.begin() opens the view with this `quiet` and `term`, and v->progress.end()
 * closes it. */
void view_init(struct view *v, bool quiet, const char *term);

/* `term` is TERM's value, may be NULL. Whether the terminal shows UTF-8 is what log_style() says. */
void view_open(struct view *v, const char *title, bool quiet, const char *term);

/* Clears the live line; with `ok` and something shown before, tells how long it took. */
void view_close(struct view *v, bool ok);

#endif
