/* SPDX-License-Identifier: MIT */
/* Backups of the login: DATA_DIR/backups (0700), claude-credentials.TIME.json (0600) for those the user asked for,
 * claude-credentials.TIME.KIND.json for those that cco made before it changed a login. TIME is UTC, YYYYMMDDTHHMMSSZ,
 * with -2, -3, ... behind it where a second had several. Nothing is ever overwritten, and one that has its name is
 * whole, whoever was killed. */
#ifndef CREDS_BACKUP_H
#define CREDS_BACKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum backup_kind {
    BACKUP_PLAIN,          /* kept for ever */
    BACKUP_BEFORE_SYNC,    /* these: the newest BACKUP_KEPT of each kind */
    BACKUP_BEFORE_RESTORE, /* what restore-creds replaced */
    BACKUP_CONFLICT        /* a session's login where the host had one of its own by then */
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

/* Writes a new one, synced, and removes what is too old of an automatic kind. Returns its path, in a; NULL on
 * failure, when nothing stays. Waits for other processes that write one, ten seconds: ERR_TIMEOUT. ERR_REFUSED where the directory is not ours alone. */
const char *backup_write(const char *data_dir, enum backup_kind kind, int64_t now_ms,
                         struct str text, struct arena *a, struct err *e);

/* All of them, the newest first; none where there is no directory. Other files, and links, are passed over. */
int backup_list(const char *data_dir, struct arena *a, struct backup **out, size_t *count,
                struct err *e);

/* "20260102T030405Z", or with `readable` "2026-01-02 03:04:05 UTC". */
const char *backup_time(int64_t time_s, bool readable, struct arena *a);

#endif
