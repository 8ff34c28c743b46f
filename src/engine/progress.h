/* SPDX-License-Identifier: MIT */
/* How an engine reports the progress of long work. The caller of an engine's function
 * implements these functions; cli/progress.h draws them, as a live line on a terminal and as
 * plain lines elsewhere. A text may contain any byte, so the implementation must make it safe.
 * Texts are valid during the call only, except for that of begin(). The functions cannot fail,
 * and should not block. An engine needs all of them but tick(), begin() and end(), which may be
 * NULL for it. */
#ifndef ENGINE_PROGRESS_H
#define ENGINE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct progress {
    /* The build step `name` has begun: "[2/5] RUN apt-get ...". `cached`: its result is reused,
     * so that there is nothing to do. */
    void (*step)(struct progress *p, struct str name, bool cached);
    /* The build step is over. `failed` is its error text, or empty if it succeeded. */
    void (*done)(struct progress *p, struct str name, struct str failed);
    /* The running step `name` has printed `bytes`. `name` is empty if no step exists. */
    void (*output)(struct progress *p, struct str name, struct str bytes);
    /* `current` of `total` bytes of a transfer are done; a total of 0 is unknown, and if both
     * are 0, the transfer is over. Transfers that run side by side are named "VERB ITEM", and
     * the items of one verb are shown as their sum. */
    void (*transfer)(struct progress *p, struct str name, uint64_t current, uint64_t total);
    /* PROGRESS_TICK_MS have passed without an event, so that the implementation can show that
     * time passes. */
    void (*tick)(struct progress *p);
    /* Work with this title begins ("building the image"), and ends. The caller of the engine
     * calls both, the engine never does. `title` must stay valid until end(). `ok`: the work
     * succeeded. */
    void (*begin)(struct progress *p, const char *title);
    void (*end)(struct progress *p, bool ok);
};

/* The longest time without a call, in ms, while an engine works. */
enum { PROGRESS_TICK_MS = 250 };

#endif
