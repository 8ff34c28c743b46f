/* SPDX-License-Identifier: MIT */
/* The parts of sync_lead(), the local end, which leads: lead.c runs the turns, lead_plan.c
 * decides, lead_fetch.c changes the local tree, lead_push.c the remote one. */
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
    struct base last, next; /* as they are on the disk; `next` may be on the remote side too */
    const struct base *remote_base; /* the one of them that the remote side has, or NULL */
    struct str base;                /* the listing that decides: "" if the base was lost */
    struct buf local, remote;       /* listings */
    struct buf offered; /* a listing: how the remote side differs from remote_base */
    struct buf unreadables;
    struct walk_seen seen;
    struct sync_plan plan;
    struct apply apply;
    struct err why; /* why the last attempt failed */
};

struct lead {
    struct talk talk;
    struct sync_job *job;
    struct lead_tree *trees;
};

/* Reports the progress to the job's owner. */
void lead_progress(struct lead *l, enum sync_phase phase);

/* Adds a path that could not be synchronized to the report. The base keeps its entry of `it`,
 * which may be NULL. */
void lead_unsettled(struct lead *l, struct lead_tree *t, struct sync_item *it, struct str path,
                    const char *why);

/* Adds a file that was kept beside to the report. */
void lead_kept(struct lead *l, struct lead_tree *t, struct str path);

/* Marks the item's directory: something in it changed on that side. */
void lead_touch_local(struct lead_tree *t, const struct sync_item *it);
void lead_touch_remote(struct lead_tree *t, const struct sync_item *it);

/* Counts a done item. */
void lead_count_local(struct lead *l, const struct sync_item *it);
void lead_count_remote(struct lead *l, const struct sync_item *it);

/* Makes t->plan from what both sides have and compares contents where that decides. Changes
 * nothing. */
int lead_plan(struct lead *l, struct lead_tree *t, struct err *e);

/* Carries out the plan on the local side. */
int lead_fetch(struct lead *l, struct lead_tree *t, struct err *e);

/* Carries it out on the remote side, afterwards: what is kept beside is safe by then. */
int lead_push(struct lead *l, struct lead_tree *t, struct err *e);

#endif
