/* SPDX-License-Identifier: MIT */
/* Serves a running command from its first byte to its exit status: connects it with the
 * terminal (relay), runs the session server, and exchanges a renewed login meanwhile (watch.h).
 * If the terminal detaches or hangs up, the session goes on in a child of this process. */
#ifndef SESSION_SESSION_SERVE_H
#define SESSION_SESSION_SERVE_H

#include "base/buf.h"
#include "session/session_context.h"
#include "session/session_dir.h"
#include "term/session.h"
#include "wire/frame.h"

enum session_outcome {
    SESSION_FAILED, /* no exit status is known; the container may still exist */
    SESSION_ENDED,  /* the command has ended */
    SESSION_LEFT,   /* a child of this process has the session and all of its files */
    /* No exit status is known, but the command may still run: a later cco can adopt the
     * session. */
    SESSION_LOST
};

struct session_serve {
    struct session_context *ctx;
    struct session_dir *dir; /* the session directory; the caller owns it */
    struct session *session; /* the sandbox as the relay sees it (term/session.h) */
    const char *name;        /* name of the session */
    const char *project;     /* path of its project */
    bool tty;                /* the command has a terminal of its own, so others can attach */
    unsigned side;           /* plan.command.side */
    /* The session is not shown here: it goes on in the background once the command runs
     * (--detach), or this process only waits for its end (attach --wait). */
    bool background;
    bool adopted;       /* the screen is not known, so the program has to draw it again */
    bool read_only;     /* the terminal's input is not sent */
    bool safe_terminal; /* terminals get only the escape sequences of --terminal safe */
    /* Results, set by session_serve(): */
    enum session_outcome outcome;
    bool begun; /* the relay was opened; before that nothing has happened to the session */
    bool not_started; /* the exit status is that of init, which could not run the command */
    bool served;      /* this is the child without a terminal: nobody can read its stderr */
    bool end_is_seen; /* the command ended while other terminals were attached */
    /* .claude.json as init returned it; empty if init returned nothing or not all of it */
    struct buf returned_file;
    struct buf returned_copies; /* COPY frames with the other files; empty as above */
};

/* Serves the session until its command has ended or its terminal has left. If the terminal
 * leaves, a child of this process (fork(2)) serves the session from then on, and the function
 * returns twice: in this process at once, with the outcome SESSION_LEFT, and in the child when
 * the command has ended, with another outcome. With --detach this happens as soon as the
 * command runs, and this process prints the session's name on standard output.
 *
 * Returns the exit status of the command, or that of session_left_status() if the terminal has
 * left. Returns -1 on error, with a hint if the session may go on. a->outcome is set in any
 * case. After SESSION_LEFT, a->dir is in its initial state (session_dir_forget()), because the
 * child has the session directory. The terminal's state is restored in any case. The caller
 * calls session_serve_release() afterwards. Blocks until the function returns in this
 * process. */
int session_serve(struct session_serve *a, struct err *e);

/* Wipes the returned files. A second call does nothing. */
void session_serve_release(struct session_serve *s);

/* Returns the exit status of a command that has ended as *how says. If it was killed because
 * memory ran out, or could not be started, prints an error message. */
int session_exit_status(const struct frame_exit *how);

/* Returns the exit status of a process whose terminal has left the session `name`, which goes
 * on. If the terminal detached (`hung_up` is false), prints how to attach again and returns 0.
 * If it hung up, prints nothing and returns EXIT_SIGNAL + signo, where `signo` is the signal
 * that reported it; if `signo` is 0 (the terminal disappeared without a signal), SIGHUP is
 * used. */
int session_left_status(const char *name, bool hung_up, int signo);

#endif
