/* SPDX-License-Identifier: MIT */
/* A running command from the first byte to its status: the terminal, the relay with the session
 * server, detaching, and the login that is kept in step meanwhile. If the terminal leaves, the
 * session goes on in a child of this process. */
#ifndef SESSION_SESSION_SERVE_H
#define SESSION_SESSION_SERVE_H

#include "base/buf.h"
#include "session/session_context.h"
#include "session/session_dir.h"
#include "term/session.h"
#include "wire/frame.h"

enum session_outcome {
    SESSION_FAILED, /* no status: the container may be there still */
    SESSION_ENDED,  /* the command has ended */
    SESSION_LEFT,   /* a child of this process has the session and all of its files */
    SESSION_LOST /* no status, but the command may run on: a later cco can adopt the session */
};

struct session_serve {
    struct session_context *ctx;
    struct session_dir *dir;
    struct session *session; /* of the sandbox, as the relay sees it */
    const char *name;
    const char *project;
    bool tty;
    bool background; /* no terminal from the start (--detach), or none at all (attach --wait) */
    bool remote;     /* init has copies of its own: a renewed login is sent to it */
    bool adopted;    /* the screen is not known, so the program has to draw it */
    bool read_only;
    /* Set by session_serve(). */
    enum session_outcome outcome;
    bool begun; /* the command was told to start; before that nothing happened to the session */
    bool not_started; /* the status is init's, which could not run the command */
    bool served;      /* this process has no terminal any more: nobody reads its stderr */
    struct buf returned_file; /* what init returned; empty if nothing came whole */
};

/* Serves the session until its command has ended or its terminal has left. A session that goes
 * on without this terminal is served by a child of this process (fork(2)): this function then
 * returns twice, in this process with the outcome SESSION_LEFT, and in the child, later, with
 * another one. With --detach that happens as soon as the command runs, and this process prints
 * the session's name on standard output. Returns the exit status; 0 or EXIT_SIGNAL + n for a
 * terminal that has left; -1 on error, with a hint if the session may go on. a->outcome says
 * what has become of the session, also after an error. Afterwards the terminal is as it was.
 * The caller calls session_serve_release(). Blocks. */
int session_serve(struct session_serve *a, struct err *e);

/* Wipes the returned file. A second call does nothing. */
void session_serve_release(struct session_serve *s);

/* Prints what the user should know of how the command ended, and returns its exit status. */
int session_exit_status(const struct frame_exit *how);

/* For a terminal that has left the session `name`, which goes on: prints how to come back, and
 * returns 0; or if it was a hang-up by signal `signo` (0: not known, the terminal is gone),
 * returns EXIT_SIGNAL + signo. */
int session_left_status(const char *name, bool hung_up, int signo);

#endif
