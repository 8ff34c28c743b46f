/* SPDX-License-Identifier: MIT */
/* Things that the user has outside and a sandbox lacks. Each item is one line for the user,
 * which says what is missing inside and which option or step brings it. A start prints each
 * line once for each project and cause (session/missing_told.h); `cco info` and --dry-run
 * always show it.
 *
 * The facts have the items that are true of every session here (facts.missing), and the plan
 * has these and its own (plan.missing). An item is only for something that will fail inside
 * although it works outside. Pure. */
#ifndef PLAN_MISSING_H
#define PLAN_MISSING_H

#include <stddef.h>

#include "base/arena.h"

/* The number of items that a list takes. One more item behind them says how many further items
 * were dropped. The limit is needed because the files from which items come can contain any
 * number of names. */
enum { MISSING_MAX = 64 };

struct missing_item {
    /* Identifies the cause: a word for its kind, and the object, as "hook /home/ann/guard.sh".
     * The line is printed again for another cause, but not if only its text changes. */
    const char *cause;
    /* A line for the user, without a full stop at its end. It can contain names from files, and
     * is escaped (log_escape()), so that it has no line break. */
    const char *text;
};

/* The initial state is {0}. */
struct missing {
    struct missing_item *list; /* in an arena */
    size_t count, cap;
    size_t guards;  /* the items at the beginning that are about guards */
    size_t dropped; /* the items for which there was no room */
};

/* Adds an item, unless the list has an item with this cause already. The strings are copied
 * into the arena. If the list is full, the item is dropped, and the item behind the list says
 * how many were. */
void missing_add(struct missing *m, struct arena *a, const char *cause, const char *text);

/* Does the same for an item about a guard: a program that decides what claude may do. The item
 * is placed behind the other guards and before all other items. If the list is full, the last
 * item is dropped, so nothing that a project can write takes the place of a guard. */
void missing_add_guard(struct missing *m, struct arena *a, const char *cause, const char *text);

/* Returns a list with the same items, to which the caller can add more without a change of
 * `from`. The list is in the arena and shares the strings. */
struct missing missing_copy(const struct missing *from, struct arena *a);

#endif
