/* SPDX-License-Identifier: MIT */
/* The files of a session whose engine does not see this machine's files: the trees of the plan,
 * the volumes that keep them, and their synchronization (sync/sync.h) before and after the
 * session. The note is a file in the session directory that describes the trees, so that any
 * later cco can fetch what the session changed. */
#ifndef SESSION_REMOTE_FILES_H
#define SESSION_REMOTE_FILES_H

#include "plan/plan.h"
#include "session/session_context.h"
#include "sync/sync.h"

/* One synchronized directory. All strings of this header live in the arena. */
struct remote_tree {
    /* The file name of the tree's base in base_dir: the plan's name of the tree, "-", and the
     * volume's mark, which is random for each new volume. So a volume that was made again
     * starts without a base. */
    const char *id;
    const char *local_path;  /* on this machine */
    const char *remote_path; /* inside the sandbox */
    bool push;               /* local changes are sent */
    bool pull;               /* remote changes are fetched */
    bool git;                /* what git ignores is not synchronized */
    /* The remote side is a tmpfs of the container, which is empty at its start and lost at its
     * end. The tree is always sent as a whole and never fetched; a report of what would be
     * changed (remote_sync.look) leaves it out. */
    bool memory;
    struct strv hidden; /* paths in the tree that are not synchronized */
};

struct remote_files {
    const char *project; /* path of the project on this machine */
    const char *volume;  /* name of the project's volume, for messages; "": it has none */
    /* The directory of the trees' bases on this machine: STATE_DIR/sync/PROJECT_KEY. */
    const char *base_dir;
    const char *home;  /* home directory inside the sandbox */
    uint64_t uid, gid; /* the user inside the sandbox, to whom the remote files belong */
    struct remote_tree *trees;
    size_t count, cap; /* trees in use, and allocated */
};

/* Makes the volumes of the plan and base_dir, and sets *t from the plan. The caller calls this
 * before it creates the container. The strings live in ctx->arena or are shared with the plan
 * and the facts. Returns 0 on success and -1 on error; *t may then be filled in part, and
 * volumes that were made stay. Blocks while the engine is asked. */
int remote_files_prepare(struct session_context *ctx, const struct plan *p,
                         struct remote_files *t, struct err *e);

/* Writes *t as the new file DIR/remote-note in the session directory `dir`. Returns 0 on
 * success and -1 on error; no file is left then. */
int remote_note_write(const struct remote_files *t, const char *dir, struct err *e);

/* Reads the note of the session directory `dir` into *t, with strings in the arena. Returns 1
 * on success, 0 if no note exists (*t is unchanged), and -1 on error; *t may then be filled
 * in part. ERR_FORMAT means that the note is broken. */
int remote_note_read(const char *dir, struct arena *a, struct remote_files *t, struct err *e);

/* Adds the text of the note for *t to `out`. If out's maximum is exceeded, out->overflowed is
 * set. */
void remote_note_encode(const struct remote_files *t, struct buf *out);

/* Reads the text of a note into *t, with strings in the arena. Returns 0 on success and -1 with
 * ERR_FORMAT otherwise; *t may then be filled in part. */
int remote_note_decode(struct str text, struct arena *a, struct remote_files *t, struct err *e);

enum remote_direction { REMOTE_SEND, REMOTE_FETCH };

struct remote_sync {
    /* REMOTE_SEND synchronizes all trees, REMOTE_FETCH only those with `pull`. A tree with both
     * `push` and `pull` is synchronized in both directions either way. */
    enum remote_direction way;
    bool look; /* change nothing, and report what would be changed */
    /* Set by remote_files_sync(): what was done, or with `look` what would be done. */
    struct sync_report report;
};

/* Synchronizes the trees with those in the running container with the id `container`, and shows
 * the progress. Sets run->report, also after an error (to what was done until then). Returns 0
 * on success and -1 on error; ERR_CANCELED means that a signal ended it. What was not
 * transferred is transferred the next time. Blocks until everything is transferred. */
int remote_files_sync(struct session_context *ctx, const struct remote_files *t,
                      const char *container, struct remote_sync *run, struct err *e);

/* Adds lines for the user about a synchronization to `lines`, with strings in the arena: one
 * line with the numbers of local files that changed ("... 3 files changed, 1 new, 1 deleted"),
 * unless none did, and one for each conflict and each file that was not synchronized. Of
 * conflicts and of such files only the first ten are listed; a last line has the number of the
 * others. */
void remote_files_report(const struct sync_report *r, struct arena *a, struct strv *lines);

/* If the plan's engine does not see this machine's files, prints a warning about what that
 * means and what the sandbox lacks. A project gets the same text only once in a row
 * (reports_once()). Does nothing for other plans. */
void remote_files_warn(struct session_context *ctx, const struct plan *p);

/* Sends the files that the session's command shall find to the sandbox `c`, before the command
 * starts. Changes that an earlier session left in the volumes come to this machine at the same
 * time, and are printed as warnings. Returns 0 on success and -1 on error. Blocks as
 * remote_files_sync() does. */
int remote_files_send(struct session_context *ctx, const struct remote_files *t,
                      const struct sandbox *c, struct err *e);

/* Fetches the files that have changed in the sandbox `c`, and then lets its init end
 * (engine_let_go()). The caller calls this after the command has ended, while init waits. Adds
 * messages for the user to `lines`, including an error; after an error the changes are still in
 * the volume. Blocks as remote_files_sync() does. */
void remote_files_fetch(struct session_context *ctx, const struct remote_files *t,
                        struct sandbox *c, struct strv *lines);

#endif
