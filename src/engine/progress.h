/* SPDX-License-Identifier: MIT */
/* How an engine reports the progress of long work. cli/progress.c draws it: a live line on a
 * terminal, plain lines elsewhere. All text may contain any byte; the drawer makes it safe. */
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
    /* Current and total bytes of a transfer; total 0: unknown, both 0: it is over. Transfers
     * that run side by side are named "VERB ITEM", and the items of one verb are shown as their
     * sum. */
    void (*transfer)(struct progress *p, struct str name, uint64_t current, uint64_t total);
    /* Nothing happened for PROGRESS_TICK_MS, so the drawer can show that time passes. May be
     * NULL. */
    void (*tick)(struct progress *p);
    /* The caller of the engine starts and ends some work of this title ("building the image").
     * `title` must stay valid until the end. */
    void (*begin)(struct progress *p, const char *title);
    void (*end)(struct progress *p, bool ok);
};

/* The longest time without a call. */
enum { PROGRESS_TICK_MS = 250 };

#endif
