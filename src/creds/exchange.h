/* SPDX-License-Identifier: MIT */
/* Exchanges the host's login and a session's copy of it, whichever has changed. The rules:
 *
 *   only the host's changed      the copy is rewritten in place, so that the running claude
 * finds it only the copy changed        without --allow-oauth-refresh: nothing, it ends with
 * the session. With it: checked for its shape and its account, the host's is backed up, then
 * gets the new tokens and keeps everything else that it holds both changed                 the
 * host's wins; the copy's is kept beside the backups, and a note says so the host's is gone
 * nothing: a log-out is never undone
 *
 * "Changed" means different from the last exchange, which the journal records
 * (creds/journal.h). The journal is read again each time: this process may be killed at any
 * step, and the next one does the rest. The host's store is written only under its lock, after
 * it was compared once more. */
#ifndef CREDS_EXCHANGE_H
#define CREDS_EXCHANGE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

enum exchange {
    EXCHANGE_NOTHING,
    EXCHANGE_TO_SANDBOX, /* the copy now has the host's login */
    EXCHANGE_TO_HOST,    /* the host now has the copy's login */
    EXCHANGE_KEPT,       /* both changed: a note names the file with the copy's login */
    EXCHANGE_REFUSED /* the copy has a login of another account, or no login: a note says so */
};

/* Compares both once, for the session in `dir`, and applies the rules. `env` is for the
 * Keychain's program. Returns an enum exchange, which is EXCHANGE_NOTHING for a session without
 * a login or a journal, and -1 on error; the host's login is unchanged then. What the user must
 * know is added to the session's notes. */
int exchange(const char *dir, char *const *env, struct err *e);

/* The same for a session that has ended. Also removes the locks that a killed cco has left. */
int exchange_finish(const char *dir, char *const *env, struct err *e);

/* Writes the SHA-256 of a host's login for journal.given. */
void exchange_mark(struct str text, bool with_refresh, char out[SHA256_HEX]);

/* Truncates the copy if it is too large, because the sandbox may write anything to it. Returns
 * true if it was too large. */
bool exchange_trim(const char *dir);

#endif
