/* SPDX-License-Identifier: MIT */
/* Inside of the audit: walks through a tree that may be hostile, and records the files that
 * match the table's rules. No link is followed below the root, and only regular files are
 * opened for reading. The limits of host/audit.h apply to all walks together that share one
 * struct audit_walk. */
#ifndef HOST_AUDIT_WALK_H
#define HOST_AUDIT_WALK_H

#include "host/audit.h"

/* A rule that is partly matched: `rest` is the part of its pattern that names below a directory
 * must still match. */
struct audit_item {
    unsigned rule;    /* index into audit_rules */
    unsigned deep;    /* number of directories that its "**" has gone through */
    const char *rest; /* borrowed */
};

/* A list in an arena. {0} is empty. */
struct audit_items {
    struct audit_item *v;
    size_t count;
    size_t cap;
};

struct audit_node;

struct audit_walk {
    int root; /* the descriptor of the directory to walk through; the caller's */
    const char
        *prefix; /* of recorded paths: "" for the project, "DIR/" for the common directory */
    struct arena *a;         /* for everything that the walk keeps; borrowed */
    struct audit *out;       /* where entries and the first overflow are recorded; borrowed */
    size_t cap;              /* of out->entries; 0 at first */
    size_t names_left;       /* names that may still be read; AUDIT_NAMES_MAX at first */
    uint64_t hash_left;      /* bytes that may still be hashed; AUDIT_HASH_TOTAL at first */
    struct audit_node *last; /* the last directory of the queue; set by audit_walk() */
    /* The errno that ended the walk, because descriptors or kernel memory ran out; 0: none. */
    int fatal;
};

/* Adds a partly matched rule to the list, in the arena. `rest` is not copied. If it begins with
 * a "**" that other components follow, its tail is added as well, because "**" also stands for
 * no directory at all. */
void audit_items_add(struct audit_items *items, struct arena *a, unsigned rule, unsigned deep,
                     const char *rest);

/* Records, from the root on, the files that match the items: adds them to w->out, whose entries
 * are then neither sorted nor unique. The caller must look at w->fatal afterwards: if it is not
 * 0, the record is incomplete. A directory that cannot be read is recorded; other errors mean
 * that the file was removed meanwhile, and are ignored. Blocks only as file systems do. */
void audit_walk(struct audit_walk *w, struct audit_items items);

/* Adds the content of the regular file `path`, relative to the root, to `out`. Returns 0 on
 * success. Returns -1 if there is nothing to read, which is not an error: the file is missing,
 * not regular, reached through a link, or larger than the maximum of `out`. Also returns -1,
 * and sets w->fatal, if descriptors or kernel memory ran out. */
int audit_walk_read(struct audit_walk *w, const char *path, struct buf *out);

#endif
