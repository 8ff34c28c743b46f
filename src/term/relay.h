/* SPDX-License-Identifier: MIT */
/* The relay moves bytes between this process's descriptors 0, 1, 2 and a command, in one
 * poll(2) loop with bounded memory: it reads only while it has room, and writes only while it
 * has bytes.
 *
 * With a terminal, the caller has put 0 into raw mode, and output goes to 1. A session server
 * (term/session_server.h) may serve more terminals. This process's terminal is then one of
 * several: it can detach, and the loop goes on without it in another process. Without a
 * terminal, standard input is forwarded and its end is reported to the command; output and
 * error go separately to 1 and 2. The command's output is always read to its end.
 *
 * Several terminals do not wait for each other: a terminal that falls behind is shown the whole
 * screen later. If there is only one terminal, the command waits for it, as a program waits for
 * its terminal. With a session server it does not wait for longer than STDIO_END_STALL_MS.
 *
 * Signals to this process (from `sig`) have these effects:
 *
 * - WINCH: the command's terminal gets the new size.
 * - INT, TERM, QUIT, USR1, USR2: the command gets the signal. Two INTs or TERMs that are
 *   RELAY_PATIENCE_MS apart, or three in any time, without a sign of life from init between
 *   them end the relay with ERR_CANCELED, so that a user can leave an engine that hangs.
 * - HUP: with a session server, this process's terminal leaves (RELAY_HUNG_UP); if it has left
 *   already, nothing happens. Without a session server, the command gets the signal and
 *   RELAY_GRACE_MS to end; then it is killed.
 * - TSTP: the command is stopped, the terminal is restored, and this process stops. When this
 *   process is continued, it sets raw mode and the size again, and continues the command. If
 *   this process has no terminal or pipes any more, nothing happens.
 * - CONT: raw mode and the size are set again.
 *
 * If the command stops itself (Ctrl-Z), this process stops with it. But if other terminals are
 * attached, or this process has none, the command is continued at once.
 *
 * If a client asks for the session's end, the command gets TERM and HUP and RELAY_STOP_MS to
 * end; then it is killed. If the reader of standard output has closed it, the command gets
 * SIGPIPE when it writes, as in a pipeline.
 *
 * If the engine is lost, the relay fails only if the engine carries the line: at once if the
 * connection is closed, and otherwise after some seconds of silence (term/keepalive.h). */
#ifndef TERM_RELAY_H
#define TERM_RELAY_H

#include "base/err.h"
#include "base/sig.h"
#include "term/init_line.h"
#include "term/keepalive.h"
#include "term/keys.h"
#include "term/output_filter.h"
#include "term/output_watch.h"
#include "term/session.h"
#include "term/session_server.h"
#include "term/side_modes.h"
#include "term/stdio_end.h"

enum {
    RELAY_GRACE_MS = 2000,   /* from HUP to KILL, and from KILL to giving up */
    RELAY_STOP_MS = 10000,   /* from a client's request to end the session to KILL */
    RELAY_PATIENCE_MS = 500, /* between two INTs or TERMs that end the relay */
    /* How long the exit status may come after the end of the line, and the end of the output
     * after the exit status. */
    RELAY_STATUS_MS = 10000,
    RELAY_READ_MAX = 64 << 10, /* the most bytes that one read takes */
    RELAY_LEAVE_MS = 500,      /* how long the terminal may take to accept what restores it */
    RELAY_WATCHES = 2,         /* descriptors of the caller's */
    RELAY_REDRAW_MS = 150 /* how long an adopted command's terminal is one column narrower */
};

/* Why relay_run() returned. */
enum relay_end {
    RELAY_ENDED = 0,    /* the command has ended, and its output is written */
    RELAY_DETACHED = 1, /* the user has typed the detach sequence */
    RELAY_HUNG_UP = 2,  /* this process's terminal has hung up, or a signal asked it to leave */
    RELAY_STARTED = 3,  /* until_started: the command runs, or cannot run */
    RELAY_WATCHED = 4   /* one of watch_fds can be read, or watch_at_ms is over */
};

/* The members of relay.fds. */
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
    RELAY_SESSION = RELAY_WATCH + RELAY_WATCHES,
    RELAY_SERVER = RELAY_SESSION + SESSION_POLL_MAX,
    RELAY_SLOTS = RELAY_SERVER + SESSION_SERVER_POLL_MAX
};

struct relay {
    /* Set by the caller before relay_open(). The pointers are borrowed until relay_close(). */
    struct session *session;
    struct sig *sig;
    int in, out, err;   /* usually 0, 1, 2; they still belong to the caller */
    bool forward_input; /* false: a terminal's input is searched for the detach sequence only */
    bool only_waits;    /* INT, TERM, QUIT and HUP are not for the command: RELAY_HUNG_UP */
    /* relay_run() returns RELAY_STARTED once the command runs or cannot run, and clears this.
     */
    bool until_started;
    bool adopted;     /* the command ran before: it is made to redraw its screen */
    bool attached;    /* this process has a terminal or pipes; relay_leave() clears it */
    struct keys keys; /* the detach sequence */
    struct session_server *server; /* NULL: there are no other terminals, and no detaching */
    /* For a command without a terminal: a server that gets no output. It describes the
     * session, passes requests to end it, and reports its end. NULL: none. */
    struct session_server *queries;
    struct record *record; /* of a command without a terminal; borrowed; NULL: none */
    unsigned side; /* streams that are a terminal although the command has none (wire/boot.h) */
    bool safe;     /* terminals get only what term/output_filter.h passes */
    /* Descriptors of the caller's: relay_run() returns RELAY_WATCHED when one of them can be
     * read, and the caller calls relay_run() again. 0 or less: none. */
    int watch_fds[RELAY_WATCHES];
    int64_t watch_at_ms; /* relay_run() also returns RELAY_WATCHED at this time; 0: never */
    /* The relay's own; zero before relay_open(). */
    struct init_line line;
    struct stdio_end stdio;
    struct output_filter *filters; /* of output, and of error; NULL unless `safe` */
    bool out_is_terminal, err_is_terminal;
    struct output_watch watch; /* of the bytes for this process's terminal, without a server */
    struct side_modes modes;   /* of the side terminal */
    struct buf shown;          /* what the filter has passed; empty between turns */
    struct buf input;          /* bytes on their way to the command */
    struct buf raw;            /* room for one read */
    bool input_done;    /* the end of input was reported, or the command cannot take more */
    bool output_closed; /* the command's output was closed, because its reader has closed it */
    bool hung_up;       /* the command was sent HUP */
    bool killed;        /* the command was sent KILL */
    bool engine_lost;   /* `lost` is the error; a line of its own may still work */
    struct err lost;
    struct keepalive keepalive; /* for a line that the engine carries */
    bool line_waits;            /* the line has bytes that poll(2) does not report */
    bool away;   /* this process was asked to end in the background: its terminal is not used */
    int left_by; /* the signal behind RELAY_HUNG_UP; 0: the terminal hung up */
    unsigned interrupts; /* INT and TERM since the last sign of life */
    unsigned answers;    /* line.answers when the last INT or TERM came */
    /* Times as clock_ms(): when the first of `interrupts` came, and the next three. */
    int64_t first_interrupt_ms;
    int64_t redraw_at_ms;    /* when an adopted command gets its true size; -1: done */
    int64_t status_deadline; /* when RELAY_STATUS_MS is over; -1: it has not begun */
    int64_t leave_deadline;  /* when the command is killed because it did not end; -1: never */
    struct pollfd fds[RELAY_SLOTS];
};

/* Initializes the relay's own members, and queues the answer to init's greeting, so that
 * relay_run() starts the command. Does not block. */
void relay_open(struct relay *r);

/* Runs the loop, and blocks until one of these happens:
 *
 * - RELAY_ENDED: the line and the command have both ended. The status is in r->line.exit; if
 *   init has not sent it, it is the engine's (session->status).
 * - RELAY_DETACHED, RELAY_HUNG_UP: this process's terminal leaves. A child of this process can
 *   then go on without it with relay_leave() and relay_run().
 * - RELAY_STARTED, RELAY_WATCHED: the caller asked for them, and calls relay_run() again.
 *
 * Returns -1 if the session is lost or canceled: ERR_EOF if the engine was lost with the line;
 * ERR_TIMEOUT if the engine is silent, or if the line ended and no status came within
 * RELAY_STATUS_MS; ERR_FORMAT if init breaks the protocol; ERR_CANCELED, with the signal in
 * e->code, if the user gave up or the command did not end in time; ERR_SYS if output could not
 * be written for another reason than a closed pipe, or if an error of the engine or of the line
 * is one. The caller restores the mode of the terminal. */
int relay_run(struct relay *r, struct err *e);

/* Brings this process's terminal into the state that a shell expects, after the output that is
 * queued for it, and discards the terminal's late answers to queries. Does nothing if this
 * process has no terminal. If `left`, the session goes on without this terminal, and the cursor
 * moves to a new line. Otherwise a message that cco prints next begins in a new line
 * (log_set_lead()). The terminal is in raw mode if the command has a terminal. Blocks until the
 * terminal has taken the bytes, for RELAY_LEAVE_MS each time at most, and like tty_drain(). */
void relay_restore_terminal(struct relay *r, bool left);

/* Stops using this process's terminal or pipes. What is queued for them is dropped. */
void relay_leave(struct relay *r);

/* Like relay_leave(), and frees everything that r holds. The session, sig and the server are
 * not touched otherwise. */
void relay_close(struct relay *r);

#endif
