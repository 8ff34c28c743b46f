/* SPDX-License-Identifier: MIT */
/* Decides what must be done so that two trees become alike. Each path's states in the base,
 * locally and remotely decide, by the rules of sync/sync.h. Pure: listings in, a plan out. */
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
    VERB_LEAVE,       /* nothing; the base keeps its entry */
    VERB_TOUCH,       /* a directory that is the same on both sides; something in it changes */
    VERB_RECORD,      /* the same on both sides, but not in the base */
    VERB_FORGET,      /* left alone on a side: the base drops its entry */
    VERB_PUSH,        /* the local state goes to the remote side */
    VERB_FETCH,       /* the remote state comes to the local side */
    VERB_META_REMOTE, /* the content is the same: the remote side gets mode and time */
    VERB_META_LOCAL,  /* the content is the same: the local side gets mode and time */
    VERB_DROP_REMOTE,
    VERB_DROP_LOCAL,
    VERB_CONFLICT, /* the remote state is kept beside; then the local state is pushed */
    VERB_RESCUE,   /* lies below such a conflict: is kept with it, then removed remotely */
    VERB_COMPARE /* two files of one size: `same` if their contents are equal, else `differ` */
};

/* What a run has made of an item. */
enum sync_done { SYNC_OPEN, SYNC_FETCHED, SYNC_DONE, SYNC_UNSETTLED };

struct sync_item {
    struct str path; /* in the plan's arena */
    struct sync_entry local, remote;
    size_t parent; /* its directory's item + 1; 0: the root */
    enum sync_verb verb;
    enum sync_verb same, differ; /* of VERB_COMPARE */
    enum sync_done done;
    bool again; /* already counted: the rest only makes both sides agree */
    /* Of directories: something in them was changed, or they are new. */
    bool touched_local, touched_remote;
};

struct sync_plan {
    struct arena arena;
    struct sync_item *v; /* in the order of paths; without those where nothing happens */
    size_t count, cap;
};

enum sync_way { SYNC_PUSH_ONLY, SYNC_PULL_ONLY, SYNC_BOTH_WAYS };

/* The listings; `local` and `remote` contain the parents of their paths. */
struct sync_states {
    struct str base, local, remote;
    enum sync_way way;
};

/* Makes the plan. Link targets in it are views of the listings. The plan may contradict itself
 * until the caller has called reconcile_structure(). Returns 0 on success and -1 on error. */
int reconcile(const struct sync_states *s, struct sync_plan *p, struct err *e);

/* Makes sure that everything that stays or comes has a directory to be in, if one side removed
 * or replaced a directory in which the other side changed something. Call it once, after
 * reconcile(). */
void reconcile_structure(struct sync_plan *p);

/* Returns the entry that the base gets for the path when the item is done; NULL leaves the base
 * as it is. */
const struct sync_entry *reconcile_result(const struct sync_item *it, enum sync_way way);

/* Sets *out to the mode and time that a directory finally gets on the side where it is `side`
 * (it->local or it->remote). Returns false if it is not a directory. */
bool reconcile_stamp(const struct sync_item *it, const struct sync_entry *side,
                     struct sync_entry *out);

void sync_plan_release(struct sync_plan *p);

#endif
