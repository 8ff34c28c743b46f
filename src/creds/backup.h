/* SPDX-License-Identifier: MIT */
/* Backups of the login: DATA_DIR/backups (0700), claude-credentials.TIME.json (0600) for those
 * the user asked for, claude-credentials.TIME.KIND.json for those that cco made before it
 * changed a login. TIME is UTC, YYYYMMDDTHHMMSSZ, followed by -2, -3, ... if there are several
 * in a second. A backup is never overwritten, and a file with such a name is always complete,
 * also after a kill. */
#ifndef CREDS_BACKUP_H
#define CREDS_BACKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum backup_kind {
    BACKUP_PLAIN,          /* kept until the user removes it */
    BACKUP_BEFORE_SYNC,    /* of this kind and the next two, the newest BACKUP_KEPT are kept */
    BACKUP_BEFORE_RESTORE, /* what restore-creds replaced */
    BACKUP_CONFLICT        /* a session's login, when the host's had changed as well */
};

enum { BACKUP_KEPT = 5 };

struct backup {
    const char *path;
    enum backup_kind kind;
    int64_t time_s;        /* since 1970 */
    unsigned number;       /* 1, 2, ... within that second */
    uint64_t size;         /* bytes */
    bool valid;            /* it holds a login */
    int64_t expires_at_ms; /* 0: unknown or never */
};

/* "", "before-sync", "before-restore", "conflict". */
const char *backup_kind_name(enum backup_kind kind);

/* Writes a new backup, synced, and removes the oldest of an automatic kind. Waits ten seconds
 * at most for other processes that write one. Returns its path in the arena, and NULL on error,
 * with nothing written: ERR_TIMEOUT; ERR_REFUSED if other users can access the directory. */
const char *backup_write(const char *data_dir, enum backup_kind kind, int64_t now_ms,
                         struct str text, struct arena *a, struct err *e);

/* Lists all backups, the newest first; none if there is no directory. Skips other files and
 * links. Returns 0 on success and -1 on error. */
int backup_list(const char *data_dir, struct arena *a, struct backup **out, size_t *count,
                struct err *e);

/* Returns the time as "20260102T030405Z", or with `readable` as "2026-01-02 03:04:05 UTC". */
const char *backup_time(int64_t time_s, bool readable, struct arena *a);

#endif
