/* SPDX-License-Identifier: MIT */
/* Internal to sync_lead(), the local end. lead.c opens the trees, runs the turns and stores the
 * new base; lead_plan.c makes the plan; lead_fetch.c carries it out on the local tree,
 * lead_push.c on the remote tree.
 *
 * Functions that return int return 0 on success and -1 on error; an error ends the run. A path
 * that cannot be synchronized is not an error: lead_failed() reports it. */
#ifndef SYNC_LEAD_H
#define SYNC_LEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "sync/apply.h"
#include "sync/listing.h"
#include "sync/reconcile.h"
#include "sync/sync.h"
#include "sync/talk.h"
#include "sync/walk.h"

/* One tree during a run. */
struct lead_tree {
    const struct sync_tree *tree; /* borrowed from the job */
    size_t number;                /* its number in the protocol */
    enum sync_way way;
    int root; /* the open local tree, or -1 */
    int lock; /* holds the lock of the base, or -1 */
    /* The files of the last and of the next base, in the job's arena. */
    char *base_path, *next_path;
    /* Their contents at the start of the run. The remote end has one of the two, or none, if
     * the last run was interrupted. */
    struct base last, next;
    char identity[LISTING_TREE];    /* base_tree_of() of the local tree */
    const struct base *remote_base; /* the base of the remote end: &last, &next or NULL */
    struct str base;                /* the listing of the base; "" if it was lost */
    struct buf local, remote;       /* the listings of both sides */
    struct buf offered;             /* the changes from remote_base to the remote tree */
    struct buf unreadables;         /* see walk_seen.unreadables */
    struct walk_seen seen;          /* of the local tree */
    struct sync_plan plan;
    struct apply apply;
    struct err why; /* the reason if the last call of apply returned 1 or -1 */
};

struct lead {
    struct talk talk;
    struct sync_job *job;
    struct lead_tree *trees;
};

/* Sets the phase and calls the job's progress function, if it has one. */
void lead_progress(struct lead *l, enum sync_phase phase);

/* Adds a path that could not be synchronized to the report. `why` is the reason, in words. If
 * `it` is not NULL, also marks the item as SYNC_FAILED, so that the base keeps its entry for
 * the path. An item is reported only once. A directory that could not be removed is not
 * reported, because the path in it that was kept is reported or is left alone. */
void lead_failed(struct lead *l, struct lead_tree *t, struct sync_item *it, struct str path,
                 const char *why);

/* Adds the path of a remote state that was kept beside the local one to the report. */
void lead_kept(struct lead *l, struct lead_tree *t, struct str path);

/* Marks the directory of the item as changed on that side, so that it gets its mode and time at
 * the end (reconcile_stamp()). */
void lead_touch_local(struct lead_tree *t, const struct sync_item *it);
void lead_touch_remote(struct lead_tree *t, const struct sync_item *it);

/* Count an item that is done, in the report for that direction. */
void lead_count_local(struct lead *l, const struct sync_item *it);
void lead_count_remote(struct lead *l, const struct sync_item *it);

/* Makes t->plan from the two listings and the base, and compares the contents of files if they
 * decide. Changes neither side. */
int lead_plan(struct lead *l, struct lead_tree *t, struct err *e);

/* Carries out the plan on the local side. */
int lead_fetch(struct lead *l, struct lead_tree *t, struct err *e);

/* Carries out the plan on the remote side. Must be called after lead_fetch(), so that the
 * remote state of a conflict is kept on the host before it is overwritten. With pull only, it
 * sends nothing. */
int lead_push(struct lead *l, struct lead_tree *t, struct err *e);

#endif
