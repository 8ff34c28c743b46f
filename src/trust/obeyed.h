/* SPDX-License-Identifier: MIT */
/* Finds files that cco or a program of the host obeys, or that cco brings into the sandbox
 * without being asked. If the way to one leads through a tree that an agent could write, it is
 * used only if it is pinned (trust/pins.h), and only with the content that it had then. */
#ifndef TRUST_OBEYED_H
#define TRUST_OBEYED_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "trust/ledger.h"
#include "trust/tree_id.h"

struct obeyed {
    const char *path;     /* the path that was looked up; borrowed */
    const char *physical; /* NULL if it does not exist; also set if it must not be used */
    struct tree_id id;    /* with the type; valid if physical is not NULL */
    /* The SHA-256 of its content if it may be used only because it is pinned; otherwise NULL.
     */
    const char *sha256;
    /* Why it must not be used: a sentence for the user about "it", which begins in lower case
     * and has no full stop. NULL: it may be used. */
    const char *why;
    bool can_pin; /* it must not be used, but the user can accept it: `cco trust PATH` */
};

/* Looks up `path`, which is absolute. The strings of the result are in the arena. Blocks as the
 * file system does, and to read the content of a pinned object. */
struct obeyed obeyed_find(struct arena *a, const char *state_dir, const struct ledger *trees,
                          const char *path);

/* Like obeyed_find(), but pins do not count: for directories to which cco itself writes, and
 * for files whose content changes all the time. */
struct obeyed obeyed_find_unpinned(struct arena *a, const struct ledger *trees,
                                   const char *path);

/* Returns `why`, which can be NULL, with the next step if there is one: `cco trust PATH`. In
 * the arena, or `why` itself. */
const char *obeyed_why(struct arena *a, const struct obeyed *o);

/* Returns cco's directory in the directory that the variable of the environment contains, or in
 * `usual`, which is relative to the home. Both are as the XDG Base Directory Specification has
 * them: a relative path in the variable is ignored. */
const char *obeyed_own_dir(char *const *env, const char *variable, const char *home,
                           const char *usual, struct arena *a);

/* Like obeyed_find(), for callers that have only the environment: reads the ledger of the state
 * directory of $XDG_STATE_HOME or $HOME. Returns 0 on success and -1 on error: ERR_REFUSED,
 * with the reason, if the object must not be used, or the errors of ledger_read(). Without an
 * absolute HOME nothing is recorded, and every object may be used. */
int obeyed_find_by_env(struct arena *a, char *const *env, const char *path, struct obeyed *out,
                       struct err *e);

/* Adds the content of the file at a physical path to `text`. No link is followed. If `sha256`
 * is not NULL, the content must have this digest. Returns 0 on success and -1 on error:
 * ERR_REFUSED if it has another one, is not a regular file or has become a link, ERR_LIMIT if
 * it exceeds the maximum of `text`, or the errors of lookup_open(). */
int obeyed_read(const char *physical, const char *sha256, struct buf *text, struct err *e);

#endif
