/* SPDX-License-Identifier: MIT */
/* The parts of sync_lead(): one file each. */
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

struct lead_tree {
    const struct sync_tree *tree;
    size_t number;
    enum sync_way way;
    int root, lock;
    char *base_path, *next_path; /* in the job's arena */
    struct base last,
        next; /* as they are on the disk; next: may have reached the remote side */
    const struct base *remote_base;   /* what the remote side's base is: one of them, or NULL */
    struct str base;                  /* the listing that decides: "" where the base was lost */
    struct buf here, offered, remote; /* listings; `offered` is what differs from remote_base */
    struct buf unreadables;
    struct walk_seen seen;
    struct sync_plan plan;
    struct apply apply;
    struct err why; /* of what was tried last and could not be done */
};

struct lead {
    struct talk talk;
    struct sync_job *job;
    struct lead_tree *trees;
};

/* Tells the job's owner where it is. */
void lead_progress(struct lead *l, enum sync_phase phase);

/* An item that could not be done: in the report, and the base stays as it is for it. `it` may be NULL. */
void lead_unsettled(struct lead *l, struct lead_tree *t, struct sync_item *it, struct str path,
                    const char *why);

/* A file that was kept beside. */
void lead_kept(struct lead *l, struct lead_tree *t, struct str path);

/* Something changed in the item's directory on a side. */
void lead_touch_here(struct lead_tree *t, const struct sync_item *it);
void lead_touch_remote(struct lead_tree *t, const struct sync_item *it);

/* Counts a done item. */
void lead_count_here(struct lead *l, const struct sync_item *it);
void lead_count_remote(struct lead *l, const struct sync_item *it);

/* From what both sides have to a plan: t->plan, in which nothing is left to compare. lead_plan.c */
int lead_plan(struct lead *l, struct lead_tree *t, struct err *e);

/* What the plan does on the host. lead_fetch.c */
int lead_fetch(struct lead *l, struct lead_tree *t, struct err *e);

/* What it does on the remote side, afterwards: what is kept beside is safe by then. lead_push.c */
int lead_push(struct lead *l, struct lead_tree *t, struct err *e);

/* What was done is the new base, on both sides. lead_commit.c */
int lead_commit(struct lead *l, struct lead_tree *t, struct err *e);

#endif
