/* SPDX-License-Identifier: MIT */
#include "term/session_client.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/sig.h"
#include "base/unix_socket.h"
#include "term/keys.h"
#include "term/tty_reset.h"
#include "wire/json.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    RX_MAX = 64 << 10,
    READ_SIZE = 32 << 10,
    TX_MAX = SCREEN_DRAW_MAX + (32 << 20), /* a whole screen, with the heads of its frames */
    INFO_MAX = 16 << 10
};

struct session_client *client_new(int fd)
{
    struct session_client *c = calloc(1, sizeof(*c));

    if (c == NULL) {
        abort();
    }
    c->fd = fd;
    c->stalled_ms = c->leave_at_ms = -1;
    passed_tty_init(&c->passed_tty);
    buf_init(&c->rx, RX_MAX);
    buf_init(&c->tx, TX_MAX);
    return c;
}

bool client_watches(const struct session_client *c)
{
    return !c->leaving && (c->kind == FRAME_HELLO_ATTACH || c->kind == FRAME_HELLO_READ_ONLY);
}

void client_free(struct session_client *c)
{
    passed_tty_close(&c->passed_tty);
    fd_close(&c->fd);
    buf_wipe(&c->rx);
    buf_release(&c->tx);
    free(c);
}

void client_falls_behind(struct session_client *c)
{
    c->stale = true;
    c->show_at_ms = clock_ms() + SESSION_SERVER_SHOW_MS;
}

size_t client_room(const struct session_client *c, size_t queue)
{
    size_t used = passed_tty_is(&c->passed_tty) ? c->passed_tty.out.queue.len : c->tx.len;

    return used < queue ? queue - used : 0;
}

size_t client_pending(const struct session_client *c)
{
    return c->tx.len + c->passed_tty.out.queue.len;
}

bool client_may_write(const struct session_client *c)
{
    return c->tx.len > 0 && (c->passed_tty.out.queue.len == 0 || !(c->leaving || c->told_end));
}

void client_output(struct session_client *c, struct str bytes)
{
    if (!passed_tty_is(&c->passed_tty)) {
        (void)frame_add_bytes(&c->tx, FRAME_OUTPUT, bytes); /* fits: see client_room() */
    } else if (c->passed_tty.held) {
        c->stale = true; /* it is shown the screen when its process is continued */
    } else {
        /* Fits, too. It is written at the end of the turn. */
        (void)buf_add_str(&c->passed_tty.out.queue, bytes);
    }
}

/* Queues text of the server's own, such as a screen. It fits: the limits of both queues are
 * higher than such a text can be long. */
static void queue_text(struct session_client *c, struct str text)
{
    if (passed_tty_is(&c->passed_tty)) {
        (void)buf_add_str(&c->passed_tty.out.queue, text);
    } else {
        (void)frame_add_bytes(&c->tx, FRAME_OUTPUT, text);
    }
}

/* Returns true if the client's terminal can show only a part of the screen. */
static bool shows_part(const struct session_server *h, const struct session_client *c)
{
    return c->kind == FRAME_HELLO_READ_ONLY && c->rows > 0 && c->cols > 0 &&
           (c->rows < h->rows || c->cols < h->cols);
}

bool client_needs_screen(const struct session_server *h, struct session_client *c)
{
    if (!shows_part(h, c) && !c->part) {
        return false;
    }
    client_falls_behind(c);
    return true;
}

void client_show(const struct session_server *h, struct session_client *c)
{
    struct buf text;

    buf_init(&text, SCREEN_DRAW_MAX);
    c->part = shows_part(h, c);
    if (c->part) {
        (void)screen_draw_part(h->screen, c->rows, c->cols, &text); /* fits, as below */
    } else {
        /* Fits: SCREEN_DRAW_MAX is enough. */
        (void)screen_draw(h->screen, c->newcomer, &text);
    }
    queue_text(c, buf_str(&text));
    buf_release(&text);
    c->stale = c->newcomer = false;
}

/* Queues QUERIED if the client's terminal may still send answers. */
static void warn_of_answers(const struct session_server *h, struct session_client *c)
{
    if (output_watch_expects_answers(&h->watch)) {
        (void)frame_add(&c->tx, FRAME_QUERIED, str_n(NULL, 0)); /* fits: tx has a high limit */
    }
}

void client_leave(struct session_server *h, struct session_client *c, bool below)
{
    struct buf text;

    if (!client_watches(c)) {
        return;
    }
    buf_init(&text, TTY_RESET_MAX);
    if (c->stale || c->part) {
        tty_reset_any(&text); /* the terminal does not show the current screen */
    } else {
        session_server_leave(h, below, &text);
    }
    queue_text(c, buf_str(&text));
    buf_release(&text);
    warn_of_answers(h, c);
}

/* Drops everything of a client that is gone, so that it is removed. */
static void lose(struct session_client *c)
{
    passed_tty_close(&c->passed_tty);
    buf_drop(&c->tx, c->tx.len);
    c->leaving = true;
}

static bool is_overdue(const struct session_client *c)
{
    return c->leave_at_ms >= 0 && clock_ms() >= c->leave_at_ms;
}

/* Writes the queue of the passed terminal, or drops it if the client's time to leave is
 * over. */
static void flush_terminal(struct session_client *c)
{
    struct relay_out *out = &c->passed_tty.out;
    size_t before = out->queue.len;

    relay_out_flush(out);
    if (out->queue.len < before) {
        c->stalled_ms = -1;
    }
    if (is_overdue(c)) {
        buf_drop(&out->queue, out->queue.len);
    }
    if (out->broken || c->passed_tty.ended) {
        lose(c);
    }
}

void client_flush(struct session_client *c)
{
    ssize_t sent;

    if (passed_tty_is(&c->passed_tty)) {
        flush_terminal(c);
    }
    sent = client_may_write(c) ? fd_write(c->fd, buf_data(&c->tx), c->tx.len) : 0;
    if (sent > 0) {
        buf_drop(&c->tx, (size_t)sent);
        c->stalled_ms = -1;
    } else if (sent < 0 && errno != EAGAIN) {
        lose(c);
    }
    if (c->tx.len > 0 && is_overdue(c)) {
        lose(c); /* the client does not read the frame with which it may leave */
    }
}

static void send_info(struct session_server *h, struct session_client *c)
{
    struct buf text;
    struct json_w w;

    buf_init(&text, INFO_MAX);
    json_w_init(&w, &text, 0);
    json_w_object(&w);
    json_w_member(&w, "name", h->info.name);
    json_w_member(&w, "project", h->info.project);
    json_w_member(&w, "engine", h->info.engine);
    json_w_member_u64(&w, "started", (uint64_t)h->info.started);
    json_w_member_u64(&w, "pid", (uint64_t)getpid());
    json_w_member_u64(&w, "clients", session_server_count(h) + (h->local ? 1 : 0));
    json_w_member_bool(&w, "piped", h->info.piped);
    json_w_member_u64(&w, "rows", h->info.piped ? 0 : h->rows);
    json_w_member_u64(&w, "cols", h->info.piped ? 0 : h->cols);
    json_w_end(&w);
    (void)frame_add(&c->tx, FRAME_INFO, buf_str(&text)); /* fits: paths are shorter */
    buf_release(&text);
}

/* Handles a client's HELLO. Returns 0 on success and -1 on error. */
static int greet(struct session_server *h, struct session_client *c, struct frame f,
                 struct session_server_asked *asked, struct err *e)
{
    struct str rest = {0};
    struct str size;
    int fd = c->passed_tty.fd;

    if (frame_hello(f, &c->kind, &rest, e) < 0) {
        return -1;
    }
    if (h->info.piped && (c->kind == FRAME_HELLO_ATTACH || c->kind == FRAME_HELLO_READ_ONLY)) {
        return err_set(e, ERR_USAGE, "the session has no terminal");
    }
    size = str_n(rest.p, rest.len < FRAME_SIZE_LEN ? rest.len : FRAME_SIZE_LEN);
    if (frame_size(size, &c->rows, &c->cols, e) < 0 ||
        (fd >= 0 && passed_tty_open(&c->passed_tty, fd, str_drop(rest, size.len), e) < 0)) {
        return -1;
    }
    (void)frame_add_hello(&c->tx, FRAME_HELLO_HOST, str_n(NULL, 0)); /* fits: tx is empty */
    switch (c->kind) {
    case FRAME_HELLO_ATTACH:
    case FRAME_HELLO_READ_ONLY:
        c->used_us = clock_us();
        session_server_mind_answers(h);
        asked->resized = session_server_choose_size(h) || asked->resized;
        c->stale = c->newcomer = true;
        return 0;
    case FRAME_HELLO_ASK:
        send_info(h, c);
        return 0;
    case FRAME_HELLO_WAIT:
        return 0;
    case FRAME_HELLO_INIT:
    case FRAME_HELLO_HOST:
    case FRAME_HELLO_KEY:
        break;
    }
    return err_set(e, ERR_FORMAT, "the greeting is not a client's");
}

/* Adds input of a client to asked->input. If the user has typed it, the client's terminal
 * decides the size from now on. */
static void take_input(struct session_server *h, struct session_client *c, struct str bytes,
                       struct session_server_asked *asked)
{
    bool report = keys_is_report(bytes);
    int64_t latest = h->local ? h->local_used_us : -1;

    if (c->kind != FRAME_HELLO_ATTACH) {
        return;
    }
    for (size_t i = 0; i < h->count; i++) {
        latest = h->clients[i]->used_us > latest ? h->clients[i]->used_us : latest;
    }
    /* Every terminal answers a query of the program, but the program expects one answer. Only
     * that of the terminal that was used last passes. */
    if (report && c->used_us < latest) {
        return;
    }
    if (!report) {
        c->used_us = clock_us();
        asked->resized = session_server_choose_size(h) || asked->resized;
    }
    (void)buf_add_str(asked->input, bytes); /* fits: the callers check the room */
}

/* Restores the client's terminal and lets the client leave. */
static void detach(struct session_server *h, struct session_client *c)
{
    client_flush(c);
    if (c->passed_tty.out.queue.len > 0) {
        c->stale = true; /* the terminal does not keep up, so it does not get the rest */
        buf_drop(&c->passed_tty.out.queue, c->passed_tty.out.queue.len);
    }
    client_leave(h, c, true);
    (void)frame_add(&c->tx, FRAME_DETACH, str_n(NULL, 0)); /* fits: tx has a high limit */
    c->leaving = true;
    c->leave_at_ms = clock_ms() + SESSION_SERVER_LEAVE_MS;
}

/* The client's process stops or is continued. In between another program uses its terminal. */
static void stop_or_go(const struct session_server *h, struct session_client *c, bool stops)
{
    if (!client_watches(c)) {
        return;
    }
    if (stops) {
        passed_tty_hold(&c->passed_tty);
        warn_of_answers(h, c);
        (void)frame_add(&c->tx, FRAME_STOPPED, str_n(NULL, 0)); /* fits: tx has a high limit */
    } else {
        c->passed_tty.held = false;
    }
    c->stale = true;
    c->show_at_ms = 0;
}

void client_keys(struct session_server *h, struct session_client *c, bool readable,
                 struct session_server_asked *asked)
{
    struct passed_tty *l = &c->passed_tty;
    struct buf *typed = &h->typed;
    bool detaches = false;

    if (!passed_tty_is(l) || l->held || !client_watches(c) ||
        buf_room(asked->input) < PASSED_TTY_READ + KEYS_HELD_MAX) {
        return;
    }
    keys_expire(&l->keys, clock_ms(), typed);
    if (readable) {
        detaches = passed_tty_read(l, clock_ms(), typed);
    }
    if (typed->len > 0) {
        take_input(h, c, buf_str(typed), asked);
        buf_drop(typed, typed->len);
    }
    if (detaches) {
        detach(h, c);
    }
}

static int take_frame(struct session_server *h, struct session_client *c, struct frame f,
                      struct session_server_asked *asked, struct err *e)
{
    int signo;

    if (c->kind == 0) {
        return greet(h, c, f, asked, e);
    }
    switch (f.type) {
    case FRAME_INPUT:
        take_input(h, c, f.payload, asked);
        return 0;
    case FRAME_SIZE:
        if (frame_size(f.payload, &c->rows, &c->cols, e) < 0) {
            return -1;
        }
        if (client_needs_screen(h, c)) {
            c->show_at_ms = 0;
        }
        asked->resized = session_server_choose_size(h) || asked->resized;
        return 0;
    case FRAME_SIGNAL:
        signo = sig_number(f.payload);
        if (signo == SIGCONT || signo == SIGTSTP) {
            stop_or_go(h, c, signo == SIGTSTP);
            return 0;
        }
        if (c->kind == FRAME_HELLO_ATTACH && signo > 0 &&
            asked->signal_count < SESSION_SERVER_SIGNALS_MAX) {
            asked->signals[asked->signal_count++] = signo;
        }
        return 0;
    case FRAME_DETACH:
        detach(h, c);
        return 0;
    case FRAME_STOP:
        asked->stop = true;
        return 0;
    default:
        return err_set(e, ERR_FORMAT, "unexpected frame of type %u from a client", f.type);
    }
}

void client_read(struct session_client *c)
{
    size_t room = buf_room(&c->rx) < READ_SIZE ? buf_room(&c->rx) : (size_t)READ_SIZE;
    char *p = buf_reserve(&c->rx, room);
    int fds[UNIX_SOCKET_FDS_MAX] = {-1, -1, -1, -1};
    ssize_t got = room == 0 ? -1 : unix_socket_recv(c->fd, p, room, fds);

    if (c->kind == 0 && c->passed_tty.fd < 0) {
        c->passed_tty.fd = fds[0]; /* greet() starts to use it */
        fds[0] = -1;
    }
    for (int i = 0; i < UNIX_SOCKET_FDS_MAX; i++) {
        fd_close(&fds[i]);
    }
    if (got > 0) {
        buf_commit(&c->rx, (size_t)got);
    } else if (got == 0 || (room > 0 && errno != EAGAIN)) {
        lose(c);
    }
}

void client_take(struct session_server *h, struct session_client *c,
                 struct session_server_asked *asked)
{
    struct str in = buf_str(&c->rx);
    struct str next = in;
    struct frame f = {0};
    struct err e = {0};
    int rc = 0;

    while (!c->leaving && (rc = frame_next(&next, &f, &e)) == 1) {
        if (f.type == FRAME_INPUT && buf_room(asked->input) < f.payload.len) {
            rc = 0;
            break;
        }
        in = next;
        rc = take_frame(h, c, f, asked, &e);
        if (rc < 0) {
            break;
        }
    }
    buf_drop(&c->rx, c->rx.len - in.len);
    if (rc < 0) {
        (void)frame_add(&c->tx, FRAME_ERROR, str_c(e.text)); /* fits: tx has a high limit */
        c->leaving = true;
        c->leave_at_ms = clock_ms() + SESSION_SERVER_LEAVE_MS;
    }
}
