/* SPDX-License-Identifier: MIT */
/* The parts of sync_serve(): what a remote tree is, and the turns. */
#ifndef SYNC_REMOTE_END_H
#define SYNC_REMOTE_END_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "sync/apply.h"
#include "sync/listing.h"
#include "sync/talk.h"

struct remote_tree {
    int root, lock;
    char *there, *base_path, *home; /* home NULL: none */
    bool git;
    char digest[2][SYNC_DIGEST + 1]; /* of the bases that the lead has */
    char identity[LISTING_TREE];     /* of the directory */
    struct base base;
    struct buf known;  /* the listing of what is the base now; of b.listing until a commit */
    struct buf wanted; /* paths the lead asked for: texts */
    struct apply apply;
};

struct remote_end {
    struct talk talk;
    struct arena arena;
    struct remote_tree *trees;
    size_t count, cap;
    bool listening; /* it is the lead's turn: what goes wrong is told when that is over */
};

/* The lead's first turn behind its HELLO, and the answer. remote_open.c */
int remote_open(struct remote_end *f, struct err *e);
void remote_close(struct remote_end *f);

/* One PUSH turn, and the answer. remote_push.c */
int remote_push(struct remote_end *f, struct remote_tree *t, struct err *e);

#endif
