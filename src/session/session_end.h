/* SPDX-License-Identifier: MIT */
/* The end of a session, whatever process it ends in: the one that ran it, the one that adopted
 * it, or the next cco after a kill. Every session whose sandbox was made ends in session_end().
 */
#ifndef SESSION_SESSION_END_H
#define SESSION_SESSION_END_H

#include "base/str.h"
#include "session/remote_files.h"
#include "session/session_context.h"
#include "session/session_dir.h"
#include "session/session_serve.h"

/* Before the command starts: writes down in the session's directory what the host may execute
 * in the project, so that any later process can tell what changed. Returns 0 on success and -1
 * on error. */
int session_end_prepare(struct session_context *ctx, const struct session_dir *s,
                        struct err *e);

struct session_end {
    const char *name;    /* of the session */
    const char *project; /* its project, physical; "" if it is not known */
    enum session_outcome outcome;
    /* Removed or forgotten at the end. NULL, or without a directory, if the session has none.
     */
    struct session_dir *dir;
    struct sandbox *sandbox; /* freed; NULL: there is none any more, or it was never made */
    /* What is fetched; NULL: the files are here, or nothing has happened. */
    const struct remote_files *remote;
    struct str returned_file; /* what init returned; empty: nothing */
    bool adopted;             /* init waits until it may end */
    bool kept;                /* the engine does not remove a container that has ended */
    bool background;          /* nobody reads our stderr */
    bool killed;              /* its process was killed; this one sweeps */
    /* Set by session_end(). */
    bool gone;        /* the directory has been removed */
    struct err error; /* why it could not be; none if only its login has to be brought home */
};

/* Ends the session as its outcome says:
 *
 *   SESSION_LEFT    Another process has it. Only closes what this process holds of it.
 *   SESSION_LOST    The same. The directory stays for the cco that adopts the session.
 *   SESSION_ENDED,  Fetches the files from a remote engine, lets init go, removes the sandbox
 *   SESSION_FAILED  unless the engine does, compares the project with what it was, brings the
 *                   login and .claude.json home, and removes the directory. The directory stays
 *                   if a renewed login could not be brought home.
 *
 * What the user must know is printed; in the background it waits for the next cco in the
 * project (reports.h). Returns how many things changed that the host may execute; the first
 * twenty are listed. Never fails as a whole: each step is done even if another one could not
 * be. Blocks while it talks to the engine. */
size_t session_end(struct session_context *ctx, struct session_end *s);

#endif
