/* SPDX-License-Identifier: MIT */
/* The pages of the manual (src/manual/PAGE.md), embedded in the binary. The definition of the
 * array is generated (scripts/embed) and constant. Pure. */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

struct manual_page {
    const char *name;          /* "sessions.md" */
    const unsigned char *data; /* Markdown (cli/markdown.h); a NUL follows, not counted */
    size_t len;
};

/* Sorted by name, byte by byte. An all-NULL entry follows the last one. */
extern const struct manual_page manual_pages[];
extern const size_t manual_pages_count;

/* Returns the name of topic `i` in the order in which users read the manual, or NULL if there
 * are not so many. Topics are the pages without ".md". */
const char *manual_topic(size_t i);

/* Sets *page to the text of a topic, which is static. Returns whether the topic exists; if not,
 * *page is unchanged. */
bool manual_find(const char *topic, struct str *page);

/* Returns the summary of a topic that exists, in the arena: the first paragraph of its page,
 * which is one sentence, in one line and without marks of Markdown. "" if the page has none. */
const char *manual_summary(const char *topic, struct arena *a);

/* Returns all topics as "a, b, c", in the arena. */
const char *manual_topics(struct arena *a);

#endif
