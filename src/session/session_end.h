/* SPDX-License-Identifier: MIT */
/* What surrounds a session for the host's sake: what the project looked like before, and afterwards what came back, what
 * changed, and what the user must know of it. */
#ifndef SESSION_SESSION_END_H
#define SESSION_SESSION_END_H

#include "base/str.h"
#include "cli/app.h"
#include "session/session_dir.h"

/* Before the command starts: notes what the host may execute in the project, for session_end(). */
int session_end_prepare(struct app *app, const struct session_dir *s, struct err *e);

struct session_end {
    const char *name;         /* of the session */
    const char *project;      /* its project, physical */
    struct str returned_file; /* what init returned; empty: nothing */
    bool background;          /* nobody reads our stderr */
};

/* After its end: brings the login and .claude.json home, tells what changed, and gives the session's directory back
 * (which stays for the next cco where a renewed login could not be brought home). How many things changed that the host
 * may execute; twenty of them are told, and how many more there are. */
size_t session_end(struct app *app, struct session_dir *s, const struct session_end *w);

/* For the sessions of `dead`: what they changed, and removes what they left. Names are added to `removed`, which may
 * be NULL. */
int session_end_sweep(struct app *app, const struct strv *dead, struct strv *removed,
                      struct err *e);

#endif
