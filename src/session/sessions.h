/* SPDX-License-Identifier: MIT */
/* What runs: the sessions of the runtime directory, asked themselves, and the containers that have lost theirs. */
#ifndef SESSION_SESSIONS_H
#define SESSION_SESSIONS_H

#include "session/session_context.h"
#include "session/session_dir.h"

enum session_state {
    SESSION_ATTACHED, /* terminals look at it */
    SESSION_DETACHED, /* none does */
    SESSION_PIPED,    /* belongs to a pipeline: no terminal can come */
    SESSION_BUSY,     /* its process does not answer: stopped, or starting, or ending */
    SESSION_ORPHANED  /* its process was killed, its container runs: attach adopts it */
};

struct session_found {
    enum session_state state;
    const char *name;
    const char *sock;       /* NULL: none */
    const char *id;         /* of an orphan's container */
    const char *adopt_sock; /* of a native one: where its init listens; NULL: it is none */
    uint64_t init_pid, init_started; /* and which process that is; 0: none yet */
    const char *project;             /* "" where it is not told */
    const char *engine;
    int64_t started; /* 0: not told */
    uint64_t clients, rows, cols, pid;
};

struct sessions {
    struct session_found *items;
    size_t count, cap;
    const char *stray; /* one that lost its process and is of another engine; NULL: none */
    const char *stray_engine;
};

const char *session_state_name(enum session_state state);

/* All of this user's, of whichever engine. An engine is only asked where something of one lost its process; *without_engine
 * then tells whether it could not be. app_probe comes first. */
int sessions_find(struct session_context *ctx, struct sessions *out, bool *without_engine,
                  struct err *e);

/* The one that the user means: by its name or the beginning of it, else the only one of this project, else, if
 * that will do, the newest of all. ERR_NOT_FOUND; ERR_USAGE with all of them where several could be meant. */
const struct session_found *sessions_choose(struct session_context *ctx,
                                            const struct sessions *all, bool newest,
                                            struct err *e);

/* Adds to `out` those of `found` that have lost their process and whose containers run. `ended` (may be NULL) gets the ids
 * of the containers that have ended and that their engine kept. */
int sessions_find_orphans(struct session_context *ctx, const struct session_dir_found *found,
                          size_t count, struct sessions *out, struct strv *ended,
                          struct err *e);

/* For the sessions of `dead`: what they changed, and removes what they left. Names are added to `removed`, which may
 * be NULL. */
int sessions_sweep_dead(struct session_context *ctx, const struct strv *dead,
                        struct strv *removed, struct err *e);

/* Removes what killed sessions left, unless their containers run. */
int sessions_sweep(struct session_context *ctx, struct err *e);

/* One line for each session that is still in this project. */
void sessions_tell(struct session_context *ctx);

#endif
