/* SPDX-License-Identifier: MIT */
/* Exchanges the host's login and a session's copy of it: brings a change of one side to the
 * other side. "Changed" means different from the last exchange, which the journal records
 * (creds/journal.h). The rules:
 *
 * - Only the host's login has changed: the copy is rewritten in place, so that the running
 *   claude finds the new login.
 * - Only the copy has changed. Without --allow-oauth-refresh nothing happens, and the change
 *   ends with the session. With it, the host's login gets the copy's tokens and times of expiry
 *   and keeps everything else that it contains. Before that, it is backed up (creds/backup.h).
 * - Both have changed, or the copy now contains a login of another account: the host's login
 *   wins and is written into the copy. The login that the copy had is kept beside the backups,
 *   and a note names the file. (Without --allow-oauth-refresh only the host's login counts.)
 * - The copy contains no complete login (access token, refresh token, time of expiry): it
 *   counts as unchanged.
 * - The host's login is gone: nothing happens, so that a log-out is never undone.
 *
 * The journal is read again each time, because this process may be killed at any step; the next
 * exchange does the rest. The host's store is written only under its lock, after both sides
 * were read again under that lock. */
#ifndef CREDS_EXCHANGE_H
#define CREDS_EXCHANGE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"

enum exchange {
    EXCHANGE_NOTHING,    /* neither login was written */
    EXCHANGE_TO_SANDBOX, /* the copy has the host's login now */
    EXCHANGE_TO_HOST,    /* the host has the copy's tokens now */
    /* Both had changed. The copy has the host's login now, and a note names the file with the
     * login that the copy had. */
    EXCHANGE_KEPT,
    /* The copy had a login of another account. The rest is as for EXCHANGE_KEPT. */
    EXCHANGE_REFUSED
};

/* Compares both logins once, for the session in the directory `dir`, and applies the rules.
 * `env` is the environment for the Keychain's program (struct keychain). Returns an enum
 * exchange, which is EXCHANGE_NOTHING for a session without a login or without a journal.
 * Messages for the user are added to the session's notes.
 *
 * Returns -1 on error, for example if the host's store or the copy cannot be read or written,
 * or if the store's lock is held (ERR_TIMEOUT). The host's login is then unchanged, with two
 * exceptions: store_write() may leave another text in a Keychain item, and if only the journal
 * could not be written, the host has the copy's tokens already. Calling the function again is
 * safe after every error.
 *
 * Blocks up to ten seconds for the store's locks, as long again for the lock of the backups,
 * and up to 200 ms to rewrite the copy. If the sandbox changes the copy meanwhile, the function
 * reads both sides and applies the rules again under the same locks of the store, ten times in
 * all; ERR_TIMEOUT also means that the copy changed each time. If the store is a Keychain item,
 * also blocks as keychain_read() and keychain_write() do. */
int exchange(const char *dir, char *const *env, struct err *e);

/* The exchange for a session that has ended. It does nothing unless the session may renew its
 * login and has done so; then it does what exchange() does. A session that may renew its login
 * may have been killed while it held claude's locks, so the function also removes those
 * (store_lock_sweep()). Results, errors and blocking are those of exchange(). */
int exchange_finish(const char *dir, char *const *env, struct err *e);

/* Writes the mark of a host's login to out: the value for journal.given, which describes it.
 * `text` is the login's text. The mark is the SHA-256 of its refresh token if `with_refresh` is
 * true, and of the whole text otherwise. It is "" if the text contains no login, or no usable
 * refresh token if `with_refresh` is true. Pure. */
void exchange_mark(struct str text, bool with_refresh, char out[SHA256_HEX]);

/* Truncates the copy of the session in `dir` to zero bytes if it is larger than
 * LIMIT_CREDENTIALS, because the sandbox may write anything to it. Returns true if it was too
 * large and has been truncated, and false otherwise, also if truncating failed. */
bool exchange_trim(const char *dir);

#endif
