/* SPDX-License-Identifier: MIT */
/* The files of a session whose engine does not see this machine's files: the trees of the plan,
 * the volumes that keep them, and their synchronization (sync/sync.h) before and after the
 * session. A note in the session's directory lets any later cco bring its work home. */
#ifndef SESSION_REMOTE_FILES_H
#define SESSION_REMOTE_FILES_H

#include "plan/plan.h"
#include "session/session_context.h"
#include "sync/sync.h"

struct remote_tree {
    const char *id; /* includes the mark of its volume: another volume has another base */
    const char *local_path, *remote_path;
    bool push, pull;
    bool git;           /* what git ignores is not synchronized */
    bool memory;        /* the remote side is memory: always sent whole, never fetched */
    struct strv hidden; /* paths in the tree that are not synchronized */
};

struct remote_files {
    const char *project; /* its path */
    const char *volume;  /* of the project, for messages */
    const char *base_dir;
    const char *home; /* inside the sandbox */
    uint64_t uid, gid;
    struct remote_tree *trees;
    size_t count, cap;
};

/* Makes the volumes of the plan and the directory for the bases, before the container is
 * created. *t is set from the plan, with strings in the arena. Returns 0 on success and -1 on
 * error. Blocks while the engine is asked. */
int remote_files_prepare(struct session_context *ctx, const struct plan *p,
                         struct remote_files *t, struct err *e);

/* Writes the note into the session's directory `dir`. Returns 0 on success and -1 on error. */
int remote_note_write(const struct remote_files *t, const char *dir, struct err *e);

/* Reads the note of the session's directory `dir` into *t, with strings in the arena. Returns 1
 * on success, 0 if there is no note, and -1 on error. */
int remote_note_read(const char *dir, struct arena *a, struct remote_files *t, struct err *e);

/* Convert *t to the text of a note and back. remote_note_encode() adds to `out`, whose failure
 * is sticky. remote_note_decode() returns 0 on success and -1 on error (ERR_FORMAT); *t then
 * holds a part. */
void remote_note_encode(const struct remote_files *t, struct buf *out);
int remote_note_decode(struct str text, struct arena *a, struct remote_files *t, struct err *e);

enum remote_direction { REMOTE_SEND, REMOTE_FETCH };

struct remote_sync {
    enum remote_direction way; /* REMOTE_FETCH: only the trees that may come back */
    bool look;                 /* change nothing, and report what would be changed */
    struct sync_report report;
};

/* Synchronizes the trees with those in the sandbox `container`, which runs, and shows the
 * progress. Sets run->report, also after an error. Returns 0 on success and -1 on error:
 * ERR_CANCELED after a signal. What was not transferred is transferred the next time. Blocks
 * until all is done. */
int remote_files_sync(struct session_context *ctx, const struct remote_files *t,
                      const char *container, struct remote_sync *run, struct err *e);

/* Adds a line for what came home ("3 files changed, 1 new, 1 deleted"; none if nothing did),
 * and one for each conflict and each file that could not be brought; of both only the first ten
 * and the number of the others. */
void remote_files_report(const struct sync_report *r, struct arena *a, struct strv *lines);

/* Warns of what a remote engine cannot give, once for each project until it is something else.
 * Does nothing for other plans. */
void remote_files_warn(struct session_context *ctx, const struct plan *p);

/* Sends what the session's command is to find, before it starts. What an earlier session left
 * on the engine's side comes home with it, and is reported as warnings. Returns 0 on success
 * and -1 on error. Blocks as remote_files_sync(). */
int remote_files_send(struct session_context *ctx, const struct remote_files *t,
                      const struct sandbox *c, struct err *e);

/* After the command has ended, and while its init waits: fetches what changed, and lets init
 * go. Adds to `lines` what the user must know, also an error: the work is still in the volume
 * then. Blocks as remote_files_sync(). */
void remote_files_fetch(struct session_context *ctx, const struct remote_files *t,
                        struct sandbox *c, struct strv *lines);

#endif
