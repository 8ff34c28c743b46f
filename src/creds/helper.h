/* SPDX-License-Identifier: MIT */
/* The user's apiKeyHelper: a command, in settings that only the user can write, that prints a
 * key. cco runs it on the host, which has what the command needs. The sandbox's settings name a
 * helper that prints a copy of the key, and claude runs that one as it would run the real one.
 * When the key's time is over, cco runs the command again and rewrites the copy in place. */
#ifndef CREDS_HELPER_H
#define CREDS_HELPER_H

#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Names inside a session's directory. */
#define HELPER_FILE "helper"
#define HELPER_KEY "files/api-key"

enum { HELPER_TTL_S = 300, HELPER_TIMEOUT_MS = 60000 };

/* Runs the command with /bin/sh in the home directory, never in the project. Adds its output,
 * trimmed, to out, which the caller wipes. Returns 0 on success and -1 on error: ERR_REFUSED if
 * the output is not one printable word, ERR_TIMEOUT after HELPER_TIMEOUT_MS. The error contains
 * the command's stderr and never its output. */
int helper_run(const char *command, char *const *env, struct buf *out, struct err *e);

/* Returns how long a key lasts: claude's variable CLAUDE_CODE_API_KEY_HELPER_TTL_MS, or
 * HELPER_TTL_S; at least one second. */
time_t helper_ttl_s(char *const *env);

/* Writes the command and its interval into the session directory, for helper_renew(). Returns 0
 * on success and -1 on error. */
int helper_write(const char *dir, const char *command, time_t every_s, struct err *e);

/* Returns the interval in seconds after which this session's key must be renewed, and 0 if the
 * session has no helper. */
time_t helper_interval_s(const char *dir);

/* Runs the command and rewrites the copy if the key has changed. Returns 0 on success and -1 on
 * error. */
int helper_renew(const char *dir, char *const *env, struct err *e);

/* Adds the sandbox's settings to out: `text` with a helper that prints the copy at `path`.
 * Returns 0 on success and -1 on error. */
int helper_settings(struct str text, const char *path, struct buf *out, struct err *e);

#endif
