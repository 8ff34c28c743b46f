/* SPDX-License-Identifier: MIT */
/* Finds the login that a sandbox uses: the first of these that exists.
 *
 * Variables count in the environment and in `env` of the user's settings, which claude adds to
 * its environment.
 *
 * 1. a variable of a cloud provider (CLAUDE_CODE_USE_BEDROCK, ..._VERTEX, ..._FOUNDRY)
 * 2. the variable ANTHROPIC_AUTH_TOKEN
 * 3. the variable ANTHROPIC_API_KEY
 * 4. apiKeyHelper in the machine's managed settings or in the user's own, never in the
 *    project's
 * 5. the variable CLAUDE_CODE_OAUTH_TOKEN
 * 6. the login that claude itself stores: in the macOS Keychain (creds/keychain.h), otherwise
 *    in $CLAUDE_CONFIG_DIR/.credentials.json, ~/.claude/.credentials.json or
 *    ${XDG_CONFIG_HOME:-~/.config}/claude/.credentials.json
 * 7. the key primaryApiKey in $CLAUDE_CONFIG_DIR/.claude.json, or in ~/.claude.json if that
 *    variable is not set
 *
 * The secrets themselves never leave this room. */
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

/* Finds the login and describes it in *out, whose strings live in the arena, in `env` or in
 * `home`. `env` is the environment as main() got it ("K=V", NULL-terminated), `home` the user's
 * home directory. Always returns 0 and leaves *e unchanged: without a login, *out is
 * LOGIN_NONE; a login that cannot be read or used has `broken` and `why` set. Blocks as
 * keychain_read() does. */
int login_find(char *const *env, const char *home, struct arena *a, struct fact_login *out,
               struct err *e);

/* Finds the login that claude itself stores, and ignores the variables and settings that
 * login_find() prefers: *out is LOGIN_KEYCHAIN or LOGIN_FILE. If there is none, it is
 * LOGIN_NONE, and the members of the store (dir, path, program, service, account, env) say
 * where claude would put it. Arguments, result and blocking are those of login_find(). */
int login_find_stored(char *const *env, const char *home, struct arena *a,
                      struct fact_login *out, struct err *e);

/* Sets *s to the place of the login *l, which is LOGIN_KEYCHAIN, LOGIN_FILE or a result of
 * login_find_stored(). *s borrows the strings of *l, so the arena in which they live must
 * outlive *s. */
void login_store(const struct fact_login *l, struct store *s);

/* The facts about a login that may be shown: they contain no secret. */
struct login_shape {
    int64_t expires_at_ms; /* when the access token expires, since 1970; 0: unknown or never */
    bool can_refresh;      /* it contains a refresh token */
    bool ended; /* claude has emptied its tokens, because the server has revoked the login */
    const char *subscription; /* the name of the user's plan, such as "max"; NULL: unknown */
};

/* Reads the text of a login into *out; the string lives in the arena. Returns 0 on success and
 * -1 on error, with *out zeroed. ERR_FORMAT means that the text is not JSON of claude's form,
 * ERR_NOT_FOUND that it contains only logins of MCP servers, ERR_LIMIT that it is too large or
 * nested too deeply (json_parse()). */
int login_look(struct str text, struct arena *a, struct login_shape *out, struct err *e);

/* Checks that the text is a JSON object whose member claudeAiOauth has a string accessToken and
 * a number expiresAt. Returns 0 on success and -1 with ERR_FORMAT otherwise, also for a text
 * that contains only logins of MCP servers. */
int login_check(struct str text, struct err *e);

/* Checks the text of a login as login_look() does and adds the sandbox's copy to out, which the
 * caller wipes. The copy has no member "refreshToken" at any depth, because logins of MCP
 * servers contain such members too. If `with_refresh` is true, only the refresh token of
 * claude's own login stays. Everything else is copied. Returns 0 on success and -1 on error:
 * those of login_look(), with the content of out unchanged. ERR_LIMIT also means that out's
 * maximum or LIMIT_CREDENTIALS is exceeded; out then contains a part. */
int login_strip(struct str text, bool with_refresh, struct buf *out, struct err *e);

#endif
