/* SPDX-License-Identifier: MIT */
/* Everything that the functions of this room work with. The command fills it; all pointers are
 * borrowed and stay valid until the process ends. */
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
    char *const *env; /* as main got it */
    struct arena *arena;
    struct opts *opts;
    struct facts *facts;
    struct sig *sig;
    struct engine *engine;
    struct timing *timing;
    struct progress *progress; /* shows work that takes long */
    /* The user's Dockerfile, set by own_image_identify(); NULL: cco's own. */
    const char *dockerfile;
    const char *dockerfile_path;
};

#endif
