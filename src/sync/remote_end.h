/* SPDX-License-Identifier: MIT */
/* The parts of sync_serve(), the remote end: remote_open.c opens the trees and lists them,
 * remote_end.c serves the turns of the local end. */
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
    char *remote_path, *base_path, *home; /* home NULL: none */
    bool git;
    char digest[2][SYNC_DIGEST + 1]; /* of the bases that the local end has */
    char identity[LISTING_TREE];     /* of the directory */
    struct base base;
    struct buf known;  /* the listing of the base: base.listing until a commit */
    struct buf wanted; /* the paths that the local end asked for, as texts */
    struct apply apply;
};

struct remote_end {
    struct talk talk;
    struct arena arena;
    struct remote_tree *trees;
    size_t count, cap;
    bool listening; /* it is the local end's turn: errors are reported after it */
};

/* Takes the first turn of the local end after its HELLO, opens the trees and answers with their
 * listings. */
int remote_open(struct remote_end *f, struct err *e);
void remote_close(struct remote_end *f);

/* Takes one PUSH turn, carries out its operations and answers with the faults. */
int remote_push(struct remote_end *f, struct remote_tree *t, struct err *e);

#endif
