/* SPDX-License-Identifier: MIT */
/* The text of a line of progress. The module has two parts: the sums of the bytes that are
 * being transferred, and the line itself. The text that cco adds is ASCII. Pure: the time is an
 * argument.
 *
 * An engine transfers many layers of an image at once, and a line that showed them in turn
 * would flicker. So a transfer is named "VERB ITEM" ("Downloading 1a2b3c"), and the items of
 * the same verb are shown as one sum. */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
    PROGRESS_LAYERS_MAX = 64,     /* items; further items are ignored */
    PROGRESS_VERBS_MAX = 8,       /* verbs; items of further verbs are ignored */
    PROGRESS_LAYER_NAME_MAX = 96, /* bytes of a verb or a name with the NUL; the rest is cut */
    PROGRESS_SAMPLES = 10,        /* samples, which give the rate of the last five seconds */
    PROGRESS_SAMPLE_MS = 500,     /* the least time between two samples */
    PROGRESS_RATE_MS = 1000       /* the rate is unknown before that */
};

/* An item that is being transferred. */
struct progress_layer {
    uint64_t key;            /* a hash of its name */
    uint64_t current, total; /* bytes; total 0: not known */
    size_t verb;             /* index of its verb in progress_layers.verbs */
    bool over;               /* the item is complete */
};

/* How many bytes were transferred at a time of clock_ms(). */
struct progress_sample {
    int64_t at_ms;
    uint64_t bytes;
};

/* The items of one step. Its initial state is all zeros. */
struct progress_layers {
    struct progress_layer items[PROGRESS_LAYERS_MAX];
    size_t count;
    char verbs[PROGRESS_VERBS_MAX][PROGRESS_LAYER_NAME_MAX]; /* in the order of their arrival */
    size_t verb_count;
    char name[PROGRESS_LAYER_NAME_MAX]; /* the whole name of the item that was noted last */
    size_t shown;                       /* index of the verb to which the samples belong */
    struct progress_sample samples[PROGRESS_SAMPLES]; /* from old to new */
    size_t sample_count;
};

/* The sum of all items of one verb. */
struct progress_sum {
    const char *what; /* the verb, or the whole name of a single item; points into the layers */
    size_t items;     /* the number of items; 0: nothing is transferred */
    uint64_t current, total; /* bytes; total 0: the total of some item is not known */
    uint64_t rate;           /* bytes per second; 0: not known */
    bool over;               /* all items of all verbs are complete */
};

/* Sets the initial state: no items. */
void progress_layers_reset(struct progress_layers *t);

/* Notes that `current` of `total` bytes of the item `name` are transferred at the time now_ms.
 * A total of 0 is unknown. If `current` and `total` are both 0, the item is complete. The name
 * is copied, and must be printable, because it is shown unchanged. */
void progress_layers_note(struct progress_layers *t, const char *name, uint64_t current,
                          uint64_t total, int64_t now_ms);

/* Returns the sum of the first verb that has an incomplete item, or of the last verb if all
 * items are complete. Its `what` is valid until `t` changes. */
struct progress_sum progress_layers_sum(const struct progress_layers *t, int64_t now_ms);

/* Returns the seconds that the missing bytes need at this rate, or -1 if that is not known, if
 * no bytes are missing, or if the number is INT32_MAX or more. */
int64_t progress_sum_left(const struct progress_sum *s);

/* The content of a line. Texts are printable and borrowed. */
struct progress_line {
    const char *what;        /* the name of the step, or the title of the work */
    const char *detail;      /* the last line of its output; "": none */
    struct progress_sum sum; /* shown instead of `what` while something is transferred */
    int64_t elapsed_s;       /* seconds since the work began */
};

/* Returns the length in bytes of the longest start of s that fits into `cells` cells of a
 * terminal. Counts two cells for each character that some terminals show as wide, and one for
 * all others, so that no terminal needs more. */
size_t progress_cut(const char *s, size_t cells);

/* Adds the live line to `out`. It begins with a percentage, or with the elapsed time if no
 * total is known, and has at most `cells` cells: what does not fit is cut or left out. Without
 * `utf8`, a character beyond ASCII becomes "?". */
void progress_line(const struct progress_line *l, size_t cells, bool utf8, struct buf *out);

/* Adds the plain line for a log to `out`. It contains the same facts, and its width is not
 * limited. */
void progress_plain(const struct progress_line *l, struct buf *out);

#endif
