/* SPDX-License-Identifier: MIT */
#include "term/relay_end.h"
#include "term/relay_signal.h"
#include "term/relay_terminal.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "term/raw.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    READ_MAX = RELAY_READ_MAX,
    BULK = 2 << 10, /* after a read of at least so many bytes, more may be waiting */
    BULK_TURNS = 16 /* reads of one descriptor in a turn */
};

/* Returns the server that has clients, or NULL. */
static struct session_server *any_server(const struct relay *r)
{
    return r->server != NULL ? r->server : r->queries;
}

/* Returns how many bytes of output may be read now. A single terminal that does not read stops
 * the output; among several, none can. After the command's end, only this process's own
 * terminal can delay the rest. */
static size_t output_room(const struct relay *r)
{
    size_t others = r->server == NULL ? 0 : session_server_keeping_up(r->server);
    bool ours = r->attached && !r->stdio.stale;
    size_t screen = r->server == NULL ? READ_MAX : session_server_takes(r->server);
    size_t room = READ_MAX;

    if (!r->session->tty || (ours && others == 0)) {
        room = stdio_end_room(&r->stdio, r->session->tty);
    } else if (!ours && others == 1 && !relay_is_over(r)) {
        room = session_server_room(r->server);
    }
    room = room < screen ? room : screen;
    return room < READ_MAX ? room : READ_MAX;
}

/* Reads a passed descriptor once. Returns true if more may be waiting. */
static bool read_passed(struct relay *r, int fd, enum frame_type type, bool *ended)
{
    size_t room = output_room(r);
    char *p = room > 0 && !*ended ? buf_reserve(&r->raw, room) : NULL;
    ssize_t got = p == NULL ? 0 : fd_read(fd, p, room);

    if (p == NULL) {
        return false;
    }
    if (got > 0) {
        r->interrupts = 0;
        relay_deliver(r, type, str_n(p, (size_t)got));
        return got >= BULK;
    }
    *ended = got == 0 || errno != EAGAIN; /* EIO means that all programs closed the terminal */
    return false;
}

/* Reads the line and the passed descriptors, and delivers the output in them. Returns 0 on
 * success and -1 on error. */
static int read_remote(struct relay *r, struct err *e)
{
    struct init_line *line = &r->line;
    struct frame f = {0};
    int got = 0;

    if ((r->fds[RELAY_LINE].revents != 0 || r->line_waits) && init_line_read(line, e) < 0) {
        return -1;
    }
    while (output_room(r) >= FRAME_MAX && (got = init_line_next(line, &f, e)) == 1) {
        r->interrupts = 0;
        relay_deliver(r, f.type, f.payload);
    }
    if (got < 0) {
        return -1;
    }
    if (line->noise.len > 0 && r->attached &&
        stdio_end_room(&r->stdio, false) > line->noise.len) {
        relay_deliver(r, FRAME_ERROUT, buf_str(&line->noise));
        buf_drop(&line->noise, line->noise.len);
    }
    for (int i = 0; r->fds[RELAY_LINE_OUT].revents != 0 && i < BULK_TURNS; i++) {
        if (!read_passed(r, line->out, FRAME_OUTPUT, &line->out_ended)) {
            break;
        }
    }
    for (int i = 0; r->fds[RELAY_LINE_ERR].revents != 0 && i < BULK_TURNS; i++) {
        if (!read_passed(r, line->err, FRAME_ERROUT, &line->err_ended)) {
            break;
        }
    }
    return 0;
}

/* The command has stopped itself (Ctrl-Z). With a single terminal this process stops as well;
 * with several the command is continued at once. */
static int follow_stop(struct relay *r, struct err *e)
{
    r->line.stopped = false;
    if (!r->attached || (r->server != NULL && session_server_count(r->server) > 0)) {
        init_line_signal(&r->line, SIGCONT);
        return 0;
    }
    while (r->line.passed && !r->line.out_ended &&
           read_passed(r, r->line.out, FRAME_OUTPUT, &r->line.out_ended)) {
    }
    return relay_suspend(r, true, e);
}

/* Reads this process's standard input. Returns true if the detach sequence was typed. */
static bool read_input(struct relay *r)
{
    struct buf unwanted;
    bool detach = false;

    if (!r->session->tty) {
        (void)relay_in_read(&r->stdio.in, &r->input);
        return false;
    }
    buf_drop(&r->raw, r->raw.len);
    (void)relay_in_read(&r->stdio.in, &r->raw);
    if (r->raw.len > 0) {
        if (r->server != NULL && r->forward_input &&
            session_server_local_types(r->server, buf_str(&r->raw))) {
            /* This process's terminal decides the size from now on. */
            init_line_resize(&r->line, r->server->rows, r->server->cols);
        }
        buf_init(&unwanted, READ_MAX + KEYS_HELD_MAX);
        detach = keys_in(&r->keys, buf_str(&r->raw), clock_ms(),
                         r->forward_input ? &r->input : &unwanted);
        buf_wipe(&unwanted);
        buf_drop(&r->raw, r->raw.len);
    }
    return detach;
}

/* Passes input to the command, and then the end of input unless it has a terminal. */
static void write_input(struct relay *r)
{
    if (!init_line_is_ready(&r->line)) {
        return;
    }
    if (!r->input_done && !init_line_input(&r->line, &r->input)) {
        r->input_done = true;
    }
    if (r->input_done) {
        buf_drop(&r->input, r->input.len);
    } else if (r->stdio.in.ended && r->input.len == 0 && !r->session->tty) {
        r->input_done = true;
        init_line_end_input(&r->line);
    }
}

/* Fills a slot for poll(2). A descriptor from which no event is wanted is left out, because
 * POLLHUP would be reported all the time otherwise. */
static void want(struct relay *r, int slot, int fd, int events)
{
    r->fds[slot] = (struct pollfd){.fd = events != 0 ? fd : -1, .events = (short)events};
}

static bool input_room(const struct relay *r)
{
    return !r->input_done && buf_room(&r->input) >= READ_MAX + KEYS_HELD_MAX;
}

/* Returns the events to poll the line for. */
static int line_events(struct relay *r, bool room)
{
    const struct init_line *line = &r->line;
    int events = room ? POLLIN : 0;

    r->line_waits = false;
    if (line->ended) {
        return 0;
    }
    if (line->tx.len > 0 || line->resized ||
        (r->input.len > 0 && !r->input_done && init_line_takes_input(line))) {
        events |= POLLOUT;
    }
    if (r->session->ops->events != NULL) {
        events = r->session->ops->events(r->session, (short)events, &r->line_waits);
    }
    return events;
}

/* Computes from the state what this turn waits for. Returns the timeout of poll(2). */
static int prepare(struct relay *r)
{
    struct session_server *server = any_server(r);
    struct init_line *line = &r->line;
    bool room = output_room(r) >= FRAME_MAX;
    int64_t soonest;
    int timeout = -1;
    int others = -1;

    for (int i = 0; i < SESSION_POLL_MAX; i++) {
        want(r, RELAY_SESSION + i, -1, 0);
    }
    if (!r->engine_lost) {
        timeout = r->session->ops->prepare(r->session, &r->fds[RELAY_SESSION]);
    }
    want(r, RELAY_SIG, r->sig->fd, POLLIN);
    for (int i = 0; i < RELAY_WATCHES; i++) {
        want(r, RELAY_WATCH + i, r->watch_fds[i], r->watch_fds[i] > 0 ? POLLIN : 0);
    }
    want(r, RELAY_LINE, r->session->fd, line_events(r, room));
    want(r, RELAY_LINE_IN, line->in, line->passed && r->input.len > 0 ? POLLOUT : 0);
    want(r, RELAY_LINE_OUT, line->out, line->passed && !line->out_ended && room ? POLLIN : 0);
    want(r, RELAY_LINE_ERR, line->err,
         line->passed && line->err >= 0 && !line->err_ended && room ? POLLIN : 0);
    want(r, RELAY_IN, r->stdio.in.fd,
         r->attached && !r->away && !r->stdio.in.ended && input_room(r) ? POLLIN : 0);
    want(r, RELAY_OUT, r->stdio.out.fd,
         r->attached && (r->stdio.out.queue.len > 0 || r->stdio.stale) ? POLLOUT : 0);
    want(r, RELAY_ERR, r->stdio.err.fd,
         r->attached && r->stdio.err.queue.len > 0 ? POLLOUT : 0);
    if (server != NULL) {
        others = session_server_prepare(server, &r->fds[RELAY_SERVER], buf_room(&r->input));
    }
    soonest = clock_earlier(r->keys.deadline_ms, r->status_deadline);
    soonest = clock_earlier(soonest, r->watch_at_ms > 0 ? r->watch_at_ms : -1);
    soonest = clock_earlier(soonest, clock_earlier(r->redraw_at_ms, r->leave_deadline));
    soonest = clock_earlier(soonest,
                            clock_earlier(stdio_end_deadline(&r->stdio), r->keepalive.due_ms));
    if (r->line_waits) {
        return 0;
    }
    if (relay_follows_modes(r) || r->away) {
        soonest = clock_earlier(soonest, clock_ms() + SIDE_MODES_MS);
    }
    return (int)clock_earlier(clock_poll_timeout(soonest), clock_earlier(timeout, others));
}

/* Shows the screen to this process's stale terminal when it takes bytes again, and writes the
 * queues. */
static void look_after_output(struct relay *r)
{
    bool ready = r->fds[RELAY_OUT].revents != 0;

    if (r->stdio.stale && ready && r->server != NULL &&
        session_server_draw(r->server, &r->stdio.out.queue)) {
        r->stdio.stale = false;
    }
    stdio_end_flush(&r->stdio, ready, r->fds[RELAY_ERR].revents != 0);
}

/* Serves the clients, and does what they request. */
static void serve_server(struct relay *r)
{
    struct session_server_asked asked = {.input = &r->input};
    struct session_server *server = any_server(r);

    if (server == NULL) {
        return;
    }
    session_server_dispatch(server, &r->fds[RELAY_SERVER], &asked);
    if (asked.resized && r->server != NULL) {
        init_line_resize(&r->line, r->server->rows, r->server->cols);
    }
    for (size_t i = 0; i < asked.signal_count; i++) {
        init_line_signal(&r->line, asked.signals[i]);
    }
    if (asked.stop) {
        relay_stop(r);
    }
}

/* Lets the engine report the end. The loss of the engine is the session's end only if the
 * engine carries the line. */
static int ask_engine(struct relay *r, struct err *e)
{
    if (r->engine_lost ||
        r->session->ops->dispatch(r->session, &r->fds[RELAY_SESSION], &r->lost) == 0) {
        return 0;
    }
    r->engine_lost = true;
    if (r->session->wrapped) {
        *e = r->lost;
        return -1;
    }
    return 0;
}

/* Returns true if the caller asked to be called now. */
static bool is_watched(const struct relay *r)
{
    bool due = r->watch_at_ms > 0 && clock_ms() >= r->watch_at_ms;

    for (int i = 0; i < RELAY_WATCHES; i++) {
        due = due || r->fds[RELAY_WATCH + i].revents != 0;
    }
    return due;
}

/* Handles one turn's events: signals, then writes, then reads. Bytes that were just read are
 * passed on at once, which saves a turn per key. Returns RELAY_ENDED if the loop goes on,
 * another enum relay_end, or -1 on error. */
static int dispatch(struct relay *r, struct err *e)
{
    bool detach = false;

    if (r->fds[RELAY_SIG].revents != 0) {
        int rc = relay_take_signals(r, e);

        if (rc != RELAY_ENDED) {
            return rc;
        }
    }
    if ((r->away && relay_come_back(r, e) < 0) || ask_engine(r, e) < 0) {
        return -1;
    }
    look_after_output(r);
    if (r->fds[RELAY_IN].revents != 0) {
        detach = read_input(r);
    }
    serve_server(r);
    if (r->redraw_at_ms >= 0 && clock_ms() >= r->redraw_at_ms) {
        r->redraw_at_ms = -1;
        init_line_resize(&r->line, r->server->rows, r->server->cols);
    }
    keys_expire(&r->keys, clock_ms(), &r->input);
    write_input(r);
    init_line_flush(&r->line);
    if (read_remote(r, e) < 0) {
        return -1;
    }
    /* Input is written a second time in this turn, because the frame PASS, which brings the
     * descriptor for input, may have come after the first time. */
    write_input(r);
    if (r->server != NULL) {
        session_server_flush(r->server);
        stdio_end_mind_stall(&r->stdio, r->fds[RELAY_OUT].revents != 0);
    } else if (r->queries != NULL) {
        session_server_flush(r->queries);
    }
    relay_pass_broken_pipe(r);
    relay_follow_modes(r);
    if (r->line.stopped && follow_stop(r, e) < 0) {
        return -1;
    }
    if (detach && r->server != NULL) {
        return RELAY_DETACHED;
    }
    if (r->attached && r->session->tty && (r->stdio.in.ended || r->stdio.out.broken)) {
        if (r->server != NULL) {
            return RELAY_HUNG_UP;
        }
        relay_hang_up(r);
    }
    return is_watched(r) ? RELAY_WATCHED : RELAY_ENDED;
}

static size_t server_slots(const struct relay *r)
{
    const struct session_server *server = any_server(r);

    return server == NULL ? 0 : session_server_slots(server);
}

int relay_run(struct relay *r, struct err *e)
{
    for (;;) {
        int rc = relay_finished(r, output_room(r) >= FRAME_MAX, e);
        int timeout;

        if (rc < 0) {
            return -1;
        }
        if (rc > 0) {
            break;
        }
        if (r->until_started && (r->line.started || relay_is_over(r) || r->line.ended)) {
            r->until_started = false;
            return RELAY_STARTED;
        }
        timeout = prepare(r);
        if (poll(r->fds, RELAY_SERVER + server_slots(r), timeout) < 0) {
            if (errno != EINTR) {
                return err_sys(e, "poll");
            }
            continue;
        }
        rc = dispatch(r, e);
        if (rc != RELAY_ENDED) {
            return rc;
        }
    }
    if (r->stdio.out.broken && r->stdio.out.errnum != EPIPE && !r->session->tty) {
        errno = r->stdio.out.errnum;
        return err_sys(e, "write the command's output");
    }
    return RELAY_ENDED;
}

void relay_open(struct relay *r)
{
    unsigned rows = 0;
    unsigned cols = 0;

    r->status_deadline = r->leave_deadline = -1;
    buf_init(&r->input, LIMIT_RELAY_BUFFER);
    buf_init(&r->raw, READ_MAX);
    stdio_end_init(&r->stdio);
    keepalive_init(&r->keepalive);
    relay_open_terminal(r);
    if (r->attached) {
        stdio_end_open(&r->stdio, r->in, r->out, r->err);
        relay_size(r, &rows, &cols);
    }
    if (r->server != NULL) {
        if (r->attached) {
            (void)session_server_local_size(r->server, rows, cols);
        }
        rows = r->server->rows;
        cols = r->server->cols;
    }
    /* A changed size makes a program redraw its screen. Therefore an adopted command first gets
     * a terminal that is one column narrower, and the true size RELAY_REDRAW_MS later. */
    r->redraw_at_ms =
        r->adopted && r->session->tty && cols > 2 ? clock_ms() + RELAY_REDRAW_MS : -1;
    init_line_open(&r->line, r->session, rows, r->redraw_at_ms >= 0 ? cols - 1 : cols);
    r->line.side = r->side;
}

void relay_leave(struct relay *r)
{
    stdio_end_close(&r->stdio);
    r->attached = r->only_waits = r->away = false;
    r->keys.held_len = r->keys.matched = 0;
    r->keys.deadline_ms = -1;
    if (r->server != NULL && session_server_local_leaves(r->server)) {
        init_line_resize(&r->line, r->server->rows, r->server->cols);
    }
}

void relay_close(struct relay *r)
{
    relay_leave(r);
    init_line_close(&r->line);
    buf_wipe(&r->input);
    buf_wipe(&r->raw);
    relay_close_terminal(r);
}
