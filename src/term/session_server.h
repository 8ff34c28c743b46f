/* SPDX-License-Identifier: MIT */
/* The terminals of a session: the socket at which clients connect (wire/frame.h, "Clients"),
 * the screen that a new client is shown, and the size that all terminals share. It runs in the
 * relay's loop, and no function here blocks. The relay's own terminal, which started the
 * session, is one of the terminals, without a socket.
 *
 * The terminal that was used last decides the size. Each client has a bounded queue. A client
 * whose queue is full gets nothing more until the queue is empty, and is then shown the whole
 * screen. */
#ifndef TERM_SESSION_SERVER_H
#define TERM_SESSION_SERVER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "term/init_line.h"
#include "term/passed_tty.h"
#include "term/record.h"
#include "term/screen.h"
#include "wire/frame.h"

enum {
    SESSION_SERVER_CLIENTS_MAX = 32,
    SESSION_SERVER_POLL_MAX = 2 * SESSION_SERVER_CLIENTS_MAX + 1,
    SESSION_SERVER_LEAVE_MS = 500,   /* to write what a leaving terminal must still get */
    SESSION_SERVER_QUEUE = 64 << 10, /* of one client among several; a screen may be longer */
    SESSION_SERVER_QUEUE_ALONE = 256 << 10,
    SESSION_SERVER_SHOW_MS = 50,   /* after a client fell behind, if output goes on */
    SESSION_SERVER_PAUSE_MS = 5,   /* without output: the screen is shown at once */
    SESSION_SERVER_QUIET_MS = 200, /* without output: the screen is updated */
    SESSION_SERVER_END_MS = 1500, /* for clients that do not read, once the command has ended */
    SESSION_SERVER_STALL_MS = 30000, /* for a single client, while the command runs */
    SESSION_SERVER_SIGNALS_MAX = 8
};

struct session_client {
    int fd;
    enum frame_hello kind; /* 0 before its HELLO */
    struct buf rx, tx;
    unsigned rows, cols;
    int64_t used_us;     /* when it last typed, or when it connected */
    bool stale;          /* fell behind, or is new: it must be shown the screen */
    bool newcomer;       /* is shown the lines that scrolled out, too */
    int64_t show_at_ms;  /* when it is shown the screen, if output goes on */
    int64_t stalled_ms;  /* since when its full queue has not become shorter; -1: it has */
    bool leaving;        /* closed once its queue is written */
    int64_t leave_at_ms; /* or at this time; -1: no limit */
    struct passed_tty passed_tty; /* its terminal, if passed; otherwise output goes in frames */
    bool told_end;
};

/* What clients may know about the session: plain texts, borrowed. */
struct session_server_info {
    const char *name;
    const char *project;
    const char *engine;
    int64_t started; /* seconds since 1970 */
};

struct session_server {
    int listener;
    const char *path; /* borrowed */
    struct session_server_info info;
    struct session_client *clients[SESSION_SERVER_CLIENTS_MAX];
    size_t count;
    struct screen *screen;
    struct record *record; /* borrowed; NULL: none */
    unsigned rows, cols;   /* the size that all terminals share */
    bool local;            /* the relay has a terminal of its own */
    unsigned local_rows, local_cols;
    int64_t local_used_us;
    int64_t output_ms;   /* when the last output came */
    int64_t quiet_at_ms; /* -1: the screen is up to date */
    bool awaited;        /* a client waits until it is */
    bool local_waits;    /* the relay's own terminal waits for it */
    int64_t end_at_ms;   /* when clients are no longer waited for; -1: the session goes on */
    bool told_end;
    struct buf answers; /* of the emulated screen, instead of a terminal */
    struct buf typed;   /* input of a passed terminal; empty between turns */
};

/* What clients have requested in one turn. */
struct session_server_asked {
    struct buf *input; /* bytes for the command are added here */
    bool resized;      /* server->rows and cols are new */
    bool stop;
    int signals[SESSION_SERVER_SIGNALS_MAX];
    size_t signal_count;
};

/* Listens at `path` with mode 0600, and removes the socket of a dead session there: the caller
 * holds the session's lock. `path` and the texts of `info` are borrowed. Returns 0 on success
 * and -1 on error. */
int session_server_open(struct session_server *h, const char *path,
                        const struct session_server_info *info, struct err *e);

/* Closes all clients and removes the socket. */
void session_server_close(struct session_server *h);

/* Fills session_server_slots() of SESSION_SERVER_POLL_MAX slots. Returns the poll timeout in
 * ms, and -1 for none. `input_room` is how many bytes session_server_asked.input will take. */
int session_server_prepare(struct session_server *h, struct pollfd *fds, size_t input_room);

/* Returns how many slots session_server_prepare() uses now. */
size_t session_server_slots(const struct session_server *h);

/* Handles what poll(2) has reported in the slots of session_server_prepare(): accepts clients
 * of the same user only, reads their frames and keys, writes their queues, and updates the
 * screen. Adds what they request to *asked, which the caller has set to its initial state. */
void session_server_dispatch(struct session_server *h, const struct pollfd *fds,
                             struct session_server_asked *asked);

/* Passes output of the command to the screen, the recording, and every client that keeps up. */
void session_server_output(struct session_server *h, struct str bytes);

/* Returns how many more bytes of output should be read in this turn: 0 while a terminal waits
 * for the screen. */
size_t session_server_takes(const struct session_server *h);

/* Sends what was queued, and measures which clients do not read. To be called once a turn. */
void session_server_flush(struct session_server *h);

size_t
session_server_count(const struct session_server *h); /* terminals other than the relay's */
size_t session_server_keeping_up(const struct session_server *h); /* of these */

/* Returns how many bytes of output fit into the queue of each client that keeps up. */
size_t session_server_room(const struct session_server *h);

/* Adds the bytes that draw the screen. Returns false if the screen is not up to date yet: the
 * caller must try again next turn. */
bool session_server_draw(struct session_server *h, struct buf *out);

/* Adds the bytes that restore a terminal to the state that a shell expects (screen_leave()). */
void session_server_leave(struct session_server *h, bool below, struct buf *out);

/* Report the relay's own terminal: its size, its input, and that it leaves. Return true if rows
 * and cols have changed, because another terminal now decides the size, or the deciding one has
 * changed. A terminal's answer to a query does not count as input. */
bool session_server_local_size(struct session_server *h, unsigned rows, unsigned cols);
bool session_server_local_types(struct session_server *h, struct str bytes);
bool session_server_local_leaves(struct session_server *h);

/* To be called when the command has ended: sends the exit frame once to every client. Returns
 * true when all have received it, or after SESSION_SERVER_END_MS. */
bool session_server_end(struct session_server *h, const struct frame_exit *how, int64_t now_ms);

#endif
