/* SPDX-License-Identifier: MIT */
/* The line in front of a session on a terminal: where the session runs, and how to leave it. */
#ifndef SESSION_START_LINE_H
#define SESSION_START_LINE_H

#include "base/arena.h"
#include "plan/opts.h"
#include "plan/plan.h"

/* Returns the line in the arena, or NULL if this session gets none: it is not one of claude's
 * screen or of a login shell, it starts in the background, or the user does not want the line.
 * `address` is that of the engine. Pure. */
const char *start_line(const struct plan *p, const struct opts *o, const char *address,
                       struct arena *a);

#endif
