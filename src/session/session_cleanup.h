/* SPDX-License-Identifier: MIT */
/* What ended or killed sessions of this user left: containers that no longer run and that no
 * living cco has in hand (a native sandbox leaves none), private copies, sockets and keys
 * without a session, temporary files. It is found by label and owner, and nothing else is
 * touched. Safe beside sessions and other cleanups: every session is known by a lock that it
 * holds from before its first file until after its last one. Without an engine the files can be
 * removed all the same. */
#ifndef SESSION_SESSION_CLEANUP_H
#define SESSION_SESSION_CLEANUP_H

#include "session/session_context.h"
#include "session/session_dir.h"

/* What is to become of a container, or has. */
enum cleanup_fate {
    CLEANUP_LEAVE,  /* a cco has it in hand, or ends it now (then it is in `stopped`) */
    CLEANUP_RUNS,   /* a session that runs */
    CLEANUP_REMOVE, /* left over */
    CLEANUP_GONE    /* removed, or with --dry-run what would be */
};

struct session_cleanup {
    struct session_context *ctx;
    struct session_dir_found *sessions;
    size_t session_count;
    struct engine_found *containers; /* also native sandboxes that run; those have no id */
    enum cleanup_fate *fates;        /* of the containers */
    size_t count, running;
    bool has_engine;
    struct strv stopped, swept, files; /* what was done, or with --dry-run what would be */
    /* What went wrong first. The rest is done all the same, and its errors are printed. */
    struct err first;
};

/* Finds all of it and changes nothing. An engine that does not answer is an error in c->first,
 * and the files are found without it. Returns 0 on success and -1 if the runtime directory
 * cannot be read. Blocks while the engine is asked. */
int session_cleanup_look(struct session_cleanup *c, struct session_context *ctx, struct err *e);

/* Removes what is left over; with `stops` also ends the sessions that run. With --dry-run only
 * notes what it would do. Errors are in c->first. Blocks until the sessions have ended. */
void session_cleanup_do(struct session_cleanup *c, bool stops);

/* Returns how many containers have this fate. */
size_t session_cleanup_count(const struct session_cleanup *c, enum cleanup_fate fate);

#endif
