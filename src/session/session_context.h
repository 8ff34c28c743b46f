/* SPDX-License-Identifier: MIT */
/* The inputs of the functions of this room. A command of the room `cli` fills the struct in.
 * All pointers are borrowed and stay valid until the process ends. */
#ifndef SESSION_SESSION_CONTEXT_H
#define SESSION_SESSION_CONTEXT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sig.h"
#include "base/timing.h"
#include "engine/images.h"
#include "engine/progress.h"
#include "plan/facts.h"
#include "plan/opts.h"

struct session_context {
    char *const *env;          /* the environment as main() got it: "K=V", NULL-terminated */
    char *const *safe_env;     /* without what an agent could write (host/safe_env.h) */
    struct arena *arena;       /* the command's arena */
    struct opts *opts;         /* the command line and the configuration */
    struct facts *facts;       /* functions of this room add the facts that they find out */
    struct sig *sig;           /* the signals that this process has blocked */
    struct engine *engine;     /* opened by session_engine.h */
    struct timing *timing;     /* for --timing; takes a mark after each step */
    struct progress *progress; /* shows the user that a long step makes progress */
    /* The text of the user's Dockerfile, set by own_image_identify(); NULL: cco's own. */
    const char *dockerfile;
    const char *dockerfile_path; /* its path, for messages; NULL: cco's own */
};

#endif
