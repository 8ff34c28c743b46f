/* SPDX-License-Identifier: MIT */
/* Where claude keeps its login on this machine: a file, or an item of the macOS Keychain. One text, a JSON object
 * (creds/login.h), read and replaced as a whole. */
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
    const char *dir; /* claude's directory, whose locks guard the store */
    const char *
        path; /* of a file: where it is looked for; a link there stays one, and what it leads to is meant */
    const char *program, *service, *account; /* of a Keychain item (creds/keychain.h) */
    char *const *env;                        /* of its program */
};

/* What users call it: the path, or "the Keychain item SERVICE". */
const char *store_name(const struct store *s, struct arena *a);

/* Adds the text to out, which the caller wipes. ERR_NOT_FOUND where there is none. A file that is none, or is
 * larger than LIMIT_CREDENTIALS, is an error. */
int store_read(const struct store *s, struct buf *out, struct err *e);

/* Replaces the text: a file atomically, mode 0600, synced; of a link, what it leads to. On failure the old text is
 * still there (of a Keychain item see keychain_write()). The lock is held by the caller. What stands at the temporary
 * name, PATH.cco-tmp, is a killed cco's and goes. ERR_REFUSED for a link that leads nowhere or to no regular file. */
int store_write(const struct store *s, struct str text, struct err *e);

/* The lock of this user's cco processes on the store, and claude's own ones beside it, so that no claude renews the
 * login meanwhile. A missing directory is made, 0700. Waits for all, at most ten seconds: ERR_TIMEOUT; nothing is held
 * then. A dead process holds none for long: the first is flock(2) on the directory, the others are claude's
 * (creds/claude_lock.h): DIR/.oauth_refresh.lock, then DIR.lock, DIR without links. */
enum { STORE_CLAUDE_LOCKS = 2 };
struct store_lock {
    int fd; /* -1: not held */
    struct claude_lock claude[STORE_CLAUDE_LOCKS];
};
void store_lock_init(struct store_lock *l);
int store_lock(const struct store *s, struct store_lock *l, struct err *e);
void store_unlock(struct store_lock *l);

/* Removes what a killed cco left of claude's locks, where no other cco has the lock now. Never waits. */
void store_lock_sweep(const struct store *s);

#endif
