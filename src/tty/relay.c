/* SPDX-License-Identifier: MIT */
#include "tty/relay.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "tty/raw.h"
#include "tty/relay_io.h"
#include "wire/stdcopy.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    SLOT_SIG,
    SLOT_STREAM,
    SLOT_IN,
    SLOT_OUT,
    SLOT_ERR,
    SLOT_SESSION,
    SLOT_COUNT = SLOT_SESSION + SESSION_POLL_MAX
};

enum { CANCEL_COUNT = 3, READ_MAX = 64 << 10 };

struct loop {
    struct relay *r;
    struct session *s;
    struct relay_in in;
    struct relay_out out, err;
    struct buf input; /* on its way to the session */
    struct buf raw;   /* frames as they came; empty between reads */
    struct stdcopy frames;
    bool stream_ended;
    bool input_done;     /* the session was told that no more comes, or cannot take more */
    bool hung_up;        /* HUP was passed on for our own reasons */
    unsigned interrupts; /* INT and TERM since the last sign of life */
    int64_t first_interrupt_ms; /* of these */
    int64_t status_deadline;    /* once the stream or the command has ended; -1: not yet */
    int64_t leave_deadline;     /* when the command should have obeyed HUP; -1: none */
    struct pollfd fds[SLOT_COUNT];
};

static void sign_of_life(struct loop *l)
{
    l->interrupts = 0;
}

static void send_size(struct loop *l)
{
    unsigned rows = 0;
    unsigned cols = 0;

    if (l->s->tty) {
        tty_size(l->r->out, &rows, &cols);
        l->s->ops->resize(l->s, rows, cols);
    }
}

/* The terminal or the reader of our output has gone: the command should end soon. */
static void hang_up(struct loop *l, bool pipe)
{
    if (l->hung_up) {
        return;
    }
    l->hung_up = true;
    if (pipe) {
        l->s->ops->signal(l->s, SIGPIPE);
    }
    l->s->ops->signal(l->s, SIGHUP);
    l->leave_deadline = clock_ms() + RELAY_GRACE_MS;
}

static int interrupt(struct loop *l, int signo, struct err *e)
{
    int64_t now = clock_ms();

    if (l->interrupts == 0) {
        l->first_interrupt_ms = now;
    }
    l->interrupts++;
    if (l->interrupts >= CANCEL_COUNT ||
        (l->interrupts > 1 && now - l->first_interrupt_ms >= RELAY_GRACE_MS)) {
        (void)err_set(e, ERR_CANCELED, "the engine does not answer: gave up");
        e->code = signo;
        return -1;
    }
    l->s->ops->signal(l->s, signo);
    return 0;
}

/* Stops as a job does, the command first, and goes on when continued. */
static int suspend(struct loop *l, struct err *e)
{
    bool raw = tty_raw_is_active();

    l->s->ops->signal(l->s, SIGTSTP);
    if (l->s->ops->prepare(l->s, &l->fds[SLOT_SESSION]) >= -1) {
        for (size_t i = SLOT_SESSION; i < SLOT_COUNT; i++) {
            l->fds[i].revents = 0;
        }
        /* Sends the request; its answer can wait until we are back. */
        if (l->s->ops->dispatch(l->s, &l->fds[SLOT_SESSION], e) < 0) {
            return -1;
        }
    }
    tty_raw_restore();
    (void)raise(SIGSTOP);
    if (raw && tty_raw_again(l->r->in, e) < 0) {
        return -1;
    }
    l->s->ops->signal(l->s, SIGCONT);
    send_size(l);
    return 0;
}

static int take_signals(struct loop *l, struct err *e)
{
    int signo;

    while ((signo = sig_next(l->r->sig)) != 0) {
        switch (signo) {
        case SIGWINCH:
            send_size(l);
            break;
        case SIGINT:
        case SIGTERM:
            if (interrupt(l, signo, e) < 0) {
                return -1;
            }
            break;
        case SIGHUP:
            hang_up(l, false);
            break;
        case SIGQUIT:
        case SIGUSR1:
        case SIGUSR2:
            l->s->ops->signal(l->s, signo);
            break;
        case SIGTSTP:
            if (suspend(l, e) < 0) {
                return -1;
            }
            break;
        case SIGCONT:
            if (tty_raw_is_active() && tty_raw_again(l->r->in, e) < 0) {
                return -1;
            }
            send_size(l);
            break;
        default: /* CHLD, PIPE, ALRM mean nothing here */
            break;
        }
    }
    return 0;
}

/* Output bytes of the stream go to where they belong. */
static int deliver(struct loop *l, struct str bytes, struct err *e)
{
    while (bytes.len > 0) {
        struct str data = bytes;
        size_t used = bytes.len;
        struct relay_out *to = &l->out;

        if (!l->s->tty) {
            if (stdcopy_in(&l->frames, bytes, &used, &data, e) < 0) {
                return -1;
            }
            to = l->frames.stream >= STDCOPY_STDERR ? &l->err : &l->out;
        }
        if (!to->broken) {
            (void)buf_add_str(&to->queue, data); /* fits: reads are bounded by the room */
        }
        bytes = str_drop(bytes, used);
    }
    return 0;
}

static size_t output_room(const struct loop *l)
{
    size_t a = buf_room(&l->out.queue);
    size_t b = buf_room(&l->err.queue);
    size_t room = a < b ? a : b;

    return room < READ_MAX ? room : READ_MAX;
}

static int stream_end(struct loop *l, struct err *e)
{
    if (!l->s->tty && !stdcopy_at_boundary(&l->frames)) {
        return err_set(e, ERR_EOF, "the engine's stream ended inside a frame");
    }
    l->stream_ended = true;
    l->input_done = true;
    return 0;
}

/* Reads once. With a terminal the bytes are the output; frames are taken apart first. */
static int read_stream(struct loop *l, struct err *e)
{
    struct buf *to = l->s->tty ? &l->out.queue : &l->raw;
    size_t room = output_room(l);
    char *p = room > 0 ? buf_reserve(to, room) : NULL;
    ssize_t got;

    if (p == NULL) {
        return 0;
    }
    got = fd_read(l->s->fd, p, room);
    if (got == 0 || (got < 0 && errno == ECONNRESET)) {
        return stream_end(l, e);
    }
    if (got < 0) {
        return errno == EAGAIN ? 0 : err_sys(e, "read the command's output");
    }
    sign_of_life(l);
    buf_commit(to, (size_t)got);
    if (!l->s->tty) {
        int rc = deliver(l, buf_str(&l->raw), e);

        buf_drop(&l->raw, l->raw.len);
        return rc;
    }
    return 0;
}

/* What was read from the stream before the relay began. */
static int read_early(struct loop *l, struct err *e)
{
    struct buf *early = &l->s->early;
    size_t len = early->len < output_room(l) ? early->len : output_room(l);

    if (len > 0) {
        if (deliver(l, str_n(buf_data(early), len), e) < 0) {
            return -1;
        }
        buf_drop(early, len);
    }
    return 0;
}

static void read_input(struct loop *l)
{
    (void)relay_in_read(&l->in, &l->input);
    if (l->in.ended && l->s->tty) {
        hang_up(l, false); /* the terminal has gone */
    }
}

static int write_input(struct loop *l, struct err *e)
{
    if (l->input.len > 0 && !l->input_done) {
        ssize_t sent = fd_write(l->s->fd, buf_data(&l->input), l->input.len);

        if (sent > 0) {
            buf_drop(&l->input, (size_t)sent);
        } else if (sent < 0 && errno != EAGAIN) {
            l->input_done = true; /* the command is ending; what it said is still read */
        }
    }
    if (l->input_done) {
        buf_drop(&l->input, l->input.len);
    } else if (l->in.ended && l->input.len == 0 && !l->s->tty) {
        l->input_done = true;
        return l->s->ops->end_input(l->s, e);
    }
    return 0;
}

static void want(struct loop *l, int slot, int fd, short events)
{
    l->fds[slot] = (struct pollfd){.fd = events != 0 ? fd : -1, .events = events};
}

static int earlier(int a, int b)
{
    return a < 0 ? b : b < 0 ? a : a < b ? a : b;
}

/* What this turn waits for, from the state alone. Returns poll's timeout. */
static int prepare(struct loop *l)
{
    bool reads = !l->stream_ended && l->s->early.len == 0 && output_room(l) > 0;
    bool writes = !l->input_done && l->input.len > 0;
    bool input = !l->in.ended && !l->input_done && buf_room(&l->input) > 0;
    int timeout = l->s->ops->prepare(l->s, &l->fds[SLOT_SESSION]);

    want(l, SLOT_SIG, l->r->sig->fd, POLLIN);
    want(l, SLOT_STREAM, l->s->fd, (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)));
    want(l, SLOT_IN, l->in.fd, input ? POLLIN : 0);
    want(l, SLOT_OUT, l->out.fd, l->out.queue.len > 0 ? POLLOUT : 0);
    want(l, SLOT_ERR, l->err.fd, l->err.queue.len > 0 ? POLLOUT : 0);
    if (l->s->early.len > 0 && output_room(l) > 0) {
        return 0;
    }
    timeout = earlier(timeout, clock_poll_timeout(l->status_deadline));
    return earlier(timeout, clock_poll_timeout(l->leave_deadline));
}

/* What was just read mostly can go on at once: that saves a turn per key and per echo. */
static int write_at_once(struct loop *l, struct err *e)
{
    if (l->out.own || l->out.broken) {
        relay_out_flush(&l->out);
    }
    if (l->err.own || l->err.broken) {
        relay_out_flush(&l->err);
    }
    return write_input(l, e);
}

/* Signals, then writes, then reads. */
static int dispatch(struct loop *l, struct err *e)
{
    if (l->fds[SLOT_SIG].revents != 0 && take_signals(l, e) < 0) {
        return -1;
    }
    if (l->s->ops->dispatch(l->s, &l->fds[SLOT_SESSION], e) < 0 || write_input(l, e) < 0) {
        return -1;
    }
    if (l->fds[SLOT_OUT].revents != 0 || l->out.broken) {
        relay_out_flush(&l->out);
    }
    if (l->fds[SLOT_ERR].revents != 0 || l->err.broken) {
        relay_out_flush(&l->err);
    }
    if (l->out.broken) {
        hang_up(l, true);
    }
    if (l->fds[SLOT_IN].revents != 0) {
        read_input(l);
    }
    if (read_early(l, e) < 0) {
        return -1;
    }
    if ((l->fds[SLOT_STREAM].revents & (POLLIN | POLLHUP | POLLERR)) != 0 &&
        l->s->early.len == 0 && read_stream(l, e) < 0) {
        return -1;
    }
    return write_at_once(l, e);
}

/* 1 when everything is over, 0 to go on. */
static int finished(struct loop *l, struct err *e)
{
    int64_t now = clock_ms();
    bool drained = l->out.queue.len == 0 && l->err.queue.len == 0;

    if (l->s->ended && l->stream_ended && drained) {
        return 1;
    }
    if (l->leave_deadline >= 0 && now >= l->leave_deadline && !l->s->ended) {
        (void)err_set(e, ERR_CANCELED,
                      "the command did not end after its terminal or reader had gone");
        e->code = l->out.broken ? SIGPIPE : SIGHUP;
        return -1;
    }
    if (!l->s->ended && !l->stream_ended) {
        return 0;
    }
    if (l->status_deadline < 0) {
        l->status_deadline = now + RELAY_STATUS_MS;
    }
    if (now < l->status_deadline) {
        return 0;
    }
    if (l->s->ended) {
        l->stream_ended = true; /* the status is known; only the engine's bookkeeping lags */
        l->status_deadline = -1;
        return drained ? 1 : 0;
    }
    return err_set(e, ERR_TIMEOUT,
                   "the command's output ended but the engine tells no exit status");
}

static int loop_run(struct loop *l, struct err *e)
{
    for (;;) {
        int done = finished(l, e);
        int timeout;

        if (done != 0) {
            return done < 0 ? -1 : 0;
        }
        timeout = prepare(l);
        if (poll(l->fds, SLOT_COUNT, timeout) < 0) {
            if (errno != EINTR) {
                return err_sys(e, "poll");
            }
            continue;
        }
        if (dispatch(l, e) < 0) {
            return -1;
        }
    }
}

int relay_run(struct relay *r, struct err *e)
{
    struct loop l = {.r = r, .s = r->session, .status_deadline = -1, .leave_deadline = -1};
    int rc;

    stdcopy_init(&l.frames);
    buf_init(&l.input, LIMIT_RELAY_BUFFER);
    buf_init(&l.raw, READ_MAX);
    relay_out_open(&l.out, r->out, LIMIT_RELAY_BUFFER);
    relay_out_open(&l.err, r->err, LIMIT_RELAY_BUFFER);
    if (r->forward_input) {
        relay_in_open(&l.in, r->in);
    } else {
        l.in = (struct relay_in){.fd = -1, .ended = true};
    }
    rc = loop_run(&l, e);
    if (rc == 0 && l.out.broken && l.out.errnum != EPIPE) {
        errno = l.out.errnum;
        rc = err_sys(e, "write the command's output");
    }
    relay_in_close(&l.in);
    relay_out_close(&l.out);
    relay_out_close(&l.err);
    buf_release(&l.raw);
    buf_wipe(&l.input);
    return rc;
}
