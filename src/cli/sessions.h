/* SPDX-License-Identifier: MIT */
/* What runs: the sessions of the runtime directory, asked themselves, and the containers that have lost theirs. */
#ifndef CLI_SESSIONS_H
#define CLI_SESSIONS_H

#include "cli/app.h"

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
int sessions_find(struct app *app, struct sessions *out, bool *without_engine, struct err *e);

/* The one that the user means: by its name or the beginning of it, else the only one of this project, else, if
 * that will do, the newest of all. ERR_NOT_FOUND; ERR_USAGE with all of them where several could be meant. */
const struct session_found *sessions_choose(struct app *app, const struct sessions *all,
                                            bool newest, struct err *e);

/* Removes what killed sessions left, unless their containers run. */
int sessions_sweep(struct app *app, struct err *e);

/* One line for each session that is still in this project. */
void sessions_tell(struct app *app);

#endif
