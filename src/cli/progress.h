/* SPDX-License-Identifier: MIT */
/* Shows the progress of long work on stderr: one live line on a terminal that can move its
 * cursor, otherwise a few plain lines, as in a log. Shows nothing during the first second, so
 * that short work stays silent. Keeps the last output of the running step and prints it if that
 * step fails. progress_line.h has the text of a line. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "cli/progress_line.h"
#include "engine/progress.h"

enum {
    PROGRESS_NAME_MAX = 256,      /* bytes of a step's name or output line, with the NUL */
    PROGRESS_TAIL_MAX = 16 << 10, /* bytes of output that are kept for a failed step */
    PROGRESS_DELAY_MS = 1000,     /* nothing is shown before that */
    PROGRESS_TRANSFER_MS = 10000, /* the least time between two plain lines about transfers */
    PROGRESS_SILENCE_MS = 30000   /* the time without a plain line after which one is printed */
};

struct progress_view {
    /* The interface that the caller uses. It must be the first member, because its functions
     * find the view by this address. */
    struct progress progress;
    const char *title; /* "building the image"; borrowed from begin() to end() */
    /* Times of clock_ms() at which the work began, the step began, the live line was drawn */
    int64_t start_ms, step_ms, drawn_ms;
    int64_t told_ms;                /* when the last plain line was printed */
    bool live;                      /* stderr is a terminal that understands CR and EL */
    bool utf8;                      /* the terminal shows UTF-8 */
    bool quiet;                     /* show only failed steps; set by the caller */
    const char *term;               /* the value of TERM; NULL: not set */
    bool titled;                    /* the title was printed */
    bool on_line;                   /* the cursor is on a live line */
    bool stepped;                   /* the work consists of steps */
    char step[PROGRESS_NAME_MAX];   /* the name of the running step; "": none */
    char last[PROGRESS_NAME_MAX];   /* the last line of its output; "": none */
    struct progress_layers *layers; /* its transfers; on the heap, because it is large */
    uint64_t moved;                 /* the largest sum of bytes transferred so far */
    struct buf tail;                /* the last output of the running step */
};

/* Sets the initial state. `term` is the value of TERM, or NULL, and is borrowed. Afterwards the
 * caller may set v->quiet and uses v->progress (engine/progress.h), for one piece of work at a
 * time: begin(), then the events, then end(), which frees everything that v holds. begin()
 * finds out whether stderr is a terminal, and takes UTF-8 from log_style(). */
void progress_view_init(struct progress_view *v, const char *term);

#endif
