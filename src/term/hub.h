/* SPDX-License-Identifier: MIT */
/* The terminals of a session: a socket at which they come and go (wire/frame.h, "Clients"), the screen that a
 * newcomer is shown, the size that all of them live with. Part of the relay's loop: nothing here waits. The
 * terminal that started the session is one of them, without a socket: the relay's own.
 *
 * The terminal that was used last decides the size. Each has a bounded queue; one whose queue is full is told
 * nothing more until it is empty, and is then shown the screen anew. */
#ifndef TERM_HUB_H
#define TERM_HUB_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "term/init_line.h"
#include "term/lent.h"
#include "term/record.h"
#include "term/screen.h"
#include "wire/frame.h"

enum {
    HUB_CLIENTS_MAX = 32,
    HUB_POLL_MAX = 2 * HUB_CLIENTS_MAX + 1,
    HUB_LEAVE_MS = 500,   /* for what a terminal that is left should be told */
    HUB_QUEUE = 64 << 10, /* of a client among several; the screen may be more */
    HUB_QUEUE_ALONE = 256 << 10,
    HUB_SHOW_MS = 50,     /* after it fell behind, while output goes on */
    HUB_PAUSE_MS = 5,     /* without output: then at once */
    HUB_SETTLE_MS = 200,  /* without output: then the screen is brought up to date */
    HUB_LINGER_MS = 1500, /* for clients that do not read, once the command has ended */
    HUB_STALL_MS = 30000, /* for the only one there is, while the command runs */
    HUB_SIGNALS_MAX = 8
};

struct hub_client {
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
    struct lent lent;    /* its terminal, or none: then output goes in frames */
    bool told_end;
};

/* What others may know of the session: plain texts, borrowed. */
struct hub_info {
    const char *name;
    const char *project;
    const char *engine;
    int64_t started; /* seconds since 1970 */
};

struct hub {
    int listener;
    const char *path; /* borrowed */
    struct hub_info info;
    struct hub_client *clients[HUB_CLIENTS_MAX];
    size_t count;
    struct screen *screen;
    struct record *record; /* borrowed; NULL: none */
    unsigned rows, cols;   /* what everybody lives with */
    bool local;            /* the relay has a terminal of its own */
    unsigned local_rows, local_cols;
    int64_t local_used_us;
    int64_t output_ms;    /* when output came last */
    int64_t settle_at_ms; /* -1: the screen is up to date */
    bool awaited;         /* some client waits until it is */
    bool local_waits;     /* the relay's own terminal does */
    int64_t end_at_ms;    /* when nobody is waited for any more; -1: it goes on */
    bool told_end;
    struct buf answers; /* of the screen, in place of a terminal's */
    struct buf typed;   /* at a terminal that was lent; empty between turns */
};

/* What clients asked for in one turn. */
struct hub_asked {
    struct buf *input; /* bytes for the command are added here */
    bool resized;      /* hub->rows and cols are new */
    bool stop;
    int signals[HUB_SIGNALS_MAX];
    size_t signal_count;
};

/* Listens at `path` (0600; what lies there from a dead session is removed). */
int hub_open(struct hub *h, const char *path, const struct hub_info *info, struct err *e);
void hub_close(struct hub *h); /* the socket's name goes too */

/* Fills in hub_slots() of HUB_POLL_MAX slots; the timeout it needs in ms, -1 for none. `input_room` is how much
 * hub_asked.input will take. */
int hub_prepare(struct hub *h, struct pollfd *fds, size_t input_room);
size_t hub_slots(const struct hub *h);

void hub_dispatch(struct hub *h, const struct pollfd *fds, struct hub_asked *asked);

/* Output of the command: for the screen, the recording, every client that keeps up. */
void hub_output(struct hub *h, struct str bytes);

/* How much more of it should come in this turn. None while somebody waits for the screen. */
size_t hub_takes(const struct hub *h);

/* Sends what has gathered, once a turn, and keeps count of who does not take it. */
void hub_flush(struct hub *h);

size_t hub_count(const struct hub *h);      /* terminals besides the relay's */
size_t hub_keeping_up(const struct hub *h); /* of these */
size_t hub_room(const struct hub *h);       /* the least of theirs */

/* Adds the screen as it is. False where it is not known yet: to be called again next turn. */
bool hub_draw(struct hub *h, struct buf *out);

/* Adds what leaves a terminal that shows it as a shell expects it (screen_leave()). */
void hub_leave(struct hub *h, bool below, struct buf *out);

/* The relay's own terminal: its size; what it types (true where it decides the size now and did not before);
 * that it goes. True where rows and cols are new. */
bool hub_local_size(struct hub *h, unsigned rows, unsigned cols);
bool hub_local_types(struct hub *h, struct str bytes);
bool hub_local_leaves(struct hub *h);

/* The command has ended: tells everybody once. True when all have been told, or have had HUB_LINGER_MS. */
bool hub_end(struct hub *h, const struct frame_exit *how, int64_t now_ms);

#endif
