/* SPDX-License-Identifier: MIT */
/* The sums of what is being transferred: an image comes in many layers at once, and a line that showed one after the
 * other would only flicker. What is transferred is named "VERB ITEM" ("Downloading 1a2b3c"); items of the same verb
 * are one sum. Pure: the time is an argument. */
#ifndef CLI_LAYER_PROGRESS_H
#define CLI_LAYER_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum {
    LAYER_PROGRESS_MAX = 64, /* items; more are not counted */
    LAYER_PROGRESS_VERBS = 8,
    LAYER_PROGRESS_NAME_MAX = 96, /* bytes of a verb or name, the rest is cut */
    LAYER_PROGRESS_SAMPLES = 10,
    LAYER_PROGRESS_SAMPLE_MS = 500, /* so the rate is that of the last five seconds */
    LAYER_PROGRESS_RATE_MS = 1000   /* none is told of less */
};

struct layer_item {
    uint64_t key;            /* of its name */
    uint64_t current, total; /* total 0: not known */
    size_t verb;             /* among the verbs */
    bool over;
};

struct layer_sample {
    int64_t at_ms;
    uint64_t bytes;
};

struct layer_progress {
    struct layer_item items[LAYER_PROGRESS_MAX];
    size_t count;
    char verbs[LAYER_PROGRESS_VERBS][LAYER_PROGRESS_NAME_MAX];
    size_t verb_count;
    char name[LAYER_PROGRESS_NAME_MAX]; /* of the item that was noted last */
    size_t shown;                       /* the verb that the samples are of */
    struct layer_sample samples[LAYER_PROGRESS_SAMPLES];
    size_t sample_count;
};

struct layer_progress_sum {
    const char *what; /* the verb, of a single item its whole name; lives in the transfers */
    size_t items;     /* how many it is the sum of; 0: nothing is transferred */
    uint64_t current, total; /* bytes; total 0: not known of all */
    uint64_t rate;           /* bytes in a second; 0: not known yet */
    bool over;               /* nothing of any verb is missing */
};

/* Everything is forgotten. */
void layer_progress_reset(struct layer_progress *t);

/* How far an item is, at this time. `current` and `total` both 0: it is over. The name is shown as it is. */
void layer_progress_note(struct layer_progress *t, const char *name, uint64_t current,
                         uint64_t total, int64_t now_ms);

/* The sum of the first verb of which something is missing, else of the last one that there was. */
struct layer_progress_sum layer_progress_sum(const struct layer_progress *t, int64_t now_ms);

/* Seconds that the rest takes at this rate; -1: not known. */
int64_t layer_progress_left(const struct layer_progress_sum *s);

#endif
