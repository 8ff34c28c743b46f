/* SPDX-License-Identifier: MIT */
/* What a line of progress looks like: events go in, text comes out. Two parts: the sums of what
 * is being transferred, and the line itself. cco adds nothing beyond ASCII. Pure: the time is
 * an argument.
 *
 * An image comes in many layers at once, and a line that showed one after the other would only
 * flicker. What is transferred is named "VERB ITEM" ("Downloading 1a2b3c"); items of the same
 * verb are one sum. */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
    PROGRESS_LAYERS_MAX = 64, /* items; more are not counted */
    PROGRESS_VERBS_MAX = 8,
    PROGRESS_LAYER_NAME_MAX = 96, /* bytes of a verb or name, the rest is cut */
    PROGRESS_SAMPLES = 10,
    PROGRESS_SAMPLE_MS = 500, /* so the rate is that of the last five seconds */
    PROGRESS_RATE_MS = 1000   /* no rate is known before that */
};

struct progress_layer {
    uint64_t key;            /* of its name */
    uint64_t current, total; /* total 0: not known */
    size_t verb;             /* among the verbs */
    bool over;
};

struct progress_sample {
    int64_t at_ms;
    uint64_t bytes;
};

struct progress_layers {
    struct progress_layer items[PROGRESS_LAYERS_MAX];
    size_t count;
    char verbs[PROGRESS_VERBS_MAX][PROGRESS_LAYER_NAME_MAX];
    size_t verb_count;
    char name[PROGRESS_LAYER_NAME_MAX]; /* of the item that was noted last */
    size_t shown;                       /* the verb that the samples are of */
    struct progress_sample samples[PROGRESS_SAMPLES];
    size_t sample_count;
};

struct progress_sum {
    const char *what; /* the verb, of a single item its whole name; points into the layers */
    size_t items;     /* how many it is the sum of; 0: nothing is transferred */
    uint64_t current, total; /* bytes; total 0: not known of all */
    uint64_t rate;           /* bytes in a second; 0: not known yet */
    bool over;               /* nothing of any verb is missing */
};

/* Forgets everything. */
void progress_layers_reset(struct progress_layers *t);

/* Sets how far an item is at this time. If `current` and `total` are both 0, the item is
 * complete. The name is shown as it is. */
void progress_layers_note(struct progress_layers *t, const char *name, uint64_t current,
                          uint64_t total, int64_t now_ms);

/* Returns the sum of the first verb of which something is missing, or else of the last verb. */
struct progress_sum progress_layers_sum(const struct progress_layers *t, int64_t now_ms);

/* Returns the seconds that the rest takes at this rate, or -1 if that is not known. */
int64_t progress_sum_left(const struct progress_sum *s);

struct progress_line {
    const char *what;   /* the step, or the title: printable text */
    const char *detail; /* the last line of its output; "": none */
    struct progress_sum sum;
    int64_t elapsed_s;
};

/* Returns how many bytes of s fill at most `cells` cells of a terminal. Counts two cells for
 * each character that is wide on some terminal and one for all others, so that no terminal
 * needs more. */
size_t progress_cut(const char *s, size_t cells);

/* Adds the live line, which has at most `cells` cells: a percentage or the time first, the rest
 * as it fits. Without `utf8`, characters beyond ASCII become "?". */
void progress_line(const struct progress_line *l, size_t cells, bool utf8, struct buf *out);

/* Adds the same for a log, whose width is not limited. */
void progress_plain(const struct progress_line *l, struct buf *out);

#endif
