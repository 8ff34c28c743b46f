/* SPDX-License-Identifier: MIT */
/* The entries of claude's state directory (~/.claude), and how a sandbox shares each of them
 * with the host. An entry that is not in this table is in cco's own directory of the project,
 * so that an entry of a future version of claude is safe by default. Pure. */
#ifndef PLAN_CLAUDE_STATE_H
#define PLAN_CLAUDE_STATE_H

#include <stdbool.h>
#include <stddef.h>

enum state_share {
    /* Mounted read-write: the host's claude reads it as data only. */
    STATE_SHARED,
    /* A directory that the host's claude executes or obeys, mounted read-only. If it is
     * missing, an empty directory is mounted. */
    STATE_LOCKED,
    /* A file that the host's claude obeys: a private copy, whose changes are dropped at the
     * end. */
    STATE_COPIED
};

struct state_entry {
    const char *name;
    bool is_dir;
    enum state_share share;
    const char *why;  /* shown by --dry-run */
    const char *stub; /* of STATE_COPIED: the content if it is missing, which changes nothing */
};

extern const struct state_entry claude_state[];
extern const size_t claude_state_count;

#endif
