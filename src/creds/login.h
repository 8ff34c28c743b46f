/* SPDX-License-Identifier: MIT */
/* Which login a sandbox will use: the first that applies of cloud-provider variables,
 * ANTHROPIC_AUTH_TOKEN, ANTHROPIC_API_KEY, CLAUDE_CODE_OAUTH_TOKEN, and the file claude itself keeps
 * ($CLAUDE_CONFIG_DIR/.credentials.json, ~/.claude/.credentials.json,
 * ${XDG_CONFIG_HOME:-~/.config}/claude/.credentials.json). Values never leave this room. */
#ifndef CREDS_LOGIN_H
#define CREDS_LOGIN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "plan/facts.h"

/* Looks at the environment (`env` as main got it: "K=V", NULL-terminated) and at the files. A missing
 * login is success with LOGIN_NONE; a broken file sets `broken` and `why`. */
int login_find(char *const *env, const char *home, struct arena *a, struct fact_login *out,
               struct err *e);

/* The file's text without any "refreshToken", checked to be credentials, added to out (a buf that
 * the caller wipes). */
int login_copy(const char *path, struct buf *out, struct err *e);

#endif
