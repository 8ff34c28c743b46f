/* SPDX-License-Identifier: MIT */
/* Claude's state directory, name by name: what a sandbox shares with the host and how. One table;
 * a name that is not in it lives in cco's own directory, so what future versions of claude add is
 * safe by default. Pure. */
#ifndef PLAN_CLAUDE_STATE_H
#define PLAN_CLAUDE_STATE_H

#include <stdbool.h>
#include <stddef.h>

enum state_share {
    STATE_SHARED, /* the host's own, read-write: claude reads it as data only */
    STATE_LOCKED, /* a directory the host's claude executes or obeys: read-only, an empty one if it is missing */
    STATE_COPIED /* a file the host's claude obeys: a private copy, changes end with the session */
};

struct state_entry {
    const char *name;
    bool is_dir;
    enum state_share share;
    const char *why; /* shown by --dry-run */
    const char *
        stub; /* of a copied file: what stands in for a missing one, and means nothing to claude */
};

extern const struct state_entry claude_state[];
extern const size_t claude_state_count;

#endif
