/* SPDX-License-Identifier: MIT */
/* The end of a session. It can happen in different processes: the process that ran the session,
 * the process that adopted it, or, if its process was killed, the next cco. Every session whose
 * sandbox was made ends in session_end(). */
#ifndef SESSION_SESSION_END_H
#define SESSION_SESSION_END_H

#include "base/str.h"
#include "session/remote_files.h"
#include "session/session_context.h"
#include "session/session_dir.h"
#include "session/session_serve.h"

struct session_end {
    const char *name;    /* name of the session */
    const char *project; /* path of its project, links resolved; "" if it is not known */
    enum session_outcome outcome;
    /* The session directory: session_end() removes it or calls session_dir_forget(). NULL, or
     * with dir->dir NULL: the session has none. */
    struct session_dir *dir;
    /* session_end() frees it and sets NULL. NULL: it has ended already, or was never made. */
    struct sandbox *sandbox;
    /* The trees to fetch from a remote engine. NULL: the engine sees this machine's files, or
     * the command has not started. */
    const struct remote_files *remote;
    struct str returned_file; /* .claude.json as init returned it; empty: it returned nothing */
    struct str returned_copies; /* further files, as COPY frames; empty: none */
    bool adopted;               /* the session was adopted, so init waits for engine_let_go() */
    bool kept;                  /* the engine does not remove a container that has ended */
    bool background;            /* no terminal shows stderr: reports are kept (reports.h) */
    /* Terminals were attached at the end, and print what session_audit_publish() gives them. */
    bool seen;
    bool killed; /* its process was killed, and this process sweeps */
    /* Results, set by session_end(): */
    bool gone;   /* the session directory has been removed */
    bool strict; /* the session was started with --strict */
    /* The reason if it could not be removed. Kind ERR_NONE: it was removed, or it stays because
     * a renewed login could not be brought to the host. */
    struct err error;
};

/* Ends the session. What is done depends on s->outcome:
 *
 * - SESSION_LEFT: a child of this process has the session. Only closes the connections of this
 *   process.
 * - SESSION_LOST: the command may still run. Only closes the connections of this process; the
 *   session directory stays for the cco that adopts the session.
 * - SESSION_ENDED, SESSION_FAILED: fetches the files from a remote engine, lets init end,
 *   removes the sandbox unless the engine does so, compares the project with its state before
 *   the session, brings the login and .claude.json to the host (session_finish()), and removes
 *   the session directory. The directory stays if a renewed login could not be brought to the
 *   host.
 *
 * Messages for the user are printed, also with --quiet; with s->background they are kept for
 * the next session in the project (reports.h). Returns the number of changes of files that the
 * host may execute (session_audit.h). Never fails as a whole: each step is done even if another
 * one has failed. Blocks while it talks to the engine, and as session_finish() does. */
size_t session_end(struct session_context *ctx, struct session_end *s);

/* Returns the exit status after session_end() has returned `changed`: EXIT_STRICT if there are
 * changes and the session, or this process, was started with --strict, and otherwise `status`.
 * An error (-1) stays one. */
int session_end_status(const struct session_context *ctx, const struct session_end *s,
                       size_t changed, int status);

#endif
