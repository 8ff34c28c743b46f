/* SPDX-License-Identifier: MIT */
/* The store is the place where claude keeps its login on this machine: a file, or an item of
 * the macOS Keychain. It contains one text, a JSON object (creds/login.h), which is read and
 * replaced as a whole. */
#ifndef CREDS_STORE_H
#define CREDS_STORE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "creds/claude_lock.h"

enum store_kind { STORE_FILE, STORE_KEYCHAIN };

/* The caller owns all strings and keeps them alive. */
struct store {
    enum store_kind kind;
    const char *dir; /* claude's directory; the locks in it and beside it protect the store */
    /* STORE_FILE: the file. If it is a link, the link stays and its target is read and
     * written. */
    const char *path;
    const char *program, *service, *account; /* STORE_KEYCHAIN: the item (creds/keychain.h) */
    /* STORE_KEYCHAIN: the environment of `program`, "K=V", NULL-terminated */
    char *const *env;
};

/* Returns the store's name for messages: its path, or "the Keychain item SERVICE" in the
 * arena. */
const char *store_name(const struct store *s, struct arena *a);

/* Adds the store's text to out, which the caller wipes. out's maximum is the limit for the
 * text; callers give it LIMIT_CREDENTIALS. Returns 0 on success and -1 on error. For a file:
 * ERR_NOT_FOUND means that it does not exist, ERR_LIMIT that it exceeds out's maximum,
 * ERR_REFUSED that it is not a regular file. For a Keychain item: as keychain_read(). Blocks as
 * keychain_read() does if the store is a Keychain. */
int store_read(const struct store *s, struct buf *out, struct err *e);

/* Replaces the store's text. The caller holds the lock (store_lock()). A file is replaced
 * atomically by a synced file with mode 0600; if `path` is a link, FILE is the link's target,
 * otherwise FILE is `path`. The temporary name is FILE.cco-tmp; a file of this name, left by a
 * killed cco, is removed first.
 *
 * Returns 0 on success and -1 on error. ERR_LIMIT means that `text` exceeds LIMIT_CREDENTIALS,
 * ERR_REFUSED that a link has no target or that FILE is not a regular file; for a Keychain item
 * also the errors of keychain_write(). After an error a file is unchanged; for an item see
 * keychain_write(). Blocks as keychain_write() does if the store is a Keychain. */
int store_write(const struct store *s, struct str text, struct err *e);

enum { STORE_CLAUDE_LOCKS = 2 };
struct store_lock {
    int fd; /* the directory, with flock(2); -1: not held */
    struct claude_lock claude[STORE_CLAUDE_LOCKS];
};

/* Sets the initial state: not held. */
void store_lock_init(struct store_lock *l);

/* Locks the store against this user's other cco processes (flock(2) on the directory DIR) and
 * against claude, which then does not renew the login (creds/claude_lock.h:
 * DIR/.oauth_refresh.lock, then DIR.lock). DIR is s->dir with links resolved; a missing one is
 * made with mode 0700. The caller must not hold the lock for more than a few seconds
 * (CLAUDE_LOCK_STALE_MS). *l needs no initial state.
 *
 * Returns 0 on success and -1 on error; then no lock is held, and *l is in its initial state.
 * ERR_TIMEOUT means that another process holds a lock. ERR_REFUSED means that a file or link
 * has the name of a lock. ERR_SYS means that DIR cannot be made or locked (NFS). Waits ten
 * seconds at most for all three locks.
 *
 * If a process dies while it holds the lock, the kernel releases flock(2) at once. The next cco
 * removes claude's locks of a killed cco at once; claude itself ignores them after ten
 * seconds. */
int store_lock(const struct store *s, struct store_lock *l, struct err *e);

/* Releases the lock. Does nothing in the initial state. */
void store_unlock(struct store_lock *l);

/* Removes claude's locks that a killed cco has left, unless another cco holds the store's lock.
 * Errors are ignored. Does not wait for a lock for longer than ten milliseconds. */
void store_lock_sweep(const struct store *s);

#endif
