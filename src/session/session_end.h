/* SPDX-License-Identifier: MIT */
/* What surrounds a session for the host's sake: what the project looked like before, and afterwards what came back, what
 * changed, and what the user must know of it. */
#ifndef SESSION_SESSION_END_H
#define SESSION_SESSION_END_H

#include "base/str.h"
#include "session/session_context.h"
#include "session/session_dir.h"

/* Before the command starts: notes what the host may execute in the project, for session_end(). */
int session_end_prepare(struct session_context *ctx, const struct session_dir *s,
                        struct err *e);

struct session_end {
    const char *name;         /* of the session */
    const char *project;      /* its project, physical */
    struct str returned_file; /* what init returned; empty: nothing */
    bool background;          /* nobody reads our stderr */
};

/* After its end: brings the login and .claude.json home, tells what changed, and gives the session's directory back
 * (which stays for the next cco where a renewed login could not be brought home). How many things changed that the host
 * may execute; twenty of them are told, and how many more there are. */
size_t session_end(struct session_context *ctx, struct session_dir *s,
                   const struct session_end *w);

/* Adds a line to `lines` for each thing that changed in `project` since the session in `dir` began, up to twenty, and one
 * for the rest. Returns how many changed; 0 if there is no snapshot. */
size_t session_end_compare(const char *dir, const char *project, struct arena *a,
                           struct strv *lines);

#endif
