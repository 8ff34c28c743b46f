/* SPDX-License-Identifier: MIT */
/* Finds the facts about paths that an agent could decide. Pure. */
#ifndef PLAN_UNTRUSTED_H
#define PLAN_UNTRUSTED_H

#include "plan/facts.h"

/* Returns why `path`, spelled as in its member of the facts, must not be used, or NULL if it
 * may. `path` can be NULL. */
const char *untrusted_why(const struct facts *f, const char *path);

/* Returns the digest that the content of the object at the physical path must have, or NULL if
 * it can have any content. */
const char *untrusted_pin(const struct facts *f, const char *physical);

#endif
