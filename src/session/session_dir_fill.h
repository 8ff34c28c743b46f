/* SPDX-License-Identifier: MIT */
/* The private copies of a session, and the journal of what has to come back from them. */
#ifndef SESSION_SESSION_DIR_FILL_H
#define SESSION_SESSION_DIR_FILL_H

#include "base/err.h"
#include "plan/plan.h"

/* Writes every copy of the plan into DIR/files, with the mode of the copy, and then
 * DIR/journal. `env` is for the user's apiKeyHelper. Returns 0 on success and -1 on error; the
 * caller removes what was written. Blocks while a helper or the Keychain's program runs. */
int session_dir_fill(const char *dir, const struct plan *p, const struct facts *f,
                     char *const *env, struct err *e);

#endif
