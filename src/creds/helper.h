/* SPDX-License-Identifier: MIT */
/* The user's apiKeyHelper: a command that prints a key. It comes from settings that only the
 * user can write. cco runs the command on the host, because the programs and files that it
 * needs are there. The sandbox gets a copy of the key, and its settings name another helper,
 * which prints this copy; claude in the sandbox runs that helper as it would run the real one.
 * When the key's time is over, cco runs the command again and rewrites the copy in place. */
#ifndef CREDS_HELPER_H
#define CREDS_HELPER_H

#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* Names inside a session directory. */
#define HELPER_FILE "helper"
#define HELPER_KEY "files/api-key"

/* HELPER_TTL_S: how long a key lasts by default, as in claude.
 * HELPER_TIMEOUT_MS: how long the command may run. */
enum { HELPER_TTL_S = 300, HELPER_TIMEOUT_MS = 60000 };

/* Runs `command` with /bin/sh and adds its output, without white space around it, to out, which
 * the caller wipes. `env` is the command's environment ("K=V", NULL-terminated). The command
 * runs in its directory HOME, or in / if that cannot be entered; never in the project. SIGPIPE
 * must be blocked or ignored.
 *
 * Returns 0 on success and -1 on error, with the content of out unchanged. ERR_REFUSED means
 * that the command's exit status is not 0, or that its output is not one word of printable
 * ASCII characters. ERR_TIMEOUT means that it ran for HELPER_TIMEOUT_MS; it is killed then.
 * ERR_LIMIT means that the output exceeds 16 KiB or out's maximum. ERR_SYS means that /bin/sh
 * cannot be run. If the command failed, the error contains the first line of its stderr; it
 * never contains its output. Blocks until the command ends. */
int helper_run(const char *command, char *const *env, struct buf *out, struct err *e);

/* Returns how long a key lasts, in seconds: the value of claude's variable
 * CLAUDE_CODE_API_KEY_HELPER_TTL_MS in `env`, in whole seconds and at least 1. If the variable
 * is unset, is not a number or exceeds one day, the result is HELPER_TTL_S. */
time_t helper_ttl_s(char *const *env);

/* Writes the command, and the interval of every_s seconds after which its key must be renewed,
 * to the new file DIR/helper in the session directory `dir`, for helper_renew(). every_s must
 * be 1 to 86400 (one day), as the results of helper_ttl_s() are: a file with another number
 * counts as unreadable. Returns 0 on success and -1 on error; no file is left then. ERR_LIMIT
 * means that the command is too long (LIMIT_FILE_SMALL) or is not UTF-8, ERR_SYS that the file
 * cannot be made, for example because it exists already. */
int helper_write(const char *dir, const char *command, time_t every_s, struct err *e);

/* Returns the interval in seconds after which the key of the session in `dir` must be renewed,
 * and 0 if the session has no helper or its file cannot be read. */
time_t helper_interval_s(const char *dir);

/* Runs the command of the session in `dir` as helper_run() does, and rewrites the copy of the
 * key if the command printed another key. Returns 0 on success, also if the key is the same or
 * the session has no helper. Returns -1 on error: those of helper_run(), with the copy
 * unchanged, and those of rewrite_copy(). Blocks until the command ends. */
int helper_renew(const char *dir, char *const *env, struct err *e);

/* Adds the sandbox's settings to out: `text` with an apiKeyHelper that prints the copy of the
 * key at `path` ("cat PATH"). `text` is the content of settings.json; empty or blank text
 * counts as {}. `path` is cco's own path inside the sandbox: it must be shorter than LIMIT_PATH
 * and must need no quotes in sh. Returns 0 on success and -1 on error; out may then contain a
 * part. ERR_FORMAT means that `text` is not a JSON object, ERR_LIMIT that out's maximum is
 * exceeded or that `text` is nested too deeply (json_parse()). */
int helper_settings(struct str text, const char *path, struct buf *out, struct err *e);

#endif
