/* SPDX-License-Identifier: MIT */
/* The locks that claude itself takes on its files (the npm package proper-lockfile). A lock is
 * a directory that exists while the lock is held. Its owner renews the directory's modification
 * time every five seconds. A lock that has not been renewed for ten seconds is abandoned.
 * claude uses FILE.lock beside ~/.claude.json, and DIR/.oauth_refresh.lock and DIR.lock for the
 * login in DIR. This module never follows a link at the name of a lock. */
#ifndef CREDS_CLAUDE_LOCK_H
#define CREDS_CLAUDE_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/err.h"

/* CLAUDE_LOCK_STALE_MS: the age without a renewal after which a lock is abandoned.
 * CLAUDE_LOCK_MODE: the mode of cco's own locks, 0700 plus the sticky bit. */
enum { CLAUDE_LOCK_STALE_MS = 10000, CLAUDE_LOCK_MODE = 01700 };

struct claude_lock {
    /* Set by the caller: true if no other cco can hold this lock, so that a lock with cco's
     * mark must belong to a killed cco. */
    bool alone;
    char *path; /* the lock's directory, on the heap, owned by this struct; NULL: not held */
    dev_t dev;  /* device of the directory that this process made */
    ino_t ino;  /* its inode */
    struct timespec stamp; /* its modification time: a later directory may get the same inode */
};

/* Sets the initial state: not held, and `alone` is false. */
void claude_lock_init(struct claude_lock *l);

/* Takes the lock: makes the directory `path` with the mode CLAUDE_LOCK_MODE, whose sticky bit
 * is cco's mark. While another process holds the lock, the function tries again until
 * deadline_ms (a time of clock_ms()). It removes an abandoned lock and takes it at once, even
 * if the deadline has passed. With l->alone it also removes a lock with cco's mark at once. The
 * caller must hold the lock for less than CLAUDE_LOCK_STALE_MS, because this module does not
 * renew it.
 *
 * Returns 0 on success and -1 on error, with *l unchanged. ERR_TIMEOUT means that another
 * process holds the lock at the deadline, ERR_REFUSED (with the path in the text) that a file
 * or a link has this name. Two processes that replace an abandoned lock in the same instant may
 * both get it, as with proper-lockfile. Blocks until the deadline at most. */
int claude_lock_take(struct claude_lock *l, const char *path, int64_t deadline_ms,
                     struct err *e);

/* Removes the lock, unless another process has replaced it, and sets the initial state: `alone`
 * is false again. Does nothing if the lock is not held, so a second call is harmless. */
void claude_lock_release(struct claude_lock *l);

/* Removes the lock at `path` if it has cco's mark. The caller must know that no other cco can
 * hold this lock, so that it belongs to a killed cco. Errors are ignored: a lock that stays
 * counts as abandoned after ten seconds. */
void claude_lock_sweep(const char *path);

#endif
