/* SPDX-License-Identifier: MIT */
/* How engines tell what long work is doing. cli/progress.c draws it: a live line on a terminal, plain
 * lines elsewhere. All text is raw and may hold any byte; the drawer makes it safe. */
#ifndef ENGINE_PROGRESS_H
#define ENGINE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct progress {
    /* A step began: "[2/5] RUN apt-get ..." ; `cached` when there was nothing to do. */
    void (*step)(struct progress *p, struct str name, bool cached);
    /* A step is over. `failed` carries its error text, or is empty. */
    void (*done)(struct progress *p, struct str name, struct str failed);
    /* Output of the running step. */
    void (*output)(struct progress *p, struct str name, struct str bytes);
    /* Transfer: current and total bytes (total 0: unknown) of something named. "VERB ITEM" where several go side by
     * side: items of one verb are shown as their sum. Both 0: it is over. */
    void (*transfer)(struct progress *p, struct str name, uint64_t current, uint64_t total);
    /* Nothing happened for PROGRESS_TICK_MS: the time that passes can be shown. NULL: nobody wants to know. */
    void (*tick)(struct progress *p);
    /* Of whoever has the work done, not of an engine: some work of this title ("building the image") begins, and is
     * over. `title` must stay valid until then. */
    void (*begin)(struct progress *p, const char *title);
    void (*end)(struct progress *p, bool ok);
};

/* How long at most whoever works stays silent. */
enum { PROGRESS_TICK_MS = 250 };

#endif
