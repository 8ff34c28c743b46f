/* SPDX-License-Identifier: MIT */
/* The members of the host's ~/.claude.json that a sandbox gets in its private copy: an
 * allow-list with a reason for each entry. Flags and numbers come under any key, because they
 * are hints that were seen, settings and counters, and claude would ask or count again without
 * them. Texts, lists and objects come only under listed keys, so that a secret under a key that
 * a later version of claude adds stays on the host. Pure. */
#ifndef CREDS_CLAUDE_GIVEN_H
#define CREDS_CLAUDE_GIVEN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* The needs of the session. Strings are borrowed; NULL: none. */
struct claude_given {
    /* The members of `projects` that are given: that of the repository (facts.claude_root) and
     * that of the current directory. */
    const char *project, *cwd;
    /* The key of ANTHROPIC_API_KEY if it is the login. The user's answer about this key is
     * given, and those about others are not. Secret. */
    const char *api_key;
    bool account; /* a login of an account is used, so claude needs to know the account */
    /* The host has no other login, so the key that claude keeps in this file is the login. */
    bool primary_key;
};

/* Adds the copy to out, as one line. An empty or blank text counts as {}. The caller wipes out,
 * because the copy may contain keys. Returns 0 on success and -1 on error; out may then contain
 * a part. ERR_FORMAT means that `text` is not a JSON object, ERR_LIMIT that out's maximum is
 * exceeded or that `text` is nested too deeply (json_parse()). */
int claude_given_copy(struct str text, const struct claude_given *g, struct buf *out,
                      struct err *e);

#endif
