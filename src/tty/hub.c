/* SPDX-License-Identifier: MIT */
#include "tty/hub.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/local.h"
#include "base/sig.h"
#include "tty/keys.h"
#include "wire/json.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    RX_MAX = 64 << 10,
    READ_SIZE = 32 << 10,
    TX_MAX = 16 << 20,
    INFO_MAX = 16 << 10,
    HUB_ROWS = 24,
    HUB_COLS = 80
};

static bool watches(const struct hub_client *c)
{
    return !c->leaving && (c->kind == FRAME_HELLO_ATTACH || c->kind == FRAME_HELLO_READ_ONLY);
}

int hub_open(struct hub *h, const char *path, const struct hub_info *info, struct err *e)
{
    *h = (struct hub){.listener = -1, .path = path, .info = *info};
    h->settle_at_ms = h->end_at_ms = -1;
    h->rows = HUB_ROWS; /* until a terminal comes */
    h->cols = HUB_COLS;
    buf_init(&h->answers, SCREEN_ANSWERS_MAX);
    (void)unlink(path); /* the session's lock is ours: nobody else listens there */
    h->listener = local_listen(path, 0600, e);
    if (h->listener < 0) {
        return -1;
    }
    h->screen = screen_new(HUB_ROWS, HUB_COLS);
    screen_answer_to(h->screen, &h->answers);
    return 0;
}

static void free_client(struct hub_client *c)
{
    fd_close(&c->fd);
    buf_wipe(&c->rx);
    buf_release(&c->tx);
    free(c);
}

void hub_close(struct hub *h)
{
    for (size_t i = 0; i < h->count; i++) {
        free_client(h->clients[i]);
    }
    if (h->listener >= 0) {
        (void)unlink(h->path);
    }
    fd_close(&h->listener);
    screen_free(h->screen);
    buf_release(&h->answers);
    *h = (struct hub){.listener = -1};
}

/* Somebody else answers the program's questions, or nobody does. */
static void mind_answers(struct hub *h)
{
    bool alone = !h->local && hub_count(h) == 0;

    screen_answer_to(h->screen, alone ? &h->answers : NULL);
}

/* The size of whoever was used last, among those that may decide. True where that changes it. */
static bool choose_size(struct hub *h)
{
    int64_t latest = h->local ? h->local_used_ms : -1;
    unsigned rows = h->local ? h->local_rows : 0;
    unsigned cols = h->local ? h->local_cols : 0;
    bool changed;

    for (size_t i = 0; i < h->count; i++) {
        const struct hub_client *c = h->clients[i];

        if (c->kind == FRAME_HELLO_ATTACH && !c->leaving && c->used_ms > latest) {
            latest = c->used_ms;
            rows = c->rows;
            cols = c->cols;
        }
    }
    if (latest < 0) {
        return false; /* nobody: it stays as it is */
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

bool hub_local_size(struct hub *h, unsigned rows, unsigned cols)
{
    if (!h->local) {
        h->local = true;
        h->local_used_ms = clock_us();
        mind_answers(h);
    }
    h->local_rows = rows;
    h->local_cols = cols;
    return choose_size(h);
}

bool hub_local_types(struct hub *h, struct str bytes)
{
    if (!keys_is_report(bytes)) {
        h->local_used_ms = clock_us();
    }
    return choose_size(h);
}

bool hub_local_leaves(struct hub *h)
{
    h->local = false;
    mind_answers(h);
    return choose_size(h);
}

size_t hub_count(const struct hub *h)
{
    size_t n = 0;

    for (size_t i = 0; i < h->count; i++) {
        n += watches(h->clients[i]) ? 1U : 0U;
    }
    return n;
}

size_t hub_keeping_up(const struct hub *h)
{
    size_t n = 0;

    for (size_t i = 0; i < h->count; i++) {
        n += watches(h->clients[i]) && !h->clients[i]->stale ? 1U : 0U;
    }
    return n;
}

static size_t room_of(const struct hub_client *c)
{
    return c->tx.len < HUB_QUEUE ? HUB_QUEUE - c->tx.len : 0;
}

size_t hub_room(const struct hub *h)
{
    size_t room = HUB_QUEUE;

    for (size_t i = 0; i < h->count; i++) {
        const struct hub_client *c = h->clients[i];

        if (watches(c) && !c->stale && room_of(c) < room) {
            room = room_of(c);
        }
    }
    return room;
}

void hub_leave(struct hub *h, bool below, struct buf *out)
{
    screen_leave(h->screen, below, out);
}

void hub_draw(struct hub *h, struct buf *out)
{
    (void)screen_draw(h->screen, false, out); /* what does not fit is drawn once more later */
}

static void show_screen(struct hub *h, struct hub_client *c, bool scrollback)
{
    struct buf text;

    buf_init(&text, TX_MAX / 2);
    (void)screen_draw(h->screen, scrollback, &text); /* far below that limit */
    (void)frame_add_bytes(&c->tx, FRAME_OUTPUT, buf_str(&text));
    buf_release(&text);
    c->stale = false;
}

static void flush(struct hub_client *c)
{
    ssize_t sent = c->tx.len == 0 ? 0 : fd_write(c->fd, buf_data(&c->tx), c->tx.len);

    if (sent > 0) {
        buf_drop(&c->tx, (size_t)sent);
    } else if (sent < 0 && errno != EAGAIN) {
        buf_drop(&c->tx, c->tx.len);
        c->leaving = true;
    }
}

void hub_output(struct hub *h, struct str bytes)
{
    screen_feed(h->screen, bytes);
    if (screen_is_behind(h->screen)) {
        h->settle_at_ms = clock_ms() + HUB_SETTLE_MS;
    }
    if (h->record != NULL) {
        record_output(h->record, bytes);
    }
    for (size_t i = 0; i < h->count; i++) {
        struct hub_client *c = h->clients[i];

        if (!watches(c) || c->stale) {
            continue;
        }
        if (room_of(c) < bytes.len) {
            c->stale = true;
            continue;
        }
        (void)frame_add_bytes(&c->tx, FRAME_OUTPUT, bytes); /* far below the limit */
    }
}

void hub_flush(struct hub *h)
{
    for (size_t i = 0; i < h->count; i++) {
        flush(h->clients[i]);
    }
}

static void accept_all(struct hub *h)
{
    struct err e = {0};
    int fd;

    while (h->count < HUB_CLIENTS_MAX && (fd = local_accept(h->listener, &e)) >= 0) {
        struct hub_client *c;

        if (!local_peer_is(fd, geteuid())) {
            fd_close(&fd);
            continue;
        }
        c = calloc(1, sizeof(*c));
        if (c == NULL) {
            abort();
        }
        c->fd = fd;
        buf_init(&c->rx, RX_MAX);
        buf_init(&c->tx, TX_MAX);
        h->clients[h->count++] = c;
    }
}

static void send_info(struct hub *h, struct hub_client *c)
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
    json_w_member_u64(&w, "clients", hub_count(h) + (h->local ? 1 : 0));
    json_w_member_u64(&w, "rows", h->rows);
    json_w_member_u64(&w, "cols", h->cols);
    json_w_end(&w);
    (void)frame_add(&c->tx, FRAME_INFO, buf_str(&text)); /* paths are shorter than a frame */
    buf_release(&text);
}

static int greet(struct hub *h, struct hub_client *c, struct frame f, struct hub_asked *asked,
                 struct err *e)
{
    struct str rest = {0};

    if (frame_hello(f, &c->kind, &rest, e) < 0 || frame_size(rest, &c->rows, &c->cols, e) < 0) {
        return -1;
    }
    (void)frame_add_hello(&c->tx, FRAME_HELLO_HOST, str_n(NULL, 0)); /* the first: fits */
    switch (c->kind) {
    case FRAME_HELLO_ATTACH:
    case FRAME_HELLO_READ_ONLY:
        c->used_ms = clock_us();
        mind_answers(h);
        asked->resized = choose_size(h) || asked->resized;
        show_screen(h, c, true);
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
    return err_set(e, ERR_FORMAT, "a greeting that is not a client's");
}

static void take_input(struct hub *h, struct hub_client *c, struct str bytes,
                       struct hub_asked *asked)
{
    bool report = keys_is_report(bytes);
    int64_t latest = h->local ? h->local_used_ms : -1;

    if (c->kind != FRAME_HELLO_ATTACH) {
        return;
    }
    for (size_t i = 0; i < h->count; i++) {
        latest = h->clients[i]->used_ms > latest ? h->clients[i]->used_ms : latest;
    }
    /* Every terminal answers a program's question; the program expects one answer. */
    if (report && c->used_ms < latest) {
        return;
    }
    if (!report) {
        c->used_ms = clock_us();
        asked->resized = choose_size(h) || asked->resized;
    }
    (void)buf_add_str(asked->input, bytes); /* the relay left the room */
}

/* Its terminal as a shell expects it. */
static void say_goodbye(struct hub *h, struct hub_client *c, bool below)
{
    struct buf text;

    if (watches(c)) {
        buf_init(&text, INFO_MAX);
        screen_leave(h->screen, below, &text);
        (void)frame_add(&c->tx, FRAME_OUTPUT,
                        buf_str(&text)); /* short; the limit is far away */
        buf_release(&text);
    }
}

static int take_frame(struct hub *h, struct hub_client *c, struct frame f,
                      struct hub_asked *asked, struct err *e)
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
        asked->resized = choose_size(h) || asked->resized;
        return 0;
    case FRAME_SIGNAL:
        signo = sig_number(f.payload);
        if (signo == SIGCONT) {
            c->stale = watches(c); /* its terminal was used for something else meanwhile */
            return 0;
        }
        if (c->kind == FRAME_HELLO_ATTACH && signo > 0 &&
            asked->signal_count < HUB_SIGNALS_MAX) {
            asked->signals[asked->signal_count++] = signo;
        }
        return 0;
    case FRAME_DETACH:
        say_goodbye(h, c, true);
        (void)frame_add(&c->tx, FRAME_DETACH, str_n(NULL, 0)); /* the limit is far away */
        c->leaving = true;
        return 0;
    case FRAME_STOP:
        asked->stop = true;
        return 0;
    default:
        return err_set(e, ERR_FORMAT, "a frame that is not a client's");
    }
}

/* Reads a client once and takes what is whole. */
static void read_client(struct hub *h, struct hub_client *c, struct hub_asked *asked)
{
    size_t room = buf_room(&c->rx) < READ_SIZE ? buf_room(&c->rx) : (size_t)READ_SIZE;
    char *p = buf_reserve(&c->rx, room);
    ssize_t got = room == 0 ? 0 : fd_read(c->fd, p, room);
    struct str in;
    struct frame f = {0};
    struct err e = {0};
    int rc = 0;

    if (got < 0 && errno == EAGAIN) {
        return;
    }
    if (got <= 0) {
        c->leaving = true;
        buf_drop(&c->tx, c->tx.len);
        return;
    }
    buf_commit(&c->rx, (size_t)got);
    in = buf_str(&c->rx);
    while (!c->leaving && (rc = frame_next(&in, &f, &e)) == 1) {
        rc = take_frame(h, c, f, asked, &e);
        if (rc < 0) {
            break;
        }
    }
    buf_drop(&c->rx, c->rx.len - in.len);
    if (rc < 0) {
        (void)frame_add(&c->tx, FRAME_ERROR, str_c(e.text)); /* short; the limit is far away */
        c->leaving = true;
    }
}

/* Those that are done with. True where somebody who had a say in the size went. */
static bool sweep(struct hub *h)
{
    bool gone = false;
    size_t kept = 0;

    for (size_t i = 0; i < h->count; i++) {
        struct hub_client *c = h->clients[i];

        if (c->leaving && c->tx.len == 0) {
            gone = true;
            free_client(c);
        } else {
            h->clients[kept++] = c;
        }
    }
    h->count = kept;
    return gone;
}

int hub_prepare(struct hub *h, struct pollfd *fds, bool input_room)
{
    int64_t soonest = h->settle_at_ms;

    for (size_t i = 0; i < HUB_POLL_MAX; i++) {
        fds[i] = (struct pollfd){.fd = -1};
    }
    if (h->count < HUB_CLIENTS_MAX && !h->told_end) {
        fds[0] = (struct pollfd){.fd = h->listener, .events = POLLIN};
    }
    for (size_t i = 0; i < h->count; i++) {
        const struct hub_client *c = h->clients[i];
        int events = (c->tx.len > 0 || c->stale ? POLLOUT : 0) |
                     (input_room && !c->leaving ? POLLIN : 0);

        fds[i + 1] = (struct pollfd){.fd = events != 0 ? c->fd : -1, .events = (short)events};
    }
    if (h->end_at_ms >= 0 && (soonest < 0 || h->end_at_ms < soonest)) {
        soonest = h->end_at_ms;
    }
    return clock_poll_timeout(soonest);
}

void hub_dispatch(struct hub *h, const struct pollfd *fds, struct hub_asked *asked)
{
    size_t polled = h->count;

    for (size_t i = 0; i < polled; i++) {
        struct hub_client *c = h->clients[i];

        if ((fds[i + 1].revents & POLLOUT) != 0) {
            flush(c);
        }
        if (c->stale && c->tx.len == 0 && !c->leaving) {
            show_screen(h, c, false);
        }
        if ((fds[i + 1].revents & (POLLIN | POLLHUP | POLLERR)) != 0 &&
            buf_room(asked->input) >= READ_SIZE) {
            read_client(h, c, asked);
        }
        flush(c);
    }
    if (fds[0].revents != 0) {
        accept_all(h);
    }
    if (sweep(h)) {
        mind_answers(h);
        asked->resized = choose_size(h) || asked->resized;
    }
    if (h->settle_at_ms >= 0 && clock_ms() >= h->settle_at_ms) {
        screen_settle(h->screen);
        h->settle_at_ms = -1;
    }
    if (h->answers.len > 0) {
        if (buf_room(asked->input) >= h->answers.len) {
            (void)buf_add_str(asked->input, buf_str(&h->answers)); /* fits */
        }
        buf_drop(&h->answers, h->answers.len);
    }
}

bool hub_end(struct hub *h, const struct frame_exit *how, int64_t now_ms)
{
    bool waiting = false;

    if (!h->told_end) {
        h->told_end = true;
        h->end_at_ms = now_ms + HUB_LINGER_MS;
        accept_all(h); /* who came in the last moment hears of it as well */
    }
    for (size_t i = 0; i < h->count; i++) {
        struct hub_client *c = h->clients[i];

        if (c->kind != 0 && !c->told_end && !c->leaving) {
            if (c->stale) {
                continue; /* first the screen: when its queue is empty */
            }
            c->told_end = true;
            say_goodbye(h, c, false);
            (void)frame_add_exit(&c->tx, how);
            flush(c);
        }
    }
    for (size_t i = 0; i < h->count; i++) {
        const struct hub_client *c = h->clients[i];

        waiting = waiting || (c->kind != 0 && (!c->told_end || c->tx.len > 0));
    }
    return !waiting || now_ms >= h->end_at_ms;
}
