/* SPDX-License-Identifier: MIT */
/* The user's apiKeyHelper: a command, in settings that only the user can write, that prints a key. It runs here, where
 * what it needs is; the sandbox's settings name a helper that prints the copy instead, and claude asks that one again
 * as it would the real one. The key is asked for again when its time is over, and the copy rewritten in place. */
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

/* Runs the command by /bin/sh, in the home directory, never in the project. Adds what it prints, without blanks around,
 * to out, which the caller wipes. ERR_REFUSED for anything but one printable word, ERR_TIMEOUT; its own
 * stderr is told in the error, what it prints never. */
int helper_run(const char *command, char *const *env, struct buf *out, struct err *e);

/* How long a key lasts: CLAUDE_CODE_API_KEY_HELPER_TTL_MS, as claude has it, or HELPER_TTL_S; at least one second. */
time_t helper_ttl_s(char *const *env);

/* Keeps the command for helper_renew(), and its interval. */
int helper_write(const char *dir, const char *command, time_t every_s, struct err *e);

/* How often the key of this session is to be asked for; 0: it has no helper. */
time_t helper_interval_s(const char *dir);

/* Asks for the key and rewrites the copy if it is another one. */
int helper_renew(const char *dir, char *const *env, struct err *e);

/* The settings that the sandbox gets: as they are but for the helper that prints the copy at `path`. */
int helper_settings(struct str text, const char *path, struct buf *out, struct err *e);

#endif
