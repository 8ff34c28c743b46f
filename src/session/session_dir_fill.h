/* SPDX-License-Identifier: MIT */
/* The private copies of a session, and the journal of what of them must come back. */
#ifndef SESSION_SESSION_DIR_FILL_H
#define SESSION_SESSION_DIR_FILL_H

#include "base/err.h"
#include "plan/plan.h"

/* Writes every copy of the plan into DIR/files, 0600 or its own mode, then DIR/journal. `env` is for an apiKeyHelper and
 * the Keychain. */
int session_dir_fill(const char *dir, const struct plan *p, const struct facts *f,
                     char *const *env, struct err *e);

#endif
