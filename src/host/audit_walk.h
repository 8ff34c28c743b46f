/* SPDX-License-Identifier: MIT */
/* Inside of the audit: the state of one snapshot while it is taken, and the walk through trees
 * that may be hostile. No link is followed while a tree is walked through. A link in the place
 * of a file or directory that the table names is resolved by itself; if it leads to a directory
 * in one of the trees, that directory is walked through later. */
#ifndef HOST_AUDIT_WALK_H
#define HOST_AUDIT_WALK_H

#include <sys/stat.h>

#include "host/audit.h"
#include "host/audit_git.h"
#include "host/audit_match.h"
#include "host/audit_path.h"

/* How the names in a directory are treated. */
enum audit_mode {
    AUDIT_IN_TREE, /* every rule applies, and all directories are walked through */
    /* Only the rules apply that go on here, and no other directory is walked through: git's own
     * directory, and directories that were named one by one. */
    AUDIT_IN_NAMED,
    AUDIT_IN_BULK /* all files go into one digest */
};

/* A directory that is still to be walked through. */
struct audit_extra {
    const char *path;  /* absolute and physical, in one of the trees */
    const char *shown; /* its path for messages, without a slash at its end */
    struct audit_items items;
    enum audit_mode mode;
    unsigned rule; /* of AUDIT_IN_BULK */
};

/* A file that git's configuration names, absolute and clean. */
struct audit_named {
    const char *path;
    bool included, is_dir, is_repo;
};

/* A regular file with several hard links. */
struct audit_inode {
    uint64_t dev, ino;
    uint64_t links; /* how many it has */
    uint64_t state; /* as in struct audit_linked */
    const char *where;
};

struct audit_walk {
    /* Set by the caller of audit_walk_init(); borrowed. */
    struct arena *a;
    const struct audit_scope *scope;
    struct audit *out;
    /* The rest is set by audit_walk_init(). */
    size_t cap;     /* of out->entries */
    size_t dir_cap; /* of out->dirs */
    size_t names_left;
    size_t paths_left; /* bytes */
    uint64_t hash_left;
    const struct audit_index *index;
    char *chunk;                       /* for struct dir_names */
    struct audit_path shown, physical; /* of the current directory */
    struct audit_extra *extras;
    size_t extra_count, extra_cap;
    struct audit_named *named;
    size_t named_count, named_cap;
    struct audit_inode *inodes;
    size_t inode_count, inode_cap;
    uint64_t bulk[4]; /* the sum of the digests of all files of the current AUDIT_IN_BULK */
    /* The errno that ended the walk, because descriptors or kernel memory ran out; 0: none. */
    int fatal;
};

void audit_walk_init(struct audit_walk *w);

/* Walks through one directory, extra->path. Everything is recorded in w->out and in the lists
 * of *w. A missing directory is recorded as unreadable if it is a tree itself, and otherwise
 * ignored. */
void audit_walk(struct audit_walk *w, const struct audit_extra *extra);

/* Adds a copy of *x to the list of directories that are walked through later, unless its path
 * and rule are there already. If the list is full, records that. */
void audit_add_extra(struct audit_walk *w, const struct audit_extra *x);

/* Adds the directory to which the link `name` in the current directory leads to the list of
 * those that are walked through later. Does nothing if the directory is there already, or is
 * not in one of the trees. If the list is full, records that. */
void audit_follow(struct audit_walk *w, const char *name, const struct audit_match *m);

/* Adds the repository at the absolute path `path`, to which a remote leads, to the list of
 * directories that are walked through later, if it is in one of the trees. */
void audit_walk_repository(struct audit_walk *w, const char *path);

/* Records what is at the absolute path `path`, and if it is a directory, everything that
 * `below` matches in it: of a file that git's configuration names, or (shown is not NULL) of a
 * lead. A path outside of all trees is recorded only if it is a lead. */
void audit_walk_named(struct audit_walk *w, const char *path, const char *shown, unsigned rule,
                      const char *below);

#endif
