/* SPDX-License-Identifier: MIT */
/* The place where claude keeps its login on this machine: a file, or an item of the macOS
 * Keychain. It contains one text, a JSON object (creds/login.h), which is read and replaced as
 * a whole. */
#ifndef CREDS_STORE_H
#define CREDS_STORE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "creds/claude_lock.h"

enum store_kind { STORE_FILE, STORE_KEYCHAIN };

struct store {
    enum store_kind kind;
    const char *dir;  /* claude's directory, whose locks guard the store */
    const char *path; /* of a file; if it is a link, the link stays and its target is read and
                         written */
    const char *program, *service, *account; /* of a Keychain item (creds/keychain.h) */
    char *const *env;                        /* the environment of that program */
};

/* Returns its name for messages: the path, or "the Keychain item SERVICE". */
const char *store_name(const struct store *s, struct arena *a);

/* Adds the text to out, which the caller wipes. Returns 0 on success and -1 on error:
 * ERR_NOT_FOUND if there is none. A file that is not regular, or larger than LIMIT_CREDENTIALS,
 * is an error. */
int store_read(const struct store *s, struct buf *out, struct err *e);

/* Replaces the text: a file atomically, with mode 0600, and synced; of a link, the target. The
 * caller holds the lock. Removes what a killed cco left at the temporary name PATH.cco-tmp.
 * Returns 0 on success and -1 on error: ERR_REFUSED if a link has no target, or one that is not
 * a regular file. After an error the old text is unchanged (for a Keychain item see
 * keychain_write()). */
int store_write(const struct store *s, struct str text, struct err *e);

/* Locks the store against this user's other cco processes (flock(2) on the directory) and
 * against claude, which then does not renew the login (creds/claude_lock.h:
 * DIR/.oauth_refresh.lock, then DIR.lock, with DIR resolved). Makes a missing directory with
 * mode 0700. Waits ten seconds at most for all of them; after ERR_TIMEOUT none is held. The
 * locks of a dead process are free soon. */
enum { STORE_CLAUDE_LOCKS = 2 };
struct store_lock {
    int fd; /* -1: not held */
    struct claude_lock claude[STORE_CLAUDE_LOCKS];
};
void store_lock_init(struct store_lock *l);
int store_lock(const struct store *s, struct store_lock *l, struct err *e);
void store_unlock(struct store_lock *l);

/* Removes claude's locks that a killed cco has left, unless another cco holds the lock now.
 * Never waits. */
void store_lock_sweep(const struct store *s);

#endif
