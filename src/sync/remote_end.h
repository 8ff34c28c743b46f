/* SPDX-License-Identifier: MIT */
/* Internal to sync_serve(), the remote end. remote_open.c opens the trees and lists them,
 * remote_end.c serves the turns of the local end. Functions that return int return 0 on success
 * and -1 on error; an error ends the run. */
#ifndef SYNC_REMOTE_END_H
#define SYNC_REMOTE_END_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "sync/apply.h"
#include "sync/listing.h"
#include "sync/talk.h"

struct remote_tree {
    int root;                             /* the open tree, or -1 */
    int lock;                             /* holds the lock of the base, or -1 */
    char *remote_path, *base_path, *home; /* in the arena; home is NULL if there is none */
    bool git;                             /* skip what git ignores */
    char digest[2][SYNC_DIGEST + 1];      /* the local end's last base and next base */
    char identity[LISTING_TREE];          /* base_tree_of() of the tree */
    struct base base;                     /* the content of its file when the tree was opened */
    /* The listing to which the next COMMIT applies its changes: that of the base, or "" if the
     * local end does not have this base; after a COMMIT, the new base. */
    struct buf known;
    struct buf wanted; /* the paths that the local end requests in this turn, as texts */
    struct apply apply;
};

struct remote_end {
    struct talk talk;
    struct arena arena;
    struct remote_tree *trees;
    size_t count, cap;
    /* It is the turn of the local end, so an error must be reported after the end of the
     * turn. */
    bool listening;
};

/* Reads the first turn of the local end, after its HELLO, opens and locks the trees, and
 * answers with their listings. */
int remote_open(struct remote_end *f, struct err *e);

/* Closes the trees and frees what f holds. */
void remote_close(struct remote_end *f);

/* Reads a PUSH turn, after its TURN message, carries out its operations, and answers with
 * FAULTs. */
int remote_push(struct remote_end *f, struct remote_tree *t, struct err *e);

#endif
