/* SPDX-License-Identifier: MIT */
/* Finds and removes what sessions of this user left behind, because they ended without cleaning
 * up or were killed:
 *
 * - containers that do not run and belong to no living cco (a native sandbox leaves nothing)
 * - session directories with private copies
 * - sockets and keys without a session
 * - temporary files
 * - with --all also the caches of build tools that --caches keeps for projects
 *
 * Containers are recognized by their labels and files by their owner; nothing else is touched.
 * It is safe to do this while sessions and other cleanups run: each session holds a lock from
 * before it makes its first file until it has removed its last one. The files can also be
 * removed if no engine answers. */
#ifndef SESSION_SESSION_CLEANUP_H
#define SESSION_SESSION_CLEANUP_H

#include "session/session_context.h"
#include "session/session_dir.h"

/* The state of a container. session_cleanup_look() sets one of the first three,
 * session_cleanup_do() may change it. */
enum cleanup_fate {
    /* Not to be removed here: its cco lives, the engine removes it at the moment, or it was
     * created less than two minutes ago and may be about to start. Also the state of a sandbox
     * that session_cleanup_do() has ended without removing a container: its own cco did that,
     * or it was native. Its name is then in `stopped`. */
    CLEANUP_LEAVE,
    CLEANUP_RUNS,   /* runs: a session, maybe without its cco */
    CLEANUP_REMOVE, /* does not run and is left over */
    CLEANUP_GONE    /* removed by session_cleanup_do(); with --dry-run it would be */
};

/* Why session_cleanup_do() has left a session alone. */
enum cleanup_reason {
    CLEANUP_IT_RUNS,       /* its sandbox runs */
    CLEANUP_PROCESS_LIVES, /* no sandbox is known, but its process lives: it starts or ends */
    CLEANUP_BEING_REMOVED, /* the engine is removing its container */
    CLEANUP_MAY_START,     /* its container was created less than two minutes ago */
    CLEANUP_ENGINE_UNKNOWN /* only its engine, which was not asked, knows whether it runs */
};

struct cleanup_left {
    const char *name;
    const char *project; /* "" if it is not known */
    const char *engine;  /* CLEANUP_ENGINE_UNKNOWN: the address of its engine; otherwise "" */
    enum cleanup_reason why;
};

/* All lists and strings live in ctx->arena. */
struct session_cleanup {
    struct session_context *ctx;
    struct strv dirs;                   /* the runtime directories (runtime_dirs.h) */
    struct session_dir_found *sessions; /* the sessions in them */
    size_t session_count;
    struct engine_found *containers; /* also native sandboxes that run; their id is NULL */
    enum cleanup_fate *fates;        /* one for each container */
    size_t count;                    /* containers */
    size_t running;                  /* those that ran when session_cleanup_look() saw them */
    bool has_engine;                 /* an engine was asked and has listed its containers */
    /* The work that session_cleanup_do() has done, or with --dry-run would do. */
    struct strv stopped; /* names of sessions that it ended (see CLEANUP_LEAVE) */
    struct strv swept;   /* names of sessions with a dead process whose files it removed */
    struct strv files;   /* paths of other files, and of caches, that it removed */
    size_t caches;       /* projects whose caches it has left alone */
    /* Sessions that it has left alone. session_cleanup_look() already finds those of
     * CLEANUP_ENGINE_UNKNOWN. */
    struct cleanup_left *left;
    size_t left_count, left_cap;
    /* The first error; kind ERR_NONE: none. Later errors are printed. Every step is done even
     * if another one has failed. */
    struct err first;
};

/* Finds what is left over and changes nothing. Sets all of *c. If an engine does not answer, or
 * answers with an error, c->first is set and only the files are found. This is not an error if
 * this machine has no engine, the user has named none, and no session needs one. Returns 0 on
 * success, and -1 with empty lists if the runtime directory cannot be read. Blocks while the
 * engine is asked. */
int session_cleanup_look(struct session_cleanup *c, struct session_context *ctx, struct err *e);

/* Returns the reason as a text for the user, in the arena; it can contain any bytes. `engine`
 * is the address of the session's engine, or "". */
const char *session_cleanup_why(enum cleanup_reason why, const char *engine, struct arena *a);

/* Removes what session_cleanup_look() has found to be left over. If `stops` is true, also ends
 * the sessions that run: by their own cco if it lives, otherwise by the engine or natively by
 * killing init. With --dry-run the function only records what it would do. Errors are in
 * c->first. Blocks until the sessions have ended. */
void session_cleanup_do(struct session_cleanup *c, bool stops);

#endif
