/* SPDX-License-Identifier: MIT */
/* All sessions of this user: those in the runtime directory, which describe themselves, and
 * those that have lost their process, of which the engine or the kernel knows. */
#ifndef SESSION_SESSIONS_H
#define SESSION_SESSIONS_H

#include "session/session_context.h"
#include "session/session_dir.h"

enum session_state {
    SESSION_ATTACHED, /* a terminal is attached */
    SESSION_DETACHED, /* no terminal is attached */
    SESSION_PIPED,    /* belongs to a pipeline: no terminal can attach */
    SESSION_BUSY,     /* its process does not answer: it is stopped, starts or ends */
    SESSION_ORPHANED  /* its process was killed, its sandbox runs: it can be adopted */
};

struct session_found {
    enum session_state state;
    const char *name;
    const char *sock;       /* NULL: none */
    const char *id;         /* of an orphan's container */
    const char *adopt_sock; /* of a native session: where its init listens; else NULL */
    uint64_t init_pid, init_started; /* of a native session: its init; 0: none yet */
    const char *project;             /* "" if it is not known */
    const char *engine;
    int64_t started; /* seconds since 1970; 0: not known */
    uint64_t clients, rows, cols, pid;
};

struct sessions {
    struct session_found *items;
    size_t count, cap;
    /* The name of one that has lost its process, can be adopted and belongs to another engine;
     * NULL: none. */
    const char *stray;
    const char *stray_engine;
};

/* The name of a state as `cco sessions` prints it. */
const char *session_state_name(enum session_state state);

/* Finds all sessions of this user, whatever their engine. An engine is only asked if one of its
 * sessions has lost its process; *without_engine is set if it does not answer. Returns 0 on
 * success and -1 on error. Blocks for half a second at most while sessions describe themselves,
 * and while the engine is asked. */
int sessions_find(struct session_context *ctx, struct sessions *out, bool *without_engine,
                  struct err *e);

/* Returns the session that the user means, a pointer into `all`: the one whose name is
 * opts->args[0] or begins with it, with or without "cco-" in front. Without an argument only
 * sessions to which a terminal can attach count: the only one of this project, else with
 * `newest` the newest of all. Returns NULL on error: ERR_NOT_FOUND, or ERR_USAGE with a list if
 * several could be meant. */
const struct session_found *sessions_choose(struct session_context *ctx,
                                            const struct sessions *all, bool newest,
                                            struct err *e);

/* Asks the engine, which is opened if it is not yet, and adds to `out` those of `found` that
 * have lost their process and whose containers run. `ended` (may be NULL) gets the ids of the
 * containers that have ended and that their engine kept. Returns 0 on success and -1 on
 * error. */
int sessions_find_orphans(struct session_context *ctx, const struct session_dir_found *found,
                          size_t count, struct sessions *out, struct strv *ended,
                          struct err *e);

/* Ends the sessions of `dead` whose processes are dead (session_end()), and adds their names to
 * `removed`, which may be NULL. The caller has found out that their sandboxes do not run. If
 * `dead` is NULL, nothing is known of the sandboxes, and all sessions with a dead process that
 * cannot be adopted are ended. Returns 0 on success, and -1 on error at the first session that
 * could not be removed: the others stay. */
int sessions_sweep_dead(struct session_context *ctx, const struct strv *dead,
                        struct strv *removed, struct err *e);

/* Finds the sessions whose process is dead and whose sandbox does not run, and ends them as
 * above; also removes their containers if the engine has kept them. Returns 0 on success and -1
 * on error, also if an engine that has to be asked does not answer; the native ones are then
 * ended all the same. */
int sessions_sweep(struct session_context *ctx, struct err *e);

/* Prints a message for each session of this project to which a terminal can attach or whose
 * process was killed. Only looks at their files, because a start must not wait for sessions
 * that do not answer. */
void sessions_tell(struct session_context *ctx);

#endif
