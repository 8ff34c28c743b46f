/* SPDX-License-Identifier: MIT */
/* Draws what long work is doing, on stderr: one live line on a terminal that can move its cursor,
 * plain lines elsewhere. Silent for the first second, so that short work shows nothing. Keeps the
 * last output of the running step and prints it when that step fails. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "engine/progress.h"

enum { PROGRESS_NAME_MAX = 256, PROGRESS_TAIL_MAX = 16 << 10, PROGRESS_DELAY_MS = 1000 };

struct view {
    struct progress progress; /* first: engines get this address */
    const char *title;        /* "building the image" */
    int64_t start_ms, step_ms, drawn_ms;
    bool live; /* stderr is a terminal that understands CR and EL */
    bool quiet;
    bool titled;  /* the title was printed */
    bool on_line; /* a live line stands there */
    char step[PROGRESS_NAME_MAX];
    char last[PROGRESS_NAME_MAX]; /* the last line of output, or the transfer */
    struct buf tail;              /* the running step's last output */
};

/* `term` is TERM's value, may be NULL. */
void view_open(struct view *v, const char *title, bool quiet, const char *term);

/* Clears the live line; with `ok` and something shown before, tells how long it took. */
void view_close(struct view *v, bool ok);

#endif
