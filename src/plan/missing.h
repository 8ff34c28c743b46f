/* SPDX-License-Identifier: MIT */
/* What the user has outside and a sandbox lacks. Each item is one line for the user, which says
 * what is missing inside and which option or step brings it. A start prints each line once for
 * each project and cause (session/missing_told.h); `cco info` and --dry-run always show it.
 *
 * The facts have the items that are true of every session here (facts.missing), and the plan
 * has these and its own (plan.missing). An item is only for something that will fail inside
 * although it works outside. Pure. */
#ifndef PLAN_MISSING_H
#define PLAN_MISSING_H

#include <stddef.h>

#include "base/arena.h"

/* The number of items that a list takes. Names in them can come from files of the user that
 * contain any number of them. */
enum { MISSING_MAX = 64 };

struct missing_item {
    /* Identifies the cause: a word for its kind, and the object, as "hook /home/ann/guard.sh".
     * The line is printed again for another cause, but not if only its text changes. */
    const char *cause;
    /* A line for the user, without a full stop at its end. It can contain names from files, and
     * is escaped when it is printed. */
    const char *text;
};

/* The initial state is {0}. */
struct missing {
    struct missing_item *list; /* in an arena */
    size_t count, cap;
};

/* Adds an item, unless the list has one with this cause already, or has MISSING_MAX items. The
 * strings are not copied. */
void missing_add(struct missing *m, struct arena *a, const char *cause, const char *text);

#endif
