/* SPDX-License-Identifier: MIT */
/* A running command from the first byte to its status: terminal, relay, detaching. */
#ifndef SESSION_SESSION_SERVE_H
#define SESSION_SESSION_SERVE_H

#include "base/buf.h"
#include "session/session_context.h"
#include "session/session_dir.h"
#include "term/session.h"
#include "wire/frame.h"

struct attend {
    struct session_context *ctx;
    struct session_dir *dir;
    struct session *session;
    const char *name;
    const char *project;
    bool tty;
    bool background; /* no terminal from the start (--detach), or none at all (attach --wait) */
    bool remote;     /* its init has copies of its own: a renewed login is sent */
    bool adopted;    /* adopted: the screen is not known, the program has to draw it */
    bool read_only;
    /* Out. */
    bool
        left; /* the session goes on in a child of this process: nothing of it is this process's any more */
    bool begun; /* the command was told to start; before that nothing happened to the session */
    bool lost;  /* -1 because the engine went away: the command may run on */
    bool not_started; /* the status is init's, which could not run the command */
    bool served;      /* this process is a session's server by now: nobody reads its stderr */
    struct buf
        returned_file; /* what init returned; empty where nothing came whole. The caller wipes it */
};

/* The command's status; or -1. Afterwards the terminal is as it was. */
int attend(struct attend *a, struct err *e);

/* Says what the user should know of how it ended, and returns its status. */
int attend_status(const struct frame_exit *how);

#endif
