/* SPDX-License-Identifier: MIT */
/* Which login a sandbox will use: the first that applies of cloud-provider variables, ANTHROPIC_AUTH_TOKEN,
 * ANTHROPIC_API_KEY, apiKeyHelper in trusted settings (the machine's managed ones, the user's own; never the
 * project's), CLAUDE_CODE_OAUTH_TOKEN, and what claude itself stores: the macOS Keychain (creds/keychain.h), else
 * $CLAUDE_CONFIG_DIR/.credentials.json, ~/.claude/.credentials.json,
 * ${XDG_CONFIG_HOME:-~/.config}/claude/.credentials.json. Values never leave this room. */
#ifndef CREDS_LOGIN_H
#define CREDS_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "plan/facts.h"

struct store;

/* Looks at the environment (`env` as main got it: "K=V", NULL-terminated), the settings, the Keychain and the
 * files. A missing login is success with LOGIN_NONE; one that cannot be used sets `broken` and `why`. Blocks as
 * keychain_read() does. */
int login_find(char *const *env, const char *home, struct arena *a, struct fact_login *out,
               struct err *e);

/* The login that claude stores, whatever variables or settings say: LOGIN_KEYCHAIN or LOGIN_FILE. LOGIN_NONE where
 * there is none; path and the other fields of the store then say where claude would put it. */
int login_find_stored(char *const *env, const char *home, struct arena *a,
                      struct fact_login *out, struct err *e);

/* Where it is stored; *l must outlive *s. Only of a stored login, or of what login_find_stored() found. */
void login_store(const struct fact_login *l, struct store *s);

/* What may be told of a credentials text. */
struct login_shape {
    int64_t expires_at_ms; /* 0: unknown or never */
    bool can_refresh;
    bool ended;               /* claude's mark: the server took the refresh token back */
    const char *subscription; /* "max"; NULL: not told */
};

/* ERR_FORMAT where the text is none; ERR_NOT_FOUND where it is one without a login (of MCP servers only). */
int login_look(struct str text, struct arena *a, struct login_shape *out, struct err *e);

/* Stricter: a JSON object whose claudeAiOauth has a string accessToken and a number expiresAt. ERR_FORMAT. */
int login_check(struct str text, struct err *e);

/* What a sandbox gets of a stored text, checked and added to out (a buf that the caller wipes): everything but
 * "refreshToken" at any depth; `with_refresh` keeps the login's own one, and it alone. */
int login_strip(struct str text, bool with_refresh, struct buf *out, struct err *e);

#endif
