/* SPDX-License-Identifier: MIT */
/* The relay moves bytes between this process's descriptors 0, 1, 2 and a command, in one poll
 * loop with bounded memory: it reads only while it has room, and writes only while it has
 * bytes.
 *
 * With a terminal, the caller has put 0 into raw mode, output goes to 1, and a session server
 * (term/session_server.h) may serve more terminals. This process's terminal is then one of
 * them: it can detach, and the loop goes on without it in another process. Without a terminal,
 * stdin is forwarded, and its end is reported to the command; output and error go separately to
 * 1 and 2. The command's output is always read to its end.
 *
 * Several terminals do not wait for each other; a terminal that falls behind is shown the whole
 * screen later. A single terminal is waited for, as a program waits for its terminal, but not
 * for longer than STDIO_END_STALL_MS.
 *
 * Signals (from `sig`): WINCH -> size; INT TERM QUIT USR1 USR2 -> the command; HUP -> the
 * command, but with a session server a detach; TSTP, and a command that stops itself -> the
 * command is stopped, the terminal restored, this process stopped; on CONT everything comes
 * back. Two INTs or TERMs RELAY_PATIENCE_MS apart, or three at once, without a sign of life
 * between them end the relay with ERR_CANCELED, so that a user can leave an engine that hangs.
 * If the reader of stdout has closed it, the command gets PIPE when it writes, as in a
 * pipeline. After HUP the command has RELAY_GRACE_MS to end, and RELAY_STOP_MS if a client asks
 * it to stop; then it is killed. If the engine is lost, only a line that the engine carries is
 * lost with it: at once if the connection is closed, and after some seconds of silence
 * (term/keepalive.h) otherwise. */
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
    bool only_waits;    /* an interrupt of this process is not for the command: RELAY_HUNG_UP */
    bool until_started; /* relay_run() returns once the command runs, or cannot */
    bool adopted;       /* the command ran before: it must redraw its screen */
    bool attached;      /* this process has a terminal or pipes */
    struct keys keys;   /* the detach sequence */
    struct session_server *server; /* NULL: no other terminals, no detaching */
    int watch_fd; /* the caller's: relay_run() returns RELAY_WATCHED when it can be read, and is
                     called again; 0: none */
    /* The relay's own. */
    struct init_line line;
    struct stdio_end stdio;
    struct buf input;   /* on its way to the command */
    struct buf raw;     /* room for one read */
    bool input_done;    /* the end of input was reported, or the command cannot take more */
    bool output_closed; /* it was reported that output is not read any more */
    bool hung_up, killed;
    bool engine_lost; /* `lost` says how; the line may still work */
    struct err lost;
    struct keepalive keepalive; /* of a line that the engine carries */
    bool line_waits;            /* it has bytes that poll(2) does not report */
    int left_by;                /* the signal behind RELAY_HUNG_UP; 0: the terminal hung up */
    unsigned interrupts;        /* INT and TERM since the last sign of life */
    unsigned answers;           /* the signs of life at that time */
    int64_t first_interrupt_ms;
    int64_t redraw_at_ms;    /* when an adopted command gets its true size; -1: done */
    int64_t status_deadline; /* once the line or the command has ended; -1: not yet */
    int64_t leave_deadline;  /* when the command should have obeyed HUP; -1: none */
    struct pollfd fds[RELAY_SLOTS];
};

/* Answers init's greeting: the command starts. */
void relay_open(struct relay *r);

/* Runs the loop. Returns RELAY_ENDED once the line and the command have both ended; the status
 * is in r->line.exit, or in session->status if init has not sent it. Returns RELAY_DETACHED or
 * RELAY_HUNG_UP if this process's terminal leaves; a child of this process can then go on
 * without it with relay_leave() and relay_run(). Returns RELAY_STARTED and RELAY_WATCHED if the
 * caller asked for them. Returns -1 if the session is lost or canceled: ERR_EOF if the engine
 * was lost with the line; ERR_TIMEOUT if it is silent, or if the line ended and no status came
 * within RELAY_STATUS_MS; ERR_SYS if output could not be written for another reason than a
 * closed pipe. The caller restores the mode of the terminal. */
int relay_run(struct relay *r, struct err *e);

/* Stops using this process's descriptors 0, 1, 2. */
void relay_leave(struct relay *r);

void relay_close(struct relay *r);

#endif
