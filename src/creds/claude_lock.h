/* SPDX-License-Identifier: MIT */
/* The locks that claude itself takes on its files (the npm package proper-lockfile). A lock is
 * a directory that exists while the lock is held. Its owner renews the modification time every
 * five seconds; after ten seconds without that the lock is abandoned. claude uses FILE.lock
 * beside ~/.claude.json, and DIR/.oauth_refresh.lock and DIR.lock for the login in DIR. Links
 * are never followed. */
#ifndef CREDS_CLAUDE_LOCK_H
#define CREDS_CLAUDE_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/err.h"

enum { CLAUDE_LOCK_STALE_MS = 10000, CLAUDE_LOCK_MODE = 01700 };

struct claude_lock {
    bool alone; /* set by the caller: no other cco can hold it, so a lock with cco's mark
                   belongs to a killed cco */
    char *path; /* NULL: not held */
    dev_t dev;  /* of the directory that this process made */
    ino_t ino;
    struct timespec stamp; /* a later directory may get the same inode */
};

void claude_lock_init(struct claude_lock *l);

/* Makes `path` with the mode CLAUDE_LOCK_MODE, whose sticky bit is cco's mark. Waits until
 * deadline_ms (clock_ms()) if the lock is held. Replaces an abandoned lock, also once after the
 * deadline. The caller must hold the lock for less than CLAUDE_LOCK_STALE_MS, because it is not
 * renewed. Returns 0 on success and -1 on error: ERR_TIMEOUT; ERR_REFUSED with the path if a
 * file or a link has the name. Two processes that replace an abandoned lock in the same instant
 * may both get it, as with proper-lockfile. */
int claude_lock_take(struct claude_lock *l, const char *path, int64_t deadline_ms,
                     struct err *e);

/* Removes the lock, unless another process has replaced it. A second call does nothing. */
void claude_lock_release(struct claude_lock *l);

/* Removes the lock at `path` if it has cco's mark. For a caller that is `alone`, so that the
 * lock belongs to a killed cco. */
void claude_lock_sweep(const char *path);

#endif
