/* SPDX-License-Identifier: MIT */
/* What is to be done so that two trees become alike: a decision for every path, from what it is in the base, here on
 * the host and on the remote side. The rules are those of sync/sync.h. Pure: listings in, a plan out. */
#ifndef SYNC_RECONCILE_H
#define SYNC_RECONCILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "wire/synclist.h"

enum sync_verb {
    VERB_LEAVE, /* nothing; the base keeps what it says */
    VERB_TOUCH, /* a directory that is the same on both sides, and in which something will change */
    VERB_SETTLE,      /* the same on both sides, but not in the base */
    VERB_FORGET,      /* left alone on a side: the base knows no more of it */
    VERB_PUSH,        /* what is here goes there */
    VERB_FETCH,       /* what is there comes here */
    VERB_META_REMOTE, /* only mode and time go there: the content is the same */
    VERB_META_HERE,   /* only mode and time come here */
    VERB_DROP_REMOTE,
    VERB_DROP_HERE,
    VERB_CONFLICT, /* what is there is kept here beside; then what is here goes there */
    VERB_RESCUE,   /* lies below such a conflict, and goes with it; then it is removed there */
    VERB_COMPARE /* two files of one size: `same` if their contents are equal, else `differ` */
};

/* What a run has made of an item. */
enum sync_done { SYNC_OPEN, SYNC_FETCHED, SYNC_DONE, SYNC_UNSETTLED };

struct sync_item {
    struct str path; /* in the plan's arena */
    struct sync_entry here, remote;
    size_t parent; /* its directory's item + 1; 0: the root */
    enum sync_verb verb;
    enum sync_verb same, differ; /* of VERB_COMPARE */
    enum sync_done done;
    bool again; /* counted already: what follows only makes both sides agree */
    bool touched_here,
        touched_remote; /* of directories: something in them was changed, or they are new */
};

struct sync_plan {
    struct arena arena;
    struct sync_item *v; /* in the order of paths; without those where nothing happens */
    size_t count, cap;
};

enum sync_way { SYNC_PUSH_ONLY, SYNC_PULL_ONLY, SYNC_BOTH_WAYS };

struct sync_states {
    struct str base, here,
        remote; /* listings; `here` and `far` have the parents of what they have */
    enum sync_way way;
};

/* Decides. Link targets in the plan are views of the listings. Before structure is made whole the plan may
 * contradict itself: reconcile_structure(). */
int reconcile(const struct sync_states *s, struct sync_plan *p, struct err *e);

/* Makes sure that what stays or comes has a directory to be in: of a directory that one side removed or replaced,
 * and the other changed something in. Call once, after reconcile(). */
void reconcile_structure(struct sync_plan *p);

/* What the base says of the path once the item is done: NULL: as before. */
const struct sync_entry *reconcile_result(const struct sync_item *it, enum sync_way way);

/* Mode and time that a directory gets in the end on the side where it is `side` (it->here or it->far). False where it
 * is none. */
bool reconcile_stamp(const struct sync_item *it, const struct sync_entry *side,
                     struct sync_entry *out);

void sync_plan_release(struct sync_plan *p);

#endif
