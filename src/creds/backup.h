/* SPDX-License-Identifier: MIT */
/* Backups of the login, in the directory DATA_DIR/backups (mode 0700). A backup that the user
 * asked for is claude-credentials.TIME.json. A backup that cco made before it changed a login
 * is claude-credentials.TIME.KIND.json. Both have mode 0600. TIME is UTC, YYYYMMDDTHHMMSSZ,
 * followed by -2, -3, ... if there are several of a kind in one second. A backup is never
 * overwritten. A file with such a name is always complete, even if cco was killed while it
 * wrote it. */
#ifndef CREDS_BACKUP_H
#define CREDS_BACKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* The last three are automatic: cco keeps only the newest BACKUP_KEPT backups of each of
 * them. */
enum backup_kind {
    BACKUP_PLAIN,          /* the user asked for it; kept until the user removes it */
    BACKUP_BEFORE_SYNC,    /* the host's login before an exchange changed it */
    BACKUP_BEFORE_RESTORE, /* the login that `cco restore-creds` replaced */
    BACKUP_CONFLICT        /* a session's login that the host's login won against */
};

enum { BACKUP_KEPT = 5 };

struct backup {
    const char *path; /* in the arena */
    enum backup_kind kind;
    int64_t time_s;        /* seconds since 1970, from the name */
    unsigned number;       /* 1, 2, ... among the backups of this kind in that second */
    uint64_t size;         /* bytes */
    bool valid;            /* it contains a login (login_check()) */
    int64_t expires_at_ms; /* when its access token expires, since 1970; 0: unknown or never */
};

/* Returns the KIND in a file's name: "" (BACKUP_PLAIN), "before-sync", "before-restore" or
 * "conflict". */
const char *backup_kind_name(enum backup_kind kind);

/* Writes `text` to a new backup, synced, and then removes the oldest backups of this kind if it
 * is an automatic one. now_ms is the wall clock's time in milliseconds since 1970. Makes
 * missing directories. Holds a lock on the directory (flock(2)) and waits up to ten seconds for
 * it; if the file system has no such locks (NFS), goes on without one. Returns the path in the
 * arena.
 *
 * Returns NULL on error, with no backup written. ERR_TIMEOUT means that another process holds
 * the lock, ERR_REFUSED that DATA_DIR/backups is not a directory of this user's, ERR_LIMIT that
 * there are 1000 backups of this kind in this second already. */
const char *backup_write(const char *data_dir, enum backup_kind kind, int64_t now_ms,
                         struct str text, struct arena *a, struct err *e);

/* Lists all backups, the newest first, in an array in the arena. Files with other names and
 * links are left out. Returns 0 on success, with *count 0 if no directory exists. Returns -1
 * on error, with *count 0; ERR_SYS means that the directory cannot be read. */
int backup_list(const char *data_dir, struct arena *a, struct backup **out, size_t *count,
                struct err *e);

/* Returns the time as "20260102T030405Z", or with `readable` as "2026-01-02 03:04:05 UTC". */
const char *backup_time(int64_t time_s, bool readable, struct arena *a);

#endif
