/* SPDX-License-Identifier: MIT */
/* Inside of the audit: goes through a tree that may be hostile and records what meets the
 * table's rules. No link is followed below the root; nothing but regular files is opened for
 * reading; the limits of host/audit.h hold for all walks that share a struct audit_walk. */
#ifndef HOST_AUDIT_WALK_H
#define HOST_AUDIT_WALK_H

#include "host/audit.h"

/* A rule as far as it still has to be met: `rest` is what its pattern says about names below a
 * directory. */
struct audit_item {
    unsigned rule;
    unsigned deep; /* directories that a "**" has gone through */
    const char *rest;
};

struct audit_items {
    struct audit_item *v;
    size_t count;
    size_t cap;
};

struct audit_node;

struct audit_walk {
    int root;           /* the directory; the caller's */
    const char *prefix; /* of paths: "" for the project, "DIR/" for the common directory */
    struct arena *a;
    struct audit *out;
    size_t cap;              /* of out's entries */
    size_t names_left;       /* AUDIT_NAMES_MAX at the start */
    uint64_t hash_left;      /* AUDIT_HASH_TOTAL at the start */
    struct audit_node *last; /* of the queue of directories */
    int fatal; /* errno of what ended the walk: out of descriptors or kernel memory */
};

void audit_items_add(struct audit_items *items, struct arena *a, unsigned rule, unsigned deep,
                     const char *rest);

/* Records what meets the items, from the root on; out's entries are neither sorted nor unique.
 * Look at w->fatal afterwards. */
void audit_walk(struct audit_walk *w, struct audit_items items);

/* Adds the regular file `path` below the root to out. -1 where there is no such file, it is
 * reached through a link, or is larger than out's maximum: no error, nothing to read. */
int audit_walk_read(struct audit_walk *w, const char *path, struct buf *out);

#endif
