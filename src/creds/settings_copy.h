/* SPDX-License-Identifier: MIT */
/* Makes the sandbox's copy of claude's settings. Pure. */
#ifndef CREDS_SETTINGS_COPY_H
#define CREDS_SETTINGS_COPY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Adds the copy of the settings `text` to out, which the caller wipes, because settings contain
 * variables. A blank text counts as {}. In the copy
 *
 * - apiKeyHelper prints the file `api_key`, a path in the sandbox (helper_settings()). If
 *   `api_key` is NULL, apiKeyHelper is unchanged.
 * - Claude's own sandbox is switched off, because it cannot work inside of another one: with
 *   it, each command of the agent fails, or claude does not start.
 * - The user has accepted the mode without permission prompts, so that claude does not ask
 *   again. Older versions of claude read that answer from .claude.json, newer ones only from
 *   the settings.
 *
 * If `text` is not valid JSON: with `api_key` this is an error (ERR_FORMAT); without it the
 * text is copied unchanged, because claude reports it. `out` must be empty. Returns 0 on
 * success and -1 on error, also with ERR_LIMIT if the text or the copy is too large; out may
 * then contain a part. */
int settings_copy(struct str text, const char *api_key, struct buf *out, struct err *e);

#endif
