/* SPDX-License-Identifier: MIT */
/* What is left to do for the files of a session that has ended, from its directory alone: by
 * the process that ran it, or by the next cco after a kill. Each step can be repeated. */
#ifndef SESSION_SESSION_FINISH_H
#define SESSION_SESSION_FINISH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "base/str.h"

/* Writes what init returned (".claude.json" as the sandbox left it) into the session's
 * directory `dir`, until session_finish() has merged it. Writes nothing if the sandbox has
 * changed nothing. Returns 0 on success and -1 on error. */
int session_keep_returned(const char *dir, struct str returned_file, struct err *e);

/* Exchanges the login for the last time, merges .claude.json, and adds the session's notes to
 * `notes`, together with what went wrong. Returns 0 on success. Returns -1 only if a login that
 * the sandbox has renewed could not be brought to the host: the directory has to stay then, and
 * the next cco tries again. `env` is for the Keychain's program. Blocks for a limited time
 * while another process holds the login's lock. */
int session_finish(const char *dir, char *const *env, struct arena *a, struct strv *notes,
                   struct err *e);

#endif
