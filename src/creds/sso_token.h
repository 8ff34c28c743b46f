/* SPDX-License-Identifier: MIT */
/* The files in which `aws sso login` keeps access tokens: ~/.aws/sso/cache/NAME.json. AWS SDKs
 * and Tools Reference Guide, "IAM Identity Center credential provider". */
#ifndef CREDS_SSO_TOKEN_H
#define CREDS_SSO_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Returns the name of the file for an sso-session, or for the sso_start_url of a profile
 * without one, in the arena. */
const char *sso_token_file(const char *session, struct arena *a);

/* Returns whether the text of such a file has a token that is valid at `now_ms`, the wall
 * clock. */
bool sso_token_is_valid(struct str text, int64_t now_ms);

/* Adds the sandbox's copy of the text to out, which the caller wipes: an object with only the
 * access token, its expiry, the region and the URL, so that nobody can renew the token with it.
 * Returns 0 on success and -1 on error. ERR_FORMAT means that the text is not such a file;
 * ERR_LIMIT that out's maximum is exceeded. */
int sso_token_copy(struct str text, struct buf *out, struct err *e);

#endif
