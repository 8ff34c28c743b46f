/* SPDX-License-Identifier: MIT */
/* The sandbox's private copy of ~/.claude.json, and the merge at the end. In the copy those
 * first-run questions are answered that make no sense inside a sandbox (the warning about full
 * autonomy, trust in the project's directory); everything else, also onboarding and approved
 * keys, is the host's. */
#ifndef CREDS_CLAUDE_JSON_H
#define CREDS_CLAUDE_JSON_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* How many bytes one session may add to the host's file. */
enum { CLAUDE_JSON_GROWTH = 4 << 20 };

/* Adds the copy to out. `text` is the host's file and may be empty. Returns 0 on success and -1
 * on error: ERR_FORMAT if it is not a JSON object. */
int claude_json_copy(struct str text, const char *project, struct buf *out, struct err *e);

struct claude_json_sides {
    struct str base;     /* the copy that the sandbox started with */
    struct str ours;     /* the host's file now */
    struct str theirs;   /* the sandbox's copy at its end */
    const char *project; /* the session's directory, absolute */
};

/* Adds the host's file after the session to out: all bytes of ours, except what claude_keys
 * takes from theirs. *changed: whether out differs from ours. Empty or blank texts of base and
 * ours count as {}. The caller wipes out. Returns 0 on success and -1 on error, with out
 * unchanged: ERR_FORMAT if a text is not a JSON object, ERR_LIMIT if out's maximum or
 * CLAUDE_JSON_GROWTH is exceeded. */
int claude_json_merge(const struct claude_json_sides *s, struct buf *out, bool *changed,
                      struct err *e);

#endif
