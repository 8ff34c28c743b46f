/* SPDX-License-Identifier: MIT */
/* The session server: the terminals of a session. It has the socket at which clients connect
 * (src/wire/PROTOCOL.md), the screen that a new client is shown, and the size that all
 * terminals share. It runs in the relay's loop, and no function here blocks. The relay's own
 * terminal, which started the session, is also one of the terminals, but does not use the
 * socket.
 *
 * The terminal that was used last decides the size. Each client has a bounded queue. A client
 * whose queue is full gets nothing more until the queue is empty, and is then shown the whole
 * screen. All times that end in _ms are clock_ms(), and those that end in _us are
 * clock_us(). */
#ifndef TERM_SESSION_SERVER_H
#define TERM_SESSION_SERVER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "term/init_line.h"
#include "term/output_watch.h"
#include "term/passed_tty.h"
#include "term/record.h"
#include "term/screen.h"
#include "wire/frame.h"

enum {
    SESSION_SERVER_CLIENTS_MAX = 32,
    SESSION_SERVER_POLL_MAX = 2 * SESSION_SERVER_CLIENTS_MAX + 1,
    SESSION_SERVER_LEAVE_MS = 500, /* how long a leaving client may take to read the rest */
    /* The most output, in bytes, that is queued for one client: if there are several terminals,
     * and if the client's is the only one. The screen is queued even if it is longer. */
    SESSION_SERVER_QUEUE = 64 << 10,
    SESSION_SERVER_QUEUE_ALONE = 256 << 10,
    /* A stale client is shown the screen when no output came for SESSION_SERVER_PAUSE_MS, or
     * SESSION_SERVER_SHOW_MS after it fell behind if output goes on. */
    SESSION_SERVER_SHOW_MS = 50,
    SESSION_SERVER_PAUSE_MS = 5,
    SESSION_SERVER_QUIET_MS = 200, /* the screen is updated when no output came for so long */
    /* How long the session waits for clients that do not read: after the command's end, and for
     * a lone client while the command runs. */
    SESSION_SERVER_END_MS = 1500,
    SESSION_SERVER_STALL_MS = 30000,
    SESSION_SERVER_SIGNALS_MAX = 8 /* signals that each turn takes from all clients */
};

struct session_client {
    int fd;                /* the connection; belongs to the client */
    enum frame_hello kind; /* 0 before its HELLO */
    struct buf rx, tx;     /* frames that were read and not handled; frames to be written */
    unsigned rows, cols;   /* the size of its terminal */
    int64_t used_us;       /* when the user last typed at it, or when it connected */
    bool stale;            /* it fell behind, or is new: it must be shown the screen */
    bool newcomer;         /* it is shown the lines that scrolled out, too */
    bool part;             /* it is shown only a part of the screen, because it is smaller */
    int64_t show_at_ms;    /* when it is shown the screen, if output goes on */
    int64_t stalled_ms;    /* since when its full queue has not become shorter; -1: it has */
    bool leaving;          /* it is removed once its queues are written */
    int64_t leave_at_ms;   /* when it is removed even if they are not; -1: no limit */
    struct passed_tty passed_tty; /* its terminal, if passed; otherwise output goes in frames */
    bool told_end;                /* the exit frame is queued, or is not needed */
};

/* The description of a session that clients can ask for. The texts are borrowed. */
struct session_server_info {
    const char *name;
    const char *project;
    const char *engine;
    int64_t started; /* seconds since 1970 */
    bool piped;      /* the command has no terminal, so clients can only ask, wait and stop */
};

struct session_server {
    int listener;     /* -1: closed */
    const char *path; /* the socket's; borrowed */
    struct session_server_info info;
    struct session_client *clients[SESSION_SERVER_CLIENTS_MAX];
    size_t count;
    struct screen *screen;
    struct output_watch watch; /* of the output, as all terminals got it */
    struct record *record;     /* borrowed; the caller sets it after opening; NULL: none */
    unsigned rows, cols;       /* the size that all terminals share */
    bool local;                /* the relay has a terminal of its own */
    unsigned local_rows, local_cols;
    int64_t local_used_us; /* like session_client.used_us */
    int64_t output_ms;     /* when the last output came */
    int64_t quiet_at_ms;   /* when the screen is updated; -1: it is up to date */
    bool awaited;          /* a client waits until the screen is up to date */
    bool local_waits;      /* the relay's own terminal waits for that */
    int64_t end_at_ms;     /* when clients are no longer waited for; -1: the session goes on */
    bool told_end;         /* session_server_end() was called */
    bool end_is_seen;      /* a client was shown the session then */
    struct buf answers;    /* answers of the emulated screen to terminal queries */
    struct buf typed;      /* input of a passed terminal; empty between turns */
};

/* The requests of all clients in one turn. The initial state is zero except `input`. */
struct session_server_asked {
    struct buf *input; /* bytes for the command are added here; borrowed */
    bool resized;      /* server->rows and cols are new */
    bool stop;         /* a client asks for the session's end */
    int signals[SESSION_SERVER_SIGNALS_MAX]; /* for the command */
    size_t signal_count;
};

/* Starts to listen at `path`, with mode 0600, and makes an empty screen of 24x80. Removes the
 * socket of a dead session there: the caller holds the session's lock, so no other process
 * listens. `path` and the texts of `info` are borrowed until session_server_close(). Returns 0
 * on success and -1 on error; session_server_close() may be called in either case. */
int session_server_open(struct session_server *h, const char *path,
                        const struct session_server_info *info, struct err *e);

/* Listens at `path` instead, because the socket was removed; `path` is borrowed. The clients
 * stay connected. Returns 0 on success and -1 on error: no client can connect then. */
int session_server_move(struct session_server *h, const char *path, struct err *e);

/* Closes all clients and removes the socket. A second call does nothing. */
void session_server_close(struct session_server *h);

/* Fills the first session_server_slots() of SESSION_SERVER_POLL_MAX slots for poll(2).
 * `input_room` is how many bytes session_server_asked.input will take. Returns the timeout for
 * poll(2) in milliseconds, and -1 for none. */
int session_server_prepare(struct session_server *h, struct pollfd *fds, size_t input_room);

/* Returns how many slots session_server_prepare() uses now. */
size_t session_server_slots(const struct session_server *h);

/* Handles what poll(2) has reported in the slots of session_server_prepare(): accepts clients
 * of the same user only, reads their frames and keys, writes their queues, updates the screen,
 * and shows it to the clients that wait for it. Adds the clients' requests to *asked, which the
 * caller has set to its initial state. */
void session_server_dispatch(struct session_server *h, const struct pollfd *fds,
                             struct session_server_asked *asked);

/* Passes output of the command to the screen, the recording, and every client that keeps up. */
void session_server_output(struct session_server *h, struct str bytes);

/* Returns how many more bytes of output the caller should read in this turn. It is 0 while a
 * terminal waits for the screen to be up to date. */
size_t session_server_takes(const struct session_server *h);

/* Sends what was queued, and measures which clients do not read. The caller calls it once a
 * turn. */
void session_server_flush(struct session_server *h);

/* session_server_count() returns how many clients are shown the session, without the relay's
 * own terminal. session_server_keeping_up() returns how many of them are not stale. */
size_t session_server_count(const struct session_server *h);
size_t session_server_keeping_up(const struct session_server *h);

/* Returns how many bytes of output fit into the queue of each client that keeps up. */
size_t session_server_room(const struct session_server *h);

/* Adds to `out` the bytes that draw the screen, without the lines that scrolled out. `out` must
 * have room for SCREEN_DRAW_MAX bytes. Returns true on success. Returns false, and adds
 * nothing, if the screen is not up to date yet; the caller then tries again in the next
 * turn. */
bool session_server_draw(struct session_server *h, struct buf *out);

/* Adds to `out` the bytes that restore a terminal that shows the current screen to the state
 * that a shell expects (tty_reset()), and move the cursor under the text (screen_go_below()).
 * `always` is that of screen_go_below(). */
void session_server_leave(struct session_server *h, bool always, struct buf *out);

/* Report the relay's own terminal: that it is attached and its size, its input, and that it
 * leaves. Each returns true if h->rows and h->cols have changed, because another terminal now
 * decides the size, or because the deciding one has changed. A terminal's answer to a query
 * does not count as input. */
bool session_server_local_size(struct session_server *h, unsigned rows, unsigned cols);
bool session_server_local_types(struct session_server *h, struct str bytes);
bool session_server_local_leaves(struct session_server *h);

/* Sends the exit frame `how` once to every client, after the screen if the client is stale. The
 * caller calls it in each turn after the command has ended, until it returns true: all clients
 * have received the frame, or SESSION_SERVER_END_MS have passed since the first call. `now_ms`
 * is clock_ms(). */
bool session_server_end(struct session_server *h, const struct frame_exit *how, int64_t now_ms);

#endif
