/* SPDX-License-Identifier: MIT */
#include "term/session_client.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/unix_socket.h"
#include "term/keys.h"
#include "term/tty_reset.h"

#include <unistd.h>

enum { SESSION_SERVER_ROWS = 24, SESSION_SERVER_COLS = 80 };

int session_server_open(struct session_server *h, const char *path,
                        const struct session_server_info *info, struct err *e)
{
    *h = (struct session_server){.listener = -1, .path = path, .info = *info};
    h->quiet_at_ms = h->end_at_ms = -1;
    h->rows = SESSION_SERVER_ROWS; /* until a terminal is attached */
    h->cols = SESSION_SERVER_COLS;
    buf_init(&h->answers, SCREEN_ANSWERS_MAX);
    buf_init(&h->typed, PASSED_TTY_READ + KEYS_HELD_MAX);
    /* This process holds the session's lock, so no other process listens there. */
    (void)unlink(path);
    h->listener = unix_socket_listen(path, 0600, e);
    if (h->listener < 0) {
        return -1;
    }
    h->screen = screen_new(SESSION_SERVER_ROWS, SESSION_SERVER_COLS);
    screen_answer_to(h->screen, &h->answers);
    return 0;
}

int session_server_move(struct session_server *h, const char *path, struct err *e)
{
    fd_close(&h->listener);
    (void)unlink(path); /* as in session_server_open() */
    h->path = path;
    h->listener = unix_socket_listen(path, 0600, e);
    return h->listener < 0 ? -1 : 0;
}

void session_server_close(struct session_server *h)
{
    for (size_t i = 0; i < h->count; i++) {
        client_free(h->clients[i]);
    }
    if (h->listener >= 0) {
        (void)unlink(h->path);
    }
    fd_close(&h->listener);
    screen_free(h->screen);
    buf_release(&h->answers);
    buf_wipe(&h->typed);
    *h = (struct session_server){.listener = -1};
}

void session_server_mind_answers(struct session_server *h)
{
    bool alone = !h->local && session_server_count(h) == 0;

    screen_answer_to(h->screen, alone ? &h->answers : NULL);
}

bool session_server_choose_size(struct session_server *h)
{
    int64_t latest = h->local ? h->local_used_us : -1;
    unsigned rows = h->local ? h->local_rows : 0;
    unsigned cols = h->local ? h->local_cols : 0;
    bool changed;

    for (size_t i = 0; i < h->count; i++) {
        const struct session_client *c = h->clients[i];

        if (c->kind == FRAME_HELLO_ATTACH && !c->leaving && c->used_us > latest) {
            latest = c->used_us;
            rows = c->rows;
            cols = c->cols;
        }
    }
    if (latest < 0) {
        return false; /* no terminal is attached: the size does not change */
    }
    changed = rows != h->rows || cols != h->cols;
    h->rows = rows;
    h->cols = cols;
    if (changed) {
        screen_resize(h->screen, rows, cols);
    }
    if (h->record != NULL) {
        record_size(h->record, rows, cols);
    }
    return changed;
}

bool session_server_local_size(struct session_server *h, unsigned rows, unsigned cols)
{
    if (!h->local) {
        h->local = true;
        h->local_used_us = clock_us();
        session_server_mind_answers(h);
    }
    h->local_rows = rows;
    h->local_cols = cols;
    return session_server_choose_size(h);
}

bool session_server_local_types(struct session_server *h, struct str bytes)
{
    if (!keys_is_report(bytes)) {
        h->local_used_us = clock_us();
    }
    return session_server_choose_size(h);
}

bool session_server_local_leaves(struct session_server *h)
{
    h->local = h->local_waits = false;
    session_server_mind_answers(h);
    return session_server_choose_size(h);
}

size_t session_server_count(const struct session_server *h)
{
    size_t n = 0;

    for (size_t i = 0; i < h->count; i++) {
        n += client_watches(h->clients[i]) ? 1U : 0U;
    }
    return n;
}

size_t session_server_keeping_up(const struct session_server *h)
{
    size_t n = 0;

    for (size_t i = 0; i < h->count; i++) {
        n += client_watches(h->clients[i]) && !h->clients[i]->stale ? 1U : 0U;
    }
    return n;
}

/* Returns how many bytes of output are queued for a client before it counts as falling behind.
 * The command waits for a single terminal, so a longer queue only means fewer turns of the
 * loop. If there are several terminals, a short queue means that a client that falls behind
 * soon gets the screen instead, which is less to write. */
static size_t queue_of(const struct session_server *h)
{
    return !h->local && session_server_keeping_up(h) <= 1 ? SESSION_SERVER_QUEUE_ALONE
                                                          : SESSION_SERVER_QUEUE;
}

size_t session_server_room(const struct session_server *h)
{
    size_t queue = queue_of(h);
    size_t room = queue;

    for (size_t i = 0; i < h->count; i++) {
        const struct session_client *c = h->clients[i];

        if (client_watches(c) && !c->stale && client_room(c, queue) < room) {
            room = client_room(c, queue);
        }
    }
    return room;
}

void session_server_leave(struct session_server *h, bool always, struct buf *out)
{
    tty_reset(&h->watch, out);
    if ((h->watch.marks & OUTPUT_ORIGIN) == 0) {
        screen_go_below(h->screen, always, out);
    } else { /* the cursor is in the last line */
        (void)buf_add_c(out, "\r\n");
    }
}

bool session_server_draw(struct session_server *h, struct buf *out)
{
    h->local_waits = screen_is_behind(h->screen);
    if (!h->local_waits) {
        (void)screen_draw(h->screen, false, out); /* fits: the limit of `out` is high enough */
    }
    return !h->local_waits;
}

size_t session_server_takes(const struct session_server *h)
{
    return h->awaited || h->local_waits ? 0 : screen_room(h->screen);
}

/* Returns true if the screen should parse bytes now, because it will soon take no more. */
static bool is_urgent(const struct session_server *h)
{
    return screen_is_behind(h->screen) && session_server_takes(h) < SCREEN_EAGER_MAX / 2;
}

void session_server_output(struct session_server *h, struct str bytes)
{
    size_t queue = queue_of(h);

    screen_feed(h->screen, bytes);
    output_watch(&h->watch, bytes);
    h->output_ms = clock_ms();
    if (screen_is_behind(h->screen)) {
        h->quiet_at_ms = clock_ms() + SESSION_SERVER_QUIET_MS;
    }
    if (h->record != NULL) {
        record_output(h->record, bytes);
    }
    for (size_t i = 0; i < h->count; i++) {
        struct session_client *c = h->clients[i];

        if (!client_watches(c) || c->stale || client_needs_screen(h, c)) {
            continue;
        }
        if (client_room(c, queue) < bytes.len) {
            client_flush(c);
        }
        if (client_room(c, queue) < bytes.len) {
            client_falls_behind(c);
        } else {
            client_output(c, bytes);
        }
    }
}

/* Measures how long a client has not read. The command waits for a single client, but not for
 * longer than SESSION_SERVER_STALL_MS. */
static void mind_stall(struct session_client *c, size_t queue, int64_t now_ms)
{
    if (c->stale || !client_watches(c) || client_room(c, queue) >= FRAME_MAX) {
        c->stalled_ms = -1;
    } else if (c->stalled_ms < 0) {
        c->stalled_ms = now_ms;
    } else if (now_ms - c->stalled_ms >= SESSION_SERVER_STALL_MS) {
        client_falls_behind(c);
    }
}

void session_server_flush(struct session_server *h)
{
    for (size_t i = 0; i < h->count; i++) {
        client_flush(h->clients[i]);
        mind_stall(h->clients[i], queue_of(h), clock_ms());
    }
}

/* Accepts the clients that have connected, and refuses those of other users. */
static void accept_all(struct session_server *h)
{
    struct err e = {0};
    int fd;

    while (h->count < SESSION_SERVER_CLIENTS_MAX &&
           (fd = unix_socket_accept(h->listener, &e)) >= 0) {
        if (!unix_socket_peer_is(fd, geteuid())) {
            fd_close(&fd);
            continue;
        }
        h->clients[h->count++] = client_new(fd);
    }
}

/* Removes the clients that have left. Returns true if any was removed, because it may have
 * decided the size. */
static bool sweep(struct session_server *h)
{
    bool gone = false;
    size_t kept = 0;

    for (size_t i = 0; i < h->count; i++) {
        struct session_client *c = h->clients[i];

        if (c->leaving && client_pending(c) == 0) {
            gone = true;
            client_free(c);
        } else {
            h->clients[kept++] = c;
        }
    }
    h->count = kept;
    return gone;
}

/* Returns when a client that waits for the screen should get it. It does not get it at once,
 * because drawing a screen is expensive, and a client that falls behind again needs another
 * one. */
static int64_t show_time(const struct session_server *h, const struct session_client *c)
{
    return clock_earlier(c->show_at_ms, h->output_ms + SESSION_SERVER_PAUSE_MS);
}

/* Returns true if a client should be shown the screen now. */
static bool is_due(const struct session_server *h, const struct session_client *c)
{
    return c->stale && !c->leaving && !c->passed_tty.held && client_pending(c) == 0 &&
           clock_ms() >= show_time(h, c);
}

/* Fills a slot for poll(2). A descriptor from which no event is wanted is left out, because
 * POLLHUP would be reported all the time otherwise. */
static void want(struct pollfd *slot, int fd, bool reads, bool writes)
{
    int events = (reads ? POLLIN : 0) | (writes ? POLLOUT : 0);

    *slot = (struct pollfd){.fd = events != 0 ? fd : -1, .events = (short)events};
}

/* Fills the two slots of a client. Returns when the client needs a turn, and -1 for never.
 * Clients are read even while the command takes no input, because they may send other frames
 * than INPUT. */
static int64_t prepare_client(const struct session_server *h, const struct session_client *c,
                              struct pollfd *fds, bool input_room)
{
    const struct passed_tty *l = &c->passed_tty;
    bool shows = is_due(h, c) && !screen_is_behind(h->screen);
    int64_t stalls = c->stalled_ms < 0 ? -1 : c->stalled_ms + SESSION_SERVER_STALL_MS;
    bool waits = c->stale && !c->leaving && !l->held && !is_due(h, c);

    want(&fds[0], c->fd, !c->leaving && buf_room(&c->rx) > 0,
         client_may_write(c) || (shows && !passed_tty_is(l)));
    want(&fds[1], l->fd, input_room && client_watches(c) && !c->told_end && !l->held,
         l->out.queue.len > 0 || (shows && passed_tty_is(l)));
    stalls = clock_earlier(stalls, waits && client_pending(c) == 0 ? show_time(h, c) : -1);
    return clock_earlier(clock_earlier(stalls, c->leave_at_ms), l->keys.deadline_ms);
}

size_t session_server_slots(const struct session_server *h)
{
    return 1 + 2 * h->count;
}

int session_server_prepare(struct session_server *h, struct pollfd *fds, size_t input_room)
{
    int64_t soonest = clock_earlier(h->quiet_at_ms, h->end_at_ms);
    bool room = input_room >= PASSED_TTY_READ + KEYS_HELD_MAX;

    fds[0] = (struct pollfd){
        .fd = h->count < SESSION_SERVER_CLIENTS_MAX && !h->told_end ? h->listener : -1,
        .events = POLLIN};
    for (size_t i = 0; i < h->count; i++) {
        soonest =
            clock_earlier(soonest, prepare_client(h, h->clients[i], &fds[1 + 2 * i], room));
    }
    return is_urgent(h) ? 0 : clock_poll_timeout(soonest);
}

/* Shows the screen to the clients that wait for it, once it is up to date. */
static void show_screen(struct session_server *h)
{
    bool known = !screen_is_behind(h->screen);

    h->awaited = false;
    for (size_t i = 0; i < h->count; i++) {
        struct session_client *c = h->clients[i];

        if (!is_due(h, c)) {
            continue;
        }
        if (known) {
            client_show(h, c);
            client_flush(c);
        } else {
            h->awaited = true;
        }
    }
}

/* Lets the screen catch up a little if that is urgent or if the queue of output is empty. */
static void look_at_screen(struct session_server *h)
{
    if (is_urgent(h) || (h->quiet_at_ms >= 0 && clock_ms() >= h->quiet_at_ms)) {
        screen_step(h->screen);
    }
    if (!screen_is_behind(h->screen)) {
        h->quiet_at_ms = -1;
    }
}

void session_server_dispatch(struct session_server *h, const struct pollfd *fds,
                             struct session_server_asked *asked)
{
    size_t polled = h->count;

    for (size_t i = 0; i < polled; i++) {
        struct session_client *c = h->clients[i];

        if ((fds[1 + 2 * i].revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
            client_read(c);
        }
        client_take(h, c, asked);
        client_keys(h, c, (fds[2 + 2 * i].revents & (POLLIN | POLLHUP | POLLERR)) != 0, asked);
        client_flush(c);
    }
    if (fds[0].revents != 0) {
        accept_all(h);
    }
    if (sweep(h)) {
        session_server_mind_answers(h);
        asked->resized = session_server_choose_size(h) || asked->resized;
    }
    look_at_screen(h);
    show_screen(h);
    if (h->answers.len > 0) {
        if (buf_room(asked->input) >= h->answers.len) {
            (void)buf_add_str(asked->input, buf_str(&h->answers)); /* fits: there is room */
        }
        buf_drop(&h->answers, h->answers.len);
    }
}

bool session_server_end(struct session_server *h, const struct frame_exit *how, int64_t now_ms)
{
    bool waiting = false;

    if (!h->told_end) {
        h->told_end = true;
        h->end_at_ms = now_ms + SESSION_SERVER_END_MS;
        accept_all(h); /* a client that has just connected also gets the exit frame */
        h->end_is_seen = session_server_count(h) > 0;
    }
    for (size_t i = 0; i < h->count; i++) {
        struct session_client *c = h->clients[i];

        if (c->leaving) {
            c->told_end = true; /* it leaves, so it does not need the exit frame */
        } else if (c->kind != 0 && !c->told_end) {
            if (c->stale) {
                continue; /* first it is shown the screen, and then it gets the exit frame */
            }
            c->told_end = true;
            client_leave(h, c, false);
            (void)frame_add_exit(&c->tx, how);
            client_flush(c);
        }
    }
    for (size_t i = 0; i < h->count; i++) {
        const struct session_client *c = h->clients[i];

        /* This also waits for a client that has not greeted yet. */
        waiting = waiting || !c->told_end || client_pending(c) > 0;
    }
    return !waiting || now_ms >= h->end_at_ms;
}
