/* SPDX-License-Identifier: MIT */
/* The sandbox's private copy of ~/.claude.json, and the way back. The copy is the host's with those first-run
 * questions answered that make no sense inside a sandbox (the warning about full autonomy, trust in the project's
 * directory); everything else, onboarding and approved keys included, stays as the host has it. */
#ifndef CREDS_CLAUDE_JSON_H
#define CREDS_CLAUDE_JSON_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* How much one session may add to the host's file, bytes. */
enum { CLAUDE_JSON_GROWTH = 4 << 20 };

/* Adds the copy to out. `text` is the host's file, may be empty. ERR_FORMAT where it is no JSON object. */
int claude_json_copy(struct str text, const char *project, struct buf *out, struct err *e);

struct claude_json_sides {
    struct str base;     /* the copy that the sandbox began with */
    struct str ours;     /* the host's file as it is */
    struct str theirs;   /* the sandbox's copy at its end */
    const char *project; /* the session's directory, absolute */
};

/* Adds the host's file to out as it is to be after a session. All of ours stays byte for byte
 * but for what claude_keys lets in. *changed: whether out differs from ours. Empty or blank texts of base and ours
 * count as {}. ERR_FORMAT where one is no JSON object, ERR_LIMIT past out's maximum or CLAUDE_JSON_GROWTH; out is
 * as it was then. The caller wipes out. */
int claude_json_merge(const struct claude_json_sides *s, struct buf *out, bool *changed,
                      struct err *e);

#endif
