/* SPDX-License-Identifier: MIT */
/* The terminals of a session: a socket at which they come and go (wire/frame.h, "Clients"), the screen that a
 * newcomer is shown, the size that all of them live with. Part of the relay's loop: nothing here waits. The
 * terminal that started the session is one of them, without a socket: the relay's own.
 *
 * The terminal that was used last decides the size. Each has a bounded queue; one whose queue is full is told
 * nothing more until it is empty, and is then shown the screen anew. */
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
    SESSION_SERVER_LEAVE_MS = 500,   /* for what a terminal that is left should be told */
    SESSION_SERVER_QUEUE = 64 << 10, /* of a client among several; the screen may be more */
    SESSION_SERVER_QUEUE_ALONE = 256 << 10,
    SESSION_SERVER_SHOW_MS = 50,   /* after it fell behind, while output goes on */
    SESSION_SERVER_PAUSE_MS = 5,   /* without output: then at once */
    SESSION_SERVER_QUIET_MS = 200, /* without output: then the screen is brought up to date */
    SESSION_SERVER_END_MS = 1500, /* for clients that do not read, once the command has ended */
    SESSION_SERVER_STALL_MS = 30000, /* for the only one there is, while the command runs */
    SESSION_SERVER_SIGNALS_MAX = 8
};

struct session_client {
    int fd;
    enum frame_hello kind; /* 0 before it has said HELLO */
    struct buf rx, tx;
    unsigned rows, cols;
    int64_t used_us;     /* when it typed last, or came */
    bool stale;          /* fell behind, or has just come: it is to be shown the screen */
    bool newcomer;       /* with what scrolled out, then */
    int64_t show_at_ms;  /* when it is shown that, while output goes on */
    int64_t stalled_ms;  /* since when its full queue has not moved; -1: it moves */
    bool leaving;        /* goes once all that is queued is written */
    int64_t leave_at_ms; /* or at this time; -1 */
    struct passed_tty passed_tty; /* its terminal, or none: then output goes in frames */
    bool told_end;
};

/* What others may know of the session: plain texts, borrowed. */
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
    unsigned rows, cols;   /* what everybody lives with */
    bool local;            /* the relay has a terminal of its own */
    unsigned local_rows, local_cols;
    int64_t local_used_us;
    int64_t output_ms;   /* when output came last */
    int64_t quiet_at_ms; /* -1: the screen is up to date */
    bool awaited;        /* some client waits until it is */
    bool local_waits;    /* the relay's own terminal does */
    int64_t end_at_ms;   /* when nobody is waited for any more; -1: it goes on */
    bool told_end;
    struct buf answers; /* of the screen, in place of a terminal's */
    struct buf typed;   /* at a terminal that was passed; empty between turns */
};

/* What clients asked for in one turn. */
struct session_server_asked {
    struct buf *input; /* bytes for the command are added here */
    bool resized;      /* server->rows and cols are new */
    bool stop;
    int signals[SESSION_SERVER_SIGNALS_MAX];
    size_t signal_count;
};

/* Listens at `path` (0600; what lies there from a dead session is removed). */
int session_server_open(struct session_server *h, const char *path,
                        const struct session_server_info *info, struct err *e);
void session_server_close(struct session_server *h); /* the socket's name goes too */

/* Fills in session_server_slots() of SESSION_SERVER_POLL_MAX slots; the timeout it needs in ms, -1 for none. `input_room` is how much
 * session_server_asked.input will take. */
int session_server_prepare(struct session_server *h, struct pollfd *fds, size_t input_room);
size_t session_server_slots(const struct session_server *h);

void session_server_dispatch(struct session_server *h, const struct pollfd *fds,
                             struct session_server_asked *asked);

/* Output of the command: for the screen, the recording, every client that keeps up. */
void session_server_output(struct session_server *h, struct str bytes);

/* How much more of it should come in this turn. None while somebody waits for the screen. */
size_t session_server_takes(const struct session_server *h);

/* Sends what has gathered, once a turn, and keeps count of who does not take it. */
void session_server_flush(struct session_server *h);

size_t session_server_count(const struct session_server *h); /* terminals besides the relay's */
size_t session_server_keeping_up(const struct session_server *h); /* of these */
size_t session_server_room(const struct session_server *h);       /* the least of theirs */

/* Adds the screen as it is. False where it is not known yet: to be called again next turn. */
bool session_server_draw(struct session_server *h, struct buf *out);

/* Adds what leaves a terminal that shows it as a shell expects it (screen_leave()). */
void session_server_leave(struct session_server *h, bool below, struct buf *out);

/* The relay's own terminal: its size; what it types (true where it decides the size now and did not before);
 * that it goes. True where rows and cols are new. */
bool session_server_local_size(struct session_server *h, unsigned rows, unsigned cols);
bool session_server_local_types(struct session_server *h, struct str bytes);
bool session_server_local_leaves(struct session_server *h);

/* The command has ended: tells everybody once. True when all have been told, or have had SESSION_SERVER_END_MS. */
bool session_server_end(struct session_server *h, const struct frame_exit *how, int64_t now_ms);

#endif
