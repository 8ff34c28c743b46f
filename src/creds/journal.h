/* SPDX-License-Identifier: MIT */
/* What must come back from a session, written beside its private copies before it starts, so
 * that any cco can finish the session: the one that ran it, or the next one after a kill. The
 * file is DIR/journal, in JSON; the sandbox can read it and not change it. It contains no
 * secret: of a refresh token only the SHA-256. */
#ifndef CREDS_JOURNAL_H
#define CREDS_JOURNAL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "creds/store.h"

/* Names inside a session's directory. */
#define JOURNAL_FILE "journal"
#define JOURNAL_LOGIN "files/credentials.json"
#define JOURNAL_BASE "files/claude.json"    /* as the sandbox got it; never changed */
#define JOURNAL_RETURNED "claude.json.back" /* as the sandbox left it */
#define JOURNAL_NOTES "notes"               /* lines for the user */

struct journal {
    const char *project; /* the project whose entry of .claude.json the session may change */
    const char *claude_json; /* the host's file; NULL: it is not merged */
    const char *data_dir;    /* cco's, for backups */
    bool has_store;          /* the sandbox has a copy of this login */
    struct store store;
    bool with_refresh; /* the sandbox may renew the login */
    /* The SHA-256 of what the host had at the last exchange: with with_refresh, of its refresh
     * token, else of the whole text; "" if it had none. */
    char given[SHA256_HEX];
};

/* Makes DIR/journal, or replaces it atomically. A new journal is not synced, because a session
 * that has just begun owes nothing. Returns 0 on success and -1 on error. */
int journal_write(const char *dir, const struct journal *j, struct err *e);

/* Reads DIR/journal. Strings live in the arena. Returns 0 on success and -1 on error:
 * ERR_NOT_FOUND if there is none. */
int journal_read(const char *dir, struct arena *a, struct journal *j, struct err *e);

/* Adds a line to DIR/notes, unless the file would exceed LIMIT_FILE_SMALL. */
void journal_note(const char *dir, const char *line);

#endif
