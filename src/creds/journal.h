/* SPDX-License-Identifier: MIT */
/* What must come back from a session, written down beside its private copies before it starts, so that any
 * process of cco can finish it: the one that ran it, or the next one after a kill. DIR/journal, JSON; inside
 * the sandbox it can be read, not changed. It holds no secret: of a refresh token only the SHA-256. */
#ifndef CREDS_JOURNAL_H
#define CREDS_JOURNAL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "creds/store.h"

/* Names inside a session's directory. */
#define JOURNAL_FILE "journal"
#define JOURNAL_LOGIN "files/credentials.json"
#define JOURNAL_BASE "files/claude.json"    /* as the sandbox got it: nothing changes it */
#define JOURNAL_RETURNED "claude.json.back" /* as the sandbox left it */
#define JOURNAL_NOTES "notes"               /* lines for the user */

struct journal {
    const char *project;     /* whose entry of .claude.json is the sandbox's own */
    const char *claude_json; /* the host's; NULL: it does not take part */
    const char *data_dir;    /* cco's, for backups */
    bool has_store;          /* the sandbox has a copy of this login */
    struct store store;
    bool with_refresh; /* and may renew it */
    /* What the host had when it was last brought in step: with_refresh: of its refresh token, else of the whole
     * text; "" where it had none. */
    char given[SHA256_HEX];
};

/* Makes DIR/journal, unsynced: a session that has just begun owes nothing; or replaces it atomically. */
int journal_write(const char *dir, const struct journal *j, struct err *e);

/* ERR_NOT_FOUND where there is none. Strings live in the arena. */
int journal_read(const char *dir, struct arena *a, struct journal *j, struct err *e);

/* Adds a line to DIR/notes; what does not fit into LIMIT_FILE_SMALL is left out. */
void journal_note(const char *dir, const char *line);

#endif
