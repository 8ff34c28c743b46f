/* SPDX-License-Identifier: MIT */
/* Finds what a path of the host leads to, and whether an agent could decide that.
 *
 * This is the one place that resolves paths of the user's files. It follows the path component
 * by component and compares each directory, and each directory that contains a link, with the
 * trees of the ledger (trust/ledger.h).
 *
 * There are two degrees. A file that cco or a program of the host obeys, or that cco brings
 * into the sandbox without being asked, must not be reached through a tree in any way. A path
 * that the user has typed names what the user sees there: it may be in a tree, but a link in a
 * tree must not lead out of that tree. */
#ifndef TRUST_LOOKUP_H
#define TRUST_LOOKUP_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "trust/ledger.h"
#include "trust/tree_id.h"

enum lookup_degree {
    LOOKUP_OBEYED, /* neither a link in a tree nor a place in a tree */
    LOOKUP_NAMED   /* no link in a tree that leads out of that tree */
};

struct lookup {
    const char *path;     /* the path that was looked up; borrowed */
    const char *physical; /* without links, in the arena; NULL if it does not exist */
    struct tree_id id;    /* with the type; valid if physical is not NULL */
    /* The physical path of the root of the tree through which the way leads, by its present
     * name; NULL: the way leads through no tree, and the object can be used. Also valid for a
     * path that does not exist, as far as it exists. */
    const char *tree;
    /* The first link on the way that lies in that tree; NULL: the object itself, or a directory
     * on the way, lies in the tree. */
    const char *link;
};

/* Looks up `path`, which is absolute. `trees` may be NULL: none. The strings of the result are
 * in the arena or belong to *trees. With LOOKUP_NAMED the identity is that of the object which
 * was reached without following a link of the physical path, so that a session that exchanges a
 * directory of it meanwhile gains nothing: the object then counts as missing. Blocks only as
 * the file system does. */
struct lookup lookup_path(struct arena *a, const struct ledger *trees, const char *path,
                          enum lookup_degree degree);

/* Returns true if an agent could not decide what `path` leads to: the same as lookup_path()
 * with LOOKUP_OBEYED whose tree is NULL. */
bool lookup_is_safe(struct arena *a, const struct ledger *trees, const char *path);

/* Opens the object at a physical path with the flags of open(2), without following any link: a
 * session that exchanges a directory of the path for a link gains nothing. Returns the
 * descriptor, which belongs to the caller, and -1 on error: ERR_NOT_FOUND if it does not exist,
 * ERR_REFUSED if a component is a link, otherwise ERR_SYS. Blocks if the object is a fifo,
 * unless the flags have O_NONBLOCK. */
int lookup_open(const char *physical, int flags, struct err *e);

/* Returns `path` without symbolic links, absolute and in the arena, as realpath(3) does, and
 * returns NULL with errno if it cannot be resolved. For paths about which the ledger says
 * nothing, such as those of the system. */
const char *lookup_physical(struct arena *a, const char *path);

#endif
