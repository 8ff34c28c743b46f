/* SPDX-License-Identifier: MIT */
/* The sandbox's private copy of ~/.claude.json, and the merge of the copy into the host's file
 * at the end of a session. The copy answers two questions of claude's first run that make no
 * sense inside a sandbox: the warning about full autonomy, and whether the user trusts the
 * project's directory. Everything else in the copy is the host's, including the state of
 * onboarding and the approved keys. Pure: works on texts, without input or output. */
#ifndef CREDS_CLAUDE_JSON_H
#define CREDS_CLAUDE_JSON_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* The number of bytes that a session may add to the host's file. */
enum { CLAUDE_JSON_GROWTH = 4 << 20 };

/* Adds the sandbox's copy to out. `text` is the host's file; if it is empty or blank, it counts
 * as {}. `project` is the session's directory, absolute. `trusted` is the answer about the
 * project's directory; if it is false, claude itself asks. The caller wipes out, because the
 * text may contain keys. Returns 0 on success and -1 on error; out may then contain a part of
 * the copy. ERR_FORMAT means that `text`, or an object in it on the way to the two answers, is
 * not a JSON object. ERR_LIMIT means that the copy would exceed LIMIT_CLAUDE_JSON or out's
 * maximum, or that `text` is nested too deeply (json_parse()). */
int claude_json_copy(struct str text, const char *project, bool trusted, struct buf *out,
                     struct err *e);

/* The inputs of a merge. The caller owns the texts. */
struct claude_json_sides {
    struct str base;     /* the copy that the sandbox started with */
    struct str ours;     /* the host's file at the time of the merge */
    struct str other;    /* the sandbox's copy at its end */
    const char *project; /* the session's directory, absolute */
};

/* Adds the host's new file to out: the text of `ours`, in which only those values differ that
 * claude_keys takes from `other`. Empty or blank texts of `base` and `ours` count as {}. The
 * caller wipes out. Returns 0 on success, with *changed set to whether the new text differs
 * from `ours`. Returns -1 on error, with *changed and the content of out unchanged. ERR_FORMAT
 * means that a text is not a JSON object. ERR_LIMIT means that the new text exceeds out's
 * maximum or is longer than `ours` by more than CLAUDE_JSON_GROWTH, or that the texts have too
 * many members (JSON_MERGE_MEMBERS) or are nested too deeply (json_parse()). */
int claude_json_merge(const struct claude_json_sides *s, struct buf *out, bool *changed,
                      struct err *e);

#endif
