/* SPDX-License-Identifier: MIT */
/* The sums of what is being transferred: an image comes in many layers at once, and a line that showed one after the
 * other would only flicker. What is transferred is named "VERB ITEM" ("Downloading 1a2b3c"); items of the same verb
 * are one sum. Pure: the time is an argument. */
#ifndef CLI_TRANSFERS_H
#define CLI_TRANSFERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum {
    TRANSFERS_MAX = 64, /* items; more are not counted */
    TRANSFERS_VERBS = 8,
    TRANSFERS_NAME_MAX = 96, /* bytes of a verb or name, the rest is cut */
    TRANSFERS_SAMPLES = 10,
    TRANSFERS_SAMPLE_MS = 500, /* so the rate is that of the last five seconds */
    TRANSFERS_RATE_MS = 1000   /* none is told of less */
};

struct transfer_item {
    uint64_t key;            /* of its name */
    uint64_t current, total; /* total 0: not known */
    size_t verb;             /* among the verbs */
    bool over;
};

struct transfer_sample {
    int64_t at_ms;
    uint64_t bytes;
};

struct transfers {
    struct transfer_item items[TRANSFERS_MAX];
    size_t count;
    char verbs[TRANSFERS_VERBS][TRANSFERS_NAME_MAX];
    size_t verb_count;
    char name[TRANSFERS_NAME_MAX]; /* of the item that was noted last */
    size_t shown;                  /* the verb that the samples are of */
    struct transfer_sample samples[TRANSFERS_SAMPLES];
    size_t sample_count;
};

struct transfers_sum {
    const char *what; /* the verb, of a single item its whole name; lives in the transfers */
    size_t items;     /* how many it is the sum of; 0: nothing is transferred */
    uint64_t current, total; /* bytes; total 0: not known of all */
    uint64_t rate;           /* bytes in a second; 0: not known yet */
    bool over;               /* nothing of any verb is missing */
};

/* Everything is forgotten. */
void transfers_reset(struct transfers *t);

/* How far an item is, at this time. `current` and `total` both 0: it is over. The name is shown as it is. */
void transfers_note(struct transfers *t, const char *name, uint64_t current, uint64_t total,
                    int64_t now_ms);

/* The sum of the first verb of which something is missing, else of the last one that there was. */
struct transfers_sum transfers_sum(const struct transfers *t, int64_t now_ms);

/* Seconds that the rest takes at this rate; -1: not known. */
int64_t transfers_left(const struct transfers_sum *s);

#endif
