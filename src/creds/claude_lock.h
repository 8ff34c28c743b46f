/* SPDX-License-Identifier: MIT */
/* The locks that claude itself takes on its files: a directory that exists as long as the lock is held, its
 * modification time renewed every five seconds, abandoned after ten without that (the npm package
 * proper-lockfile). claude names them FILE.lock beside ~/.claude.json; DIR/.oauth_refresh.lock and DIR.lock
 * for the login in DIR. Links are never followed. */
#ifndef CREDS_CLAUDE_LOCK_H
#define CREDS_CLAUDE_LOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "base/err.h"

enum { CLAUDE_LOCK_STALE_MS = 10000, CLAUDE_LOCK_MODE = 01700 };

struct claude_lock {
    bool
        alone; /* set by the caller: no other cco can have it, so one with cco's mark is a killed one's */
    char *path; /* NULL: not held */
    dev_t dev;  /* the directory we made */
    ino_t ino;
    struct timespec stamp; /* a directory made anew may get the same number */
};

void claude_lock_init(struct claude_lock *l);

/* Makes `path` with the mode CLAUDE_LOCK_MODE, of which the sticky bit is cco's mark. One that others hold is waited for until deadline_ms (clock_ms()): ERR_TIMEOUT; an abandoned one is
 * taken over, and tried for once even when the deadline has passed. The directory around it must be there. ERR_REFUSED,
 * with the path, where a file or a link has the name. The caller holds it for less than CLAUDE_LOCK_STALE_MS: it is
 * not renewed. Two that take an abandoned one over in the same instant may both get it, as with proper-lockfile. */
int claude_lock_take(struct claude_lock *l, const char *path, int64_t deadline_ms,
                     struct err *e);

/* Removes it, unless somebody took it over. Safe to call twice. */
void claude_lock_release(struct claude_lock *l);

/* Removes the one at `path` that a killed cco left, known by its mark; any other stays. For a caller that is alone, as
 * above. */
void claude_lock_sweep(const char *path);

#endif
