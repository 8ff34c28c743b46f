/* SPDX-License-Identifier: MIT */
/* Makes the private copies of a session, and its journal (creds/journal.h). */
#ifndef SESSION_SESSION_DIR_FILL_H
#define SESSION_SESSION_DIR_FILL_H

#include "base/err.h"
#include "plan/plan.h"

/* Writes every copy of the plan into DIR/files, with the mode that the plan gives it, and then
 * DIR/journal. `env` is the environment of the user's apiKeyHelper. Returns 0 on success and -1
 * on error; the caller then removes what was written. If the apiKeyHelper fails, that is an
 * error only for a command that runs claude; for `cco shell` the file of the key is empty.
 * Blocks while a helper or the Keychain's program runs. */
int session_dir_fill(const char *dir, const struct plan *p, const struct facts *f,
                     char *const *env, struct err *e);

#endif
