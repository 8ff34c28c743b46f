/* SPDX-License-Identifier: MIT */
/* Keeps a session's copy of the login and the host's in step, whichever changed. The rules:
 *
 *   only the host's changed      the copy is rewritten in place, so that the running claude finds it
 *   only the copy changed        without --allow-oauth-refresh: nothing, it ends with the session. With it: checked
 *                                for its shape and its account, the host's is backed up, then gets the new tokens
 *                                and keeps everything else that it holds
 *   both changed                 the host's wins; the copy's is kept beside the backups, and the user is told
 *   the host's is gone           nothing: a log-out is never undone
 *
 * "Changed" is against what was handed out last (creds/journal.h), read anew each time: every step may be the last
 * one of this process, and the next one does the rest. The host's store is only written under its lock, after it was
 * compared once more. */
#ifndef CREDS_EXCHANGE_H
#define CREDS_EXCHANGE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

enum exchange {
    EXCHANGE_NOTHING,
    EXCHANGE_TO_SANDBOX, /* the copy has the host's */
    EXCHANGE_TO_HOST,    /* the host has the copy's */
    EXCHANGE_KEPT,       /* both changed: a note names the file with the copy's */
    EXCHANGE_REFUSED     /* the copy's is of another account, or no login: noted */
};

/* One look at both, for the session in `dir`; `env` is for the Keychain's program. The result, or -1: the host's login is what it was. A session without
 * a login, or without a journal: EXCHANGE_NOTHING. What the user must know is added to the session's notes. */
int exchange(const char *dir, char *const *env, struct err *e);

/* The last one, for a session that has ended. Nothing that a killed one held stays locked. */
int exchange_finish(const char *dir, char *const *env, struct err *e);

/* The mark of a host's text as it is handed out: journal.given. */
void exchange_mark(struct str text, bool with_refresh, char out[SHA256_HEX]);

/* Makes the copy's size bounded again: the sandbox may write to it what it wants. True where it was too large. */
bool exchange_trim(const char *dir);

#endif
