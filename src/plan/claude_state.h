/* SPDX-License-Identifier: MIT */
/* The entries of claude's state directory (~/.claude), and how a sandbox shares each of them
 * with the host. An entry that is not in this table is in the sandbox's memory and ends with
 * the session. So an entry that a future version of claude adds is safe by default. Pure. */
#ifndef PLAN_CLAUDE_STATE_H
#define PLAN_CLAUDE_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum state_share {
    /* A directory with one entry for each project, of which only this project's is mounted,
     * read-write. If it is missing, cco creates it on the host. */
    STATE_PROJECT,
    /* The parts that belong to this project's conversations. They are in a directory of cco's
     * own for this project, and are exchanged with the host's before and after a session
     * (creds/parts.h). */
    STATE_PARTS,
    /* A directory with files that the host's claude executes or obeys, mounted read-only. If it
     * is missing, an empty directory is mounted. */
    STATE_LOCKED,
    /* A file that the host's claude obeys: a private copy, whose changes are dropped at the
     * end. */
    STATE_COPIED,
    /* Kept for the sandboxes of this project, in cco's own directory, and apart from the
     * host's: data that claude neither executes nor obeys. */
    STATE_KEPT
};

struct state_entry {
    const char *name; /* below ~/.claude */
    bool is_dir;
    enum state_share share;
    const char *why; /* the reason, which --dry-run prints */
    /* For STATE_COPIED: the content of the copy if the host has no such file. To claude it
     * means the same as a missing file. Otherwise NULL. */
    const char *stub;
};

extern const struct state_entry claude_state[];
extern const size_t claude_state_count;

/* Returns the name of claude's directory of conversations of the project `dir` (absolute),
 * below ~/.claude/projects, in the arena. As claude does it: each UTF-16 unit that is not a
 * letter or digit of ASCII becomes a dash; of a longer name the first 200 units, a dash and a
 * hash of the path in base 36 remain. claude composes accents first (NFC), and this function
 * does not. */
const char *claude_project_name(struct arena *a, const char *dir);

#endif
