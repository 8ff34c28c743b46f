/* SPDX-License-Identifier: MIT */
/* The relay: bytes between this process's 0, 1, 2 and a command, in one poll loop with bounded memory: it
 * asks to read only while it has room, and to write only while it has bytes.
 *
 * With a terminal: 0 was put into raw mode by the caller, output goes to 1, and a session server (term/session_server.h) may serve
 * more terminals. This one is then simply the first of them: it can detach, and the loop goes on without it in
 * another process. Without a terminal: stdin is forwarded until its end and the command then told; its output
 * comes apart to 1 and 2. The command's output is always read to its end.
 *
 * Several terminals: nobody waits for anybody; who falls behind gets the screen anew. A lone one is waited for,
 * as a program waits for its terminal, but not for longer than STDIO_END_STALL_MS.
 *
 * Signals (from `sig`): WINCH -> size; INT TERM QUIT USR1 USR2 -> the command; HUP -> the command, but with a
 * session server a detach; TSTP, and a command that stops itself -> the command is stopped, the terminal restored, this
 * process stopped; on CONT everything comes back. Two INTs or TERMs RELAY_PATIENCE_MS apart, or three at once,
 * without a sign of life between them end the relay with ERR_CANCELED: that is how a user leaves an engine
 * that hangs. A reader of stdout that went away: the command gets PIPE when it writes, as in a pipeline.
 * After HUP it has RELAY_GRACE_MS to end, when a client wants it to stop RELAY_STOP_MS; then it is killed. An engine
 * that goes away takes nothing along but what went through it: then the line is lost with it, at once where it says so,
 * after some seconds of silence (term/keepalive.h) where it does not. */
#ifndef TERM_RELAY_H
#define TERM_RELAY_H

#include "base/err.h"
#include "base/sig.h"
#include "term/init_line.h"
#include "term/keepalive.h"
#include "term/keys.h"
#include "term/session.h"
#include "term/session_server.h"
#include "term/stdio_end.h"

enum {
    RELAY_GRACE_MS = 2000,
    RELAY_STOP_MS = 10000,
    RELAY_PATIENCE_MS = 500,
    RELAY_STATUS_MS = 10000,
    RELAY_REDRAW_MS = 150
};

enum relay_end {
    RELAY_ENDED = 0,
    RELAY_DETACHED = 1,
    RELAY_HUNG_UP = 2,
    RELAY_STARTED = 3,
    RELAY_WATCHED = 4
};

enum {
    RELAY_SIG,
    RELAY_LINE,
    RELAY_LINE_IN,
    RELAY_LINE_OUT,
    RELAY_LINE_ERR,
    RELAY_IN,
    RELAY_OUT,
    RELAY_ERR,
    RELAY_WATCH,
    RELAY_SESSION,
    RELAY_SERVER = RELAY_SESSION + SESSION_POLL_MAX,
    RELAY_SLOTS = RELAY_SERVER + SESSION_SERVER_POLL_MAX
};

struct relay {
    /* Set by the caller before relay_open(). */
    struct session *session;
    struct sig *sig;
    int in, out, err;   /* usually 0, 1, 2 */
    bool forward_input; /* or else only the detach sequence is looked for */
    bool
        only_waits; /* whoever interrupts this process does not mean the command: RELAY_HUNG_UP */
    bool until_started;            /* relay_run() returns once the command runs, or cannot */
    bool adopted;                  /* the command ran before: it has to draw its screen anew */
    bool attached;                 /* there is a terminal or there are pipes of our own */
    struct keys keys;              /* the detach sequence */
    struct session_server *server; /* NULL: no other terminals, no detaching */
    int watch_fd; /* the caller's: relay_run() returns RELAY_WATCHED when it can be read, and is called again; 0: none */
    /* The relay's own. */
    struct init_line line;
    struct stdio_end stdio;
    struct buf input;   /* on its way to the command */
    struct buf raw;     /* room for one read */
    bool input_done;    /* the command was told that no more comes, or cannot take more */
    bool output_closed; /* it was told that nobody reads */
    bool hung_up, killed;
    bool engine_lost; /* `lost` says how; the line may be as good as ever */
    struct err lost;
    struct keepalive keepalive; /* of a line that the engine carries */
    bool line_waits;            /* it has bytes that poll does not tell of */
    int left_by;                /* the signal behind RELAY_HUNG_UP; 0: the terminal has gone */
    unsigned interrupts;        /* INT and TERM since the last sign of life */
    unsigned answers;           /* signs of life that were counted */
    int64_t first_interrupt_ms;
    int64_t redraw_at_ms;    /* when an adopted one gets its true size; -1: done */
    int64_t status_deadline; /* once the line or the command has ended; -1: not yet */
    int64_t leave_deadline;  /* when the command should have obeyed HUP; -1: none */
    struct pollfd fds[RELAY_SLOTS];
};

/* Answers init: the command starts. */
void relay_open(struct relay *r);

/* RELAY_STARTED and RELAY_WATCHED as the caller wanted it. RELAY_ENDED once the line and the command have both ended: r->far.exit, or session->status where init told
 * nothing. RELAY_DETACHED or RELAY_HUNG_UP where our terminal leaves: in a child of this process, relay_leave()
 * and relay_run() go on without it. -1: the session is lost or canceled: ERR_EOF where the engine went away
 * with the line, ERR_TIMEOUT where it is silent, or the line ended but no status came within RELAY_STATUS_MS, ERR_SYS where
 * output could not be written for another reason than a closed pipe. The terminal's mode is the caller's
 * to restore. */
int relay_run(struct relay *r, struct err *e);

/* Lets go of our own 0, 1, 2. */
void relay_leave(struct relay *r);

void relay_close(struct relay *r);

#endif
