/* SPDX-License-Identifier: MIT */
/* Files on their way to and from an engine that does not see them: the plan's trees, its volumes, and the transfers before
 * and after a session (sync/sync.h). */
#ifndef SESSION_REMOTE_FILES_H
#define SESSION_REMOTE_FILES_H

#include "plan/plan.h"
#include "session/session_context.h"
#include "sync/sync.h"

struct remote_tree {
    const char *id; /* with the mark of its volume: another volume, another base */
    const char *local_path, *remote_path;
    bool push, pull;
    bool git;    /* what git ignores stays where it is */
    bool memory; /* the remote side forgets it: always sent whole, never fetched */
    struct strv hidden;
};

struct remote_files {
    const char *project; /* path */
    const char *volume;  /* of the project, for messages */
    const char *base_dir;
    const char *home; /* inside */
    uint64_t uid, gid;
    struct remote_tree *trees;
    size_t count, cap;
};

/* Before the container is created: makes the volumes of the plan, and the directory for the bases. */
int remote_files_prepare(struct session_context *ctx, const struct plan *p,
                         struct remote_files *t, struct err *e);

/* A note of it in the directory `dir` of the session, for whoever brings its work home after this process; and back: 1, 0
 * where there is none. */
int remote_note_write(const struct remote_files *t, const char *dir, struct err *e);
int remote_note_read(const char *dir, struct arena *a, struct remote_files *t, struct err *e);

/* The text of a note. */
void remote_note_encode(const struct remote_files *t, struct buf *out);
int remote_note_decode(struct str text, struct arena *a, struct remote_files *t, struct err *e);

enum remote_direction { REMOTE_SEND, REMOTE_FETCH };

struct remote_sync {
    enum remote_direction way; /* HOME: only what may come back */
    bool look;                 /* only tell what would travel */
    struct sync_report report;
};

/* One transfer with a running container, told on stderr when it takes longer than a second. Signals end it: ERR_CANCELED;
 * what did not travel stays where it is, for the next one. */
int remote_files_sync(struct session_context *ctx, const struct remote_files *t,
                      const char *container, struct remote_sync *run, struct err *e);

/* Adds a line for what came home ("3 files changed, 1 new, 1 deleted"; none where nothing did), and one for each
 * conflict and each file that could not be brought. */
void remote_files_report(const struct sync_report *r, struct arena *a, struct strv *lines);

/* What a remote engine cannot give is said once for each project, until it is something else. */
void remote_files_warn(struct session_context *ctx, const struct plan *p);

/* Before a session's command starts: what it finds there. What an earlier session left there comes home with it, and is
 * told. */
int remote_files_send(struct session_context *ctx, const struct remote_files *t,
                      const struct sandbox *c, struct err *e);

/* After the end of a session's command, while its init waits: fetches, and lets init go. What is to be told is added
 * to lines; also a failure, for the work is in the volume still. */
void remote_files_fetch(struct session_context *ctx, const struct remote_files *t,
                        struct sandbox *c, struct strv *lines);

#endif
