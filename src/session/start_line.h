/* SPDX-License-Identifier: MIT */
/* The line in front of a session on a terminal. It says where the session runs and how to leave
 * it. */
#ifndef SESSION_START_LINE_H
#define SESSION_START_LINE_H

#include "base/arena.h"
#include "plan/opts.h"
#include "plan/plan.h"

/* Returns the line in the arena. Returns NULL if the session gets no line: its streams are not
 * terminals, it shows neither claude's screen nor a login shell, it starts in the background,
 * or the user has turned the line off (--no-start-line, --quiet). `address` is that of the
 * engine; it is used only for a container on a remote engine. Pure. */
const char *start_line(const struct plan *p, const struct opts *o, const char *address,
                       struct arena *a);

#endif
