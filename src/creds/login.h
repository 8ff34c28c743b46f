/* SPDX-License-Identifier: MIT */
/* Which login a sandbox uses: the first that applies of cloud-provider variables,
 * ANTHROPIC_AUTH_TOKEN, ANTHROPIC_API_KEY, apiKeyHelper in trusted settings (the machine's
 * managed ones, the user's own; never the project's), CLAUDE_CODE_OAUTH_TOKEN, and what claude
 * itself stores: the macOS Keychain (creds/keychain.h), else
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

/* Finds the login in the environment (`env` as main got it: "K=V", NULL-terminated), the
 * settings, the Keychain and the files. Returns 0 on success, also without a login (LOGIN_NONE)
 * and with one that cannot be used (`broken` and `why`), and -1 on error. Blocks like
 * keychain_read(). */
int login_find(char *const *env, const char *home, struct arena *a, struct fact_login *out,
               struct err *e);

/* Finds the login that claude stores, whatever variables or settings say: LOGIN_KEYCHAIN or
 * LOGIN_FILE. If there is none, the result is LOGIN_NONE, and the fields of the store say where
 * claude would put it. Returns 0 on success and -1 on error. */
int login_find_stored(char *const *env, const char *home, struct arena *a,
                      struct fact_login *out, struct err *e);

/* Writes the place of a stored login, or of the result of login_find_stored(), to *s. *l must
 * outlive *s. */
void login_store(const struct fact_login *l, struct store *s);

/* What may be shown of the text of a login. */
struct login_shape {
    int64_t expires_at_ms; /* 0: unknown or never */
    bool can_refresh;
    bool ended;               /* claude's mark: the server has revoked the refresh token */
    const char *subscription; /* "max"; NULL: unknown */
};

/* Reads the text of a login. Returns 0 on success and -1 on error: ERR_FORMAT if it has another
 * form, ERR_NOT_FOUND if it contains only logins of MCP servers. */
int login_look(struct str text, struct arena *a, struct login_shape *out, struct err *e);

/* Checks more strictly that the text is a JSON object whose claudeAiOauth has a string
 * accessToken and a number expiresAt. Returns 0 on success and -1 with ERR_FORMAT otherwise. */
int login_check(struct str text, struct err *e);

/* Checks a stored text and adds the sandbox's copy to out, which the caller wipes: everything
 * except "refreshToken" at any depth. `with_refresh` keeps the login's own refresh token, and
 * no other. Returns 0 on success and -1 on error. */
int login_strip(struct str text, bool with_refresh, struct buf *out, struct err *e);

#endif
