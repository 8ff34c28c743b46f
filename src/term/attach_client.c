/* SPDX-License-Identifier: MIT */
#include "term/attach_client.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/unix_socket.h"
#include "term/raw.h"
#include "term/relay_io.h"
#include "term/session_query.h"
#include "term/tty_drain.h"
#include "term/tty_reset.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLOT_SIG, SLOT_LINE, SLOT_IN, SLOT_OUT, SLOTS };
enum { READ_MAX = 64 << 10 };

struct client_loop {
    struct attach_client *v;
    struct buf rx, tx, typed;
    struct relay_in in;
    struct relay_out out;
    bool ended;    /* the server has sent the end of the session */
    bool detached; /* the server has confirmed that this client detaches */
    bool lost;     /* the connection has ended */
    bool released; /* the server has confirmed that it does not use the terminal */
    /* When the server must have answered the greeting; -1: it has answered, or may take any
     * time. */
    int64_t greet_by_ms;
    struct pollfd fds[SLOTS];
};

/* Adds HELLO with the size and the detach sequence. */
static void add_greeting(struct buf *out, enum frame_hello kind, unsigned rows, unsigned cols,
                         const char *keys)
{
    struct buf rest;

    buf_init(&rest, FRAME_MAX);
    (void)frame_add_size(&rest, rows, cols); /* fits, like the next two */
    (void)buf_add_c(&rest, keys);
    (void)frame_add_hello(out, kind, str_drop(buf_str(&rest), FRAME_HEAD));
    buf_release(&rest);
}

int attach_client_greet(const struct attach_client *v, unsigned rows, unsigned cols,
                        int terminal, struct err *e)
{
    struct buf text;
    int rc;

    buf_init(&text, FRAME_MAX);
    add_greeting(&text, v->kind, rows, cols, v->keys_spec);
    rc =
        unix_socket_send(v->fd, buf_data(&text), text.len, &terminal, terminal >= 0 ? 1 : 0, e);
    buf_release(&text);
    return rc;
}

/* Opens the client's terminal again, so that no other process shares the open file description.
 * Returns -1 if in and out are not the same terminal, or if it cannot be opened (it belongs to
 * another user, after su). */
static int open_own(const struct attach_client *v)
{
    struct stat in;
    struct stat out;

    if (v->kind == FRAME_HELLO_WAIT || fstat(v->in, &in) < 0 || fstat(v->out, &out) < 0 ||
        in.st_rdev != out.st_rdev || isatty(v->in) == 0) {
        return -1;
    }
    return fd_reopen(v->in, O_RDWR);
}

int attach_client_open(struct attach_client *v, const char *path, unsigned rows, unsigned cols,
                       struct err *e)
{
    int own;
    int rc;

    if (keys_parse(&v->keys, v->keys_spec, e) < 0) {
        return -1;
    }
    v->fd = unix_socket_connect(path, e);
    if (v->fd < 0) {
        return -1;
    }
    own = open_own(v);
    v->passed_tty = own >= 0;
    rc = attach_client_greet(v, rows, cols, own, e);
    fd_close(&own); /* the server has a duplicate */
    return rc;
}

void attach_client_drain(struct attach_client *v)
{
    if (v->queried) {
        tty_drain(v->in, v->out);
    }
    v->queried = false;
}

void attach_client_close(struct attach_client *v)
{
    fd_close(&v->fd);
}

static void send_size(struct client_loop *s)
{
    unsigned rows = 0;
    unsigned cols = 0;

    tty_size(s->v->out, &rows, &cols);
    (void)frame_add_size(&s->tx, rows, cols); /* if tx is full, the server does not read */
}

static int take_frame(struct client_loop *s, struct frame f, struct err *e)
{
    struct attach_client *v = s->v;
    enum frame_hello kind;
    struct str rest;
    size_t len;

    switch (f.type) {
    case FRAME_HELLO:
        s->greet_by_ms = -1;
        return frame_hello(f, &kind, &rest, e);
    case FRAME_OUTPUT:
        return relay_out_add(&s->out, f.payload) == 0
                   ? 0
                   : err_set(e, ERR_LIMIT, "the session's server sent more output than it may");
    case FRAME_EXIT:
        if (frame_exit(f, &v->exit, e) < 0) {
            return -1;
        }
        len = v->exit.text.len < sizeof(v->text) ? v->exit.text.len : sizeof(v->text);
        if (len > 0) {
            memcpy(v->text, v->exit.text.p, len);
        }
        v->exit.text = str_n(v->text, len);
        s->ended = true;
        return 0;
    case FRAME_DETACH:
        s->detached = true;
        return 0;
    case FRAME_STOPPED:
        s->released = true;
        return 0;
    case FRAME_QUERIED:
        v->queried = true;
        return 0;
    case FRAME_INFO:
        return 0;
    case FRAME_ERROR:
        return err_set(e, ERR_FORMAT, "the session's server reports: %.*s", (int)f.payload.len,
                       f.payload.p);
    default:
        return err_set(e, ERR_FORMAT, "unexpected frame of type %u from the session's server",
                       f.type);
    }
}

static int read_line(struct client_loop *s, struct err *e)
{
    size_t room = buf_room(&s->rx) < READ_MAX ? buf_room(&s->rx) : (size_t)READ_MAX;
    char *p = buf_reserve(&s->rx, room);
    ssize_t got = fd_read(s->v->fd, p, room);
    struct str in;
    struct frame f = {0};
    int rc = 0;

    if (got < 0 && errno == EAGAIN) {
        return 0;
    }
    if (got <= 0) {
        s->lost = true;
        return 0;
    }
    buf_commit(&s->rx, (size_t)got);
    in = buf_str(&s->rx);
    while ((rc = frame_next(&in, &f, e)) == 1 && take_frame(s, f, e) == 0) {
    }
    buf_drop(&s->rx, s->rx.len - in.len);
    return rc != 0 ? -1 : 0;
}

/* Queues held keys whose time is over, and writes as much as the connection takes. */
static void write_line(struct client_loop *s)
{
    struct buf late;

    if (s->v->keys.deadline_ms >= 0 && clock_ms() >= s->v->keys.deadline_ms) {
        buf_init(&late, KEYS_HELD_MAX);
        keys_expire(&s->v->keys, clock_ms(), &late);
        if (s->v->kind == FRAME_HELLO_ATTACH) {
            /* Fits: prepare() keeps more room than this in tx. */
            (void)frame_add_bytes(&s->tx, FRAME_INPUT, buf_str(&late));
        }
        buf_wipe(&late);
    }
    if (s->tx.len > 0 && !s->lost) {
        ssize_t sent = fd_write(s->v->fd, buf_data(&s->tx), s->tx.len);

        if (sent > 0) {
            buf_drop(&s->tx, (size_t)sent);
        } else if (sent < 0 && errno != EAGAIN) {
            buf_drop(&s->tx, s->tx.len); /* read_line() notices the end of the connection */
        }
    }
}

/* This process was stopped, and other programs used the terminal meanwhile: sets raw mode
 * again, and lets the server show the whole screen. */
static int come_back(struct client_loop *s, struct err *e)
{
    struct err own = {0};

    if (tty_raw_again(s->v->in, &own) < 0) {
        if (own.kind == ERR_CANCELED) {
            return 0; /* take_signals() reads the signal next */
        }
        *e = own;
        return -1;
    }
    send_size(s);
    (void)frame_add(&s->tx, FRAME_SIGNAL, str_c("CONT")); /* the server shows the screen */
    return 0;
}

/* Asks the server to leave the terminal alone, and waits until it confirms that, because
 * another program gets the terminal next. The server answers at once unless it is stopped
 * itself, so the wait is bounded. */
static int release(struct client_loop *s, struct err *e)
{
    int64_t deadline = clock_ms() + SESSION_QUERY_MS;

    (void)frame_add(&s->tx, FRAME_SIGNAL, str_c("TSTP")); /* if tx is full, times out */
    s->released = false;
    while (!s->released && !s->lost && clock_ms() < deadline) {
        struct pollfd p = {.fd = s->v->fd, .events = POLLIN};

        write_line(s);
        (void)poll(&p, 1, clock_poll_timeout(deadline));
        if (p.revents != 0 && read_line(s, e) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Makes text readable on a terminal that another program is about to use. */
static void write_reset(int fd)
{
    struct buf text;
    struct err ignored = {0};

    buf_init(&text, TTY_RESET_MAX);
    tty_reset_text(NULL, &text);
    (void)fd_write_all(fd, buf_data(&text), text.len, &ignored); /* it may have disappeared */
    buf_release(&text);
}

/* Stops this process like a shell job, until it is continued. */
static int suspend(struct client_loop *s, struct err *e)
{
    if (release(s, e) < 0) {
        return -1;
    }
    if (s->out.fd >= 0) {
        relay_out_flush(&s->out);
    }
    write_reset(s->v->out);
    attach_client_drain(s->v);
    tty_raw_restore();
    sig_stop(false);
    return come_back(s, e);
}

/* Handles the pending signals. Returns ATTACH_CLIENT_ENDED if the loop goes on, or
 * ATTACH_CLIENT_HUNG_UP, or -1 on error. */
static int take_signals(struct client_loop *s, struct err *e)
{
    int signo;

    while ((signo = sig_next(s->v->sig)) != 0) {
        switch (signo) {
        case SIGWINCH:
            if (s->v->kind != FRAME_HELLO_WAIT) {
                send_size(s);
            }
            break;
        case SIGCONT:
            if (s->v->kind != FRAME_HELLO_WAIT && come_back(s, e) < 0) {
                return -1;
            }
            break;
        case SIGTSTP:
            if (s->v->kind == FRAME_HELLO_WAIT) {
                sig_stop(false);
            } else if (suspend(s, e) < 0) {
                return -1;
            }
            break;
        case SIGHUP:
        case SIGINT:
        case SIGTERM:
        case SIGQUIT:
            s->v->signo = signo;
            return ATTACH_CLIENT_HUNG_UP;
        default:
            break;
        }
    }
    return ATTACH_CLIENT_ENDED;
}

static void read_keys(struct client_loop *s)
{
    bool detach;

    (void)relay_in_read(&s->in, &s->typed);
    if (s->typed.len == 0) {
        return;
    }
    struct buf keys;

    buf_init(&keys, READ_MAX + KEYS_HELD_MAX);
    detach = keys_in(&s->v->keys, buf_str(&s->typed), clock_ms(), &keys);
    buf_drop(&s->typed, s->typed.len);
    if (s->v->kind == FRAME_HELLO_ATTACH) {
        (void)frame_add_bytes(&s->tx, FRAME_INPUT, buf_str(&keys)); /* fits: see prepare() */
    }
    buf_wipe(&keys);
    if (detach) {
        (void)frame_add(&s->tx, FRAME_DETACH, str_n(NULL, 0)); /* fits: see prepare() */
    }
}

/* Computes from the state what this turn waits for. Reads keys only if tx has room for them.
 * Returns the timeout of poll(2). */
static int prepare(struct client_loop *s)
{
    bool shows = s->v->kind != FRAME_HELLO_WAIT && !s->v->passed_tty;
    bool reads = !s->lost && s->out.queue.len < LIMIT_RELAY_BUFFER;
    bool types = shows && !s->in.ended && buf_room(&s->tx) > 2 * (size_t)READ_MAX;

    s->fds[SLOT_SIG] = (struct pollfd){.fd = s->v->sig->fd, .events = POLLIN};
    s->fds[SLOT_LINE] = (struct pollfd){
        .fd = s->lost ? -1 : s->v->fd,
        .events = (short)((reads ? POLLIN : 0) | (s->tx.len > 0 ? POLLOUT : 0))};
    s->fds[SLOT_IN] = (struct pollfd){.fd = types ? s->in.fd : -1, .events = POLLIN};
    s->fds[SLOT_OUT] =
        (struct pollfd){.fd = s->out.queue.len > 0 ? s->out.fd : -1, .events = POLLOUT};
    return clock_poll_timeout(clock_earlier(s->v->keys.deadline_ms, s->greet_by_ms));
}

/* Runs one turn of the loop. Returns ATTACH_CLIENT_ENDED if the loop goes on. */
static int turn(struct client_loop *s, struct err *e)
{
    if (poll(s->fds, SLOTS, prepare(s)) < 0) {
        return errno == EINTR ? ATTACH_CLIENT_ENDED : err_sys(e, "poll");
    }
    if (s->fds[SLOT_SIG].revents != 0) {
        int rc = take_signals(s, e);

        if (rc != ATTACH_CLIENT_ENDED) {
            return rc;
        }
    }
    if (s->fds[SLOT_OUT].revents != 0) {
        relay_out_flush(&s->out);
    }
    if (s->fds[SLOT_IN].revents != 0) {
        read_keys(s);
    }
    write_line(s);
    if ((s->fds[SLOT_LINE].revents & (POLLIN | POLLHUP | POLLERR)) != 0 &&
        read_line(s, e) < 0) {
        return -1;
    }
    return ATTACH_CLIENT_ENDED;
}

static int run(struct client_loop *s, struct err *e)
{
    bool shows = s->v->kind != FRAME_HELLO_WAIT && !s->v->passed_tty;

    for (;;) {
        int rc;

        if (s->out.queue.len == 0 || s->out.broken) {
            if (s->ended) {
                return ATTACH_CLIENT_ENDED;
            }
            if (s->detached) {
                return ATTACH_CLIENT_DETACHED;
            }
        }
        if (shows && (s->in.ended || s->out.broken)) {
            return ATTACH_CLIENT_HUNG_UP;
        }
        if (s->greet_by_ms >= 0 && clock_ms() >= s->greet_by_ms) {
            return err_set(e, ERR_TIMEOUT,
                           "its cco process does not answer; it may be stopped");
        }
        if (s->lost && !s->ended && !s->detached) {
            return err_set(e, ERR_EOF, "lost the connection to the session's cco process");
        }
        rc = turn(s, e);
        if (rc != ATTACH_CLIENT_ENDED) {
            return rc;
        }
    }
}

int attach_client_run(struct attach_client *v, struct err *e)
{
    struct client_loop s = {.v = v, .in = {.fd = -1, .ended = true}, .out = {.fd = -1}};
    int rc;

    v->signo = 0;
    s.greet_by_ms = v->kind == FRAME_HELLO_WAIT ? -1 : clock_ms() + SESSION_QUERY_MS;
    buf_init(&s.rx, LIMIT_RELAY_BUFFER);
    buf_init(&s.tx, LIMIT_RELAY_BUFFER);
    buf_init(&s.typed, READ_MAX);
    if (v->kind != FRAME_HELLO_WAIT && !v->passed_tty) {
        relay_in_open(&s.in, v->in);
        relay_out_open(&s.out, v->out, RELAY_QUEUE_MAX);
    }
    rc = run(&s, e);
    if (rc == ATTACH_CLIENT_HUNG_UP && v->passed_tty && release(&s, e) < 0) {
        rc = -1;
    }
    relay_in_close(&s.in);
    relay_out_close(&s.out);
    buf_release(&s.rx);
    buf_wipe(&s.tx);
    buf_wipe(&s.typed);
    return rc;
}
