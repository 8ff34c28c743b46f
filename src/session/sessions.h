/* SPDX-License-Identifier: MIT */
/* Finds all sessions of this user, chooses a session, and sweeps dead ones. A session whose
 * process lives describes itself at its socket in the runtime directory. If its process was
 * killed, the engine or (native) the kernel knows whether its sandbox still runs. */
#ifndef SESSION_SESSIONS_H
#define SESSION_SESSIONS_H

#include "session/session_context.h"
#include "session/session_dir.h"

enum session_state {
    SESSION_ATTACHED, /* a terminal is attached */
    SESSION_DETACHED, /* no terminal is attached */
    SESSION_PIPED,    /* it has no terminal of its own (a pipeline), so none can attach */
    /* Its process does not answer: it is stopped (SIGSTOP), starts or ends. If it starts or
     * ends, it may have no socket. */
    SESSION_BUSY,
    SESSION_ORPHANED /* its process was killed, its sandbox runs: it can be adopted */
};

/* All strings live in ctx->arena. */
struct session_found {
    enum session_state state;
    const char *name;
    const char *lock;        /* the path of its lock (session_dir.h) */
    const char *runtime_dir; /* the runtime directory in which it is (runtime_dirs.h) */
    const char *sock;        /* the socket of its session server; NULL: it has none */
    const char *id; /* SESSION_ORPHANED: id of its container; NULL: native, or no orphan */
    const char *adopt_sock;          /* native session: its adopt listener; NULL: not native */
    uint64_t init_pid, init_started; /* native session: see session_dir_found; 0: not known */
    const char *project;             /* path of its project; "" if it is not known */
    const char *engine;              /* the address of its engine; "" if it is not known */
    int64_t started;                 /* seconds since 1970; 0: not known */
    /* The session server's answer; all 0 if it has not answered, which is always so for an
     * orphaned session. */
    uint64_t clients;    /* attached terminals */
    uint64_t rows, cols; /* size of the screen; 0: it has none */
    uint64_t pid;        /* the process that serves the session */
};

/* A list of sessions. Its initial state is all zeros. */
struct sessions {
    struct session_found *items;
    size_t count, cap;
    /* The name of the first session that has lost its process, can be adopted, and belongs to
     * another engine than the engine that was asked; NULL if none exists. */
    const char *stray;
    const char *stray_engine; /* the address of its engine */
};

/* Returns the name of a state as `cco sessions` prints it. */
const char *session_state_name(enum session_state state);

/* Finds all sessions of this user, of all engines, and sets *out to them. The engine is asked
 * only if a session that is not native has lost its process. *without_engine is set to whether
 * the engine was asked and did not answer; the sessions that only it knows are then missing.
 * Returns 0 on success and -1 on error. Blocks for half a second at most until the sessions
 * have described themselves, and while the engine is asked. */
int sessions_find(struct session_context *ctx, struct sessions *out, bool *without_engine,
                  struct err *e);

/* Returns true if a session with this project belongs to the current directory: to its project,
 * or to the directory alone (--here). */
bool sessions_is_here(const struct facts *f, const char *project);

/* Returns the session that the user means, as a pointer into `all`.
 *
 * - If `given` is not NULL: the session that has this name; otherwise the only session whose
 *   name begins with it. "cco-" at the beginning of a name may be left out.
 * - If `given` is NULL: the only session of the current project. If this project has none and
 *   `newest` is true: the newest of all projects. Sessions to which no terminal can attach
 *   count only if `piped` is true.
 *
 * Returns NULL on error. ERR_NOT_FOUND means that no such session exists, ERR_USAGE that
 * there are several; the error then lists them. */
const struct session_found *sessions_choose(struct session_context *ctx,
                                            const struct sessions *all, const char *given,
                                            bool newest, bool piped, struct err *e);

/* Asks the engine (session_engine_list()) which of the `count` sessions `found` are orphaned:
 * not native, without a process, and with a container that runs. Adds them to `out`. If `ended`
 * is not NULL, adds to it the ids of the containers of such sessions that have ended, or were
 * never started, but still exist. Returns 0 on success and -1 on error. Blocks while the engine
 * is asked. */
int sessions_find_orphans(struct session_context *ctx, const struct session_dir_found *found,
                          size_t count, struct sessions *out, struct strv *ended,
                          struct err *e);

/* Ends the sessions with the locks `dead` (session_end()), of which the caller knows that their
 * sandboxes do not run. If `dead` is NULL, the caller does not know which sandboxes run, and
 * the function ends all sessions that cannot be adopted (they have no key). In both cases a
 * session whose process lives (its lock is held) is left alone. Adds the names of the sessions
 * whose directories were removed to `removed`, unless it is NULL. Returns 0 on success, also if
 * a directory stays because a renewed login in it could not be brought to the host. Returns -1
 * at the first session that could not be removed for another reason; those after it are left
 * alone. */
int sessions_sweep_dead(struct session_context *ctx, const struct strv *dead,
                        struct strv *removed, struct err *e);

/* Finds the sessions whose process is dead and whose sandbox does not run, removes their
 * containers if the engine has kept them, and ends the sessions as sessions_sweep_dead() does.
 * Returns 0 on success and -1 on error. If the engine has to be asked and does not answer, that
 * is an error, too, but native sessions are swept anyway. Blocks while the engine is asked, and
 * as session_end() does. */
int sessions_sweep(struct session_context *ctx, struct err *e);

/* Prints a message for each session of the current project to which a terminal can attach or
 * whose process was killed. Looks only at the files in the runtime directory, because the start
 * of a session must not wait for other sessions that do not answer. */
void sessions_tell(struct session_context *ctx);

#endif
