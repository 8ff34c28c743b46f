/* SPDX-License-Identifier: MIT */
/* Finds the facts about paths that an agent could decide. Pure. */
#ifndef PLAN_UNTRUSTED_H
#define PLAN_UNTRUSTED_H

#include "plan/facts.h"

/* Returns the fact that `path`, spelled as in its member of the facts, must not be used.
 * Returns NULL if it may be used, and if `path` is NULL. */
const struct fact_untrusted *untrusted_find(const struct facts *f, const char *path);

/* Returns why `path` must not be used. Returns NULL if it may be used. */
const char *untrusted_why(const struct facts *f, const char *path);

/* Adds lines for the user to `out`, in the arena, that say which paths are not shared: each
 * reason once with its paths, and one command that accepts all paths that can be accepted. A
 * single path takes one line, and none takes no line. */
void untrusted_lines(const struct fact_untrusted *list, size_t count, struct arena *a,
                     struct strv *out);

/* Returns the digest that the content of the object at the physical path must have, or NULL if
 * it can have any content. */
const char *untrusted_pin(const struct facts *f, const char *physical);

#endif
