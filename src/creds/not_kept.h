/* SPDX-License-Identifier: MIT */
/* Finds what a session has changed in its private copies of claude's files and what does not
 * reach the host: the host's claude would obey it, so claude_keys.h does not take it, and the
 * other copies end with the session. The result is lines for the user. The agent has written
 * the changed texts: a name in a line has a few harmless characters only, and the number of
 * names is limited. Pure. */
#ifndef CREDS_NOT_KEPT_H
#define CREDS_NOT_KEPT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/str.h"

struct not_kept {
    struct strv servers; /* names of MCP servers */
    struct strv keys;    /* keys of .claude.json and of the settings */
    struct strv files;   /* names of other files of claude's directory */
    /* Names of servers and keys that are not in the lists, because they have other characters
     * or are too many. */
    size_t more_servers, more_keys;
};

/* Compares two texts of .claude.json: the copy that the session started with, and the copy at
 * its end. Notes MCP servers, of the user and of projects, that were added, changed or removed,
 * and changed settings of the user. Claude's own notes in the file do not count. Texts that are
 * not JSON objects count as unchanged. */
void not_kept_state(struct not_kept *n, struct str base, struct str other, struct arena *a);

/* Compares two texts of a settings file in the same way, and notes each key that has changed.
 * `state` is the copy of .claude.json with which the session started: claude moves keys from
 * there into its settings, and that is not a change. */
void not_kept_settings(struct not_kept *n, struct str base, struct str other, struct str state,
                       struct arena *a);

/* Adds lines about everything that was noted: none if nothing was. */
void not_kept_lines(const struct not_kept *n, struct arena *a, struct strv *lines);

#endif
