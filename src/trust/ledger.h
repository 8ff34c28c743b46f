/* SPDX-License-Identifier: MIT */
/* The ledger of writable trees: every directory and file of the user that a session ever had
 * read-write. What lies in such a tree may have been written by an agent, also long ago and
 * also in another project, and a link in it may lead anywhere.
 *
 * The ledger is the file STATE/trust/ledger, where STATE is cco's state directory
 * (facts.state_dir). It only grows. A tree is written to it, and is on the disk, before the
 * sandbox that can write to the tree starts. So a last line without its end comes from a cco
 * that was killed before it started a sandbox, and is ignored. Any other line that is not
 * valid, a ledger that is empty, or a file that is not a regular one of this user means that it
 * is damaged. That is an error: a damaged ledger never counts as an empty one. Only a missing
 * file does, because cco did not run yet.
 *
 * A tree is found again by its path and by its identity, so that it also counts after the user
 * has renamed or moved it. */
#ifndef TRUST_LEDGER_H
#define TRUST_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "trust/tree_id.h"

struct tree {
    const char *path; /* physical */
    size_t len;       /* bytes of path */
    struct tree_id id;
    bool has_id; /* the object existed when it was added */
    /* Only what is below the path counts, but not the object at the path itself. */
    bool below;
};

/* The trees. The initial state is {0}. */
struct ledger {
    struct tree *trees; /* in an arena */
    size_t count, cap;
};

/* Adds the trees that are recorded in the state directory to *out, in the arena. Returns 0 on
 * success, also if nothing was recorded yet. Returns -1 if the ledger is damaged (ERR_FORMAT,
 * ERR_REFUSED, ERR_LIMIT) or cannot be read (ERR_SYS); the hint names what the user can do, and
 * *out may contain a part of the trees. Blocks only as the file system does. */
int ledger_read(const char *state_dir, struct arena *a, struct ledger *out, struct err *e);

/* Adds a tree to *l, but not to the file. `path` is physical and is borrowed. */
void ledger_add(struct ledger *l, struct arena *a, const char *path);

/* Like ledger_add(), for a directory of which only the content counts. */
void ledger_add_below(struct ledger *l, struct arena *a, const char *path);

/* Records `count` trees, given by physical paths, in the file. Skips those that it contains
 * already. When the function returns, the trees are on the disk. Returns 0 on success and -1 on
 * error: those of ledger_read(), ERR_NOT_FOUND if a path does not exist, ERR_TIMEOUT if another
 * process holds the lock of the ledger for five seconds. Some of the trees may then be recorded
 * nevertheless. Blocks for the lock and the disk. */
int ledger_record(const char *state_dir, const char *const *paths, size_t count, struct err *e);

/* Returns the tree of which the object at the physical path `path`, with the identity *id, is
 * the root, or NULL. */
const struct tree *ledger_find(const struct ledger *l, const char *path,
                               const struct tree_id *id);

#endif
