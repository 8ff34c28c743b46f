/* SPDX-License-Identifier: MIT */
/* The journal of a session: which files of the host belong to its private copies, and what the
 * last exchange of the login has left. cco writes it into the session directory DIR before the
 * session starts, so that any cco can finish the session: the cco that ran it, or if that was
 * killed, the next cco. The file is DIR/journal, in JSON. The sandbox can read it but cannot
 * change it. It contains no secret: of a login only a SHA-256. */
#ifndef CREDS_JOURNAL_H
#define CREDS_JOURNAL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "creds/store.h"

/* Names inside a session directory. */
#define JOURNAL_FILE "journal"
#define JOURNAL_LOGIN "files/credentials.json" /* the sandbox's copy of the login */
#define JOURNAL_BASE "files/claude.json"       /* the copy as cco made it; never changed */
#define JOURNAL_RETURNED "claude.json.back"    /* the same copy as the sandbox left it */
#define JOURNAL_NOTES "notes"                  /* lines for the user */

struct journal {
    const char *project; /* the project whose entry of .claude.json the session may change */
    const char *cwd;     /* the directory that claude's prompt history names */
    const char *claude_json; /* path of the host's .claude.json; NULL: it is not merged */
    const char *data_dir;    /* cco's data directory, where backups go (creds/backup.h) */
    /* The members of struct parts (creds/parts.h), with which the state of conversations is
     * exchanged. NULL: it is not exchanged. */
    const char *transcripts, *claude_dir, *own;
    /* The directory of the repository's memory, which a session in a subdirectory or a worktree
     * of the repository can write as well; NULL: none. */
    const char *memory;
    int64_t started_ms; /* when the session started (wall clock); 0: unknown */
    bool converses;     /* claude runs with its screen (plan.command.converses) */
    /* The MCP servers whose logins the copy of the login has (creds/login_copy.h); NULL: none.
     */
    const char *servers;
    bool has_store; /* the sandbox has a copy of the login in `store` */
    /* The place where the host keeps that login. The file does not contain store.env:
     * journal_write() ignores it, journal_read() sets it to NULL, and the caller must set it
     * before it uses a store of the kind STORE_KEYCHAIN. */
    struct store store;
    bool with_refresh; /* the sandbox may renew the login */
    /* The SHA-256, in hex digits, of what the host had at the last exchange: of its refresh
     * token if with_refresh is set, otherwise of the login's whole text. "" if it had none. */
    char given[SHA256_HEX];
};

/* Writes *j to DIR/journal. An existing journal is replaced atomically and synced (fsync(2)). A
 * new one is not synced: if the machine crashes just after the start, the session has not
 * changed anything that would have to come back. Returns 0 on success and -1 on error, with the
 * old journal unchanged; ERR_LIMIT means that it would exceed LIMIT_FILE_SMALL. */
int journal_write(const char *dir, const struct journal *j, struct err *e);

/* Reads DIR/journal into *j. The strings live in the arena; store.env is NULL. Returns 0 on
 * success and -1 on error; *j may then be filled in part and must not be used. ERR_NOT_FOUND
 * means that no journal exists, ERR_FORMAT that it is broken or of another version of cco. */
int journal_read(const char *dir, struct arena *a, struct journal *j, struct err *e);

/* Adds `line`, which has no newline, to DIR/notes. Creates the file with mode 0600 if it is
 * missing. The line is lost if the file would exceed LIMIT_FILE_SMALL or cannot be written. */
void journal_note(const char *dir, const char *line);

#endif
