/* SPDX-License-Identifier: MIT */
/* What happens in a world: turns of its loop, things that happen at random, moments of quiet in
 * which everything must have arrived, and the end. */
#ifndef TESTS_TORTURE_LIFE_H
#define TESTS_TORTURE_LIFE_H

#include "torture/terminals.h"

enum {
    PHASES = 2,
    NEVER = TERMS - 1,
    FLOOD = 2 << 20, /* of output, and more */
    PACE =
        24
        << 10 /* the output's lead over who keeps up: each byte may become a frame of its own */
};

static bool is_lone(const struct round *r)
{
    return !r->never && r->keepers + r->comers + r->clients == 0;
}

static size_t pace(const struct world *w)
{
    size_t least = w->sent;

    for (size_t i = 0; !is_lone(w->round) && i < TERMS; i++) {
        const struct term *t = &w->terms[i];

        if (t->kind != TERM_NONE && view_keeps_up(&t->view) && t->view.at < least) {
            least = t->view.at;
        }
    }
    return w->sent - least < PACE ? PACE - (w->sent - least) : 0;
}

static void serve_terms(struct world *w, const struct pollfd *p)
{
    for (size_t i = 0; i < TERMS; i++) {
        struct term *t = &w->terms[i];

        if (t->kind != TERM_NONE && (p[i].revents & POLLOUT) != 0) {
            term_writes(w, t);
        }
        if (t->kind != TERM_NONE && t->reads && (p[i].revents & ~POLLOUT) != 0) {
            term_reads(w, t);
        }
        if (t->kind == TERM_FIRST && t->leaves && !w->shared->attached) {
            term_gone(t);
        }
    }
}

static void turn(struct world *w, int timeout_ms)
{
    struct pollfd p[TERMS + 2];
    struct pollfd *line = &p[TERMS];
    struct pollfd *slave = &p[TERMS + 1];

    if (w->slave < 0 && !w->ended) {
        program_writes(w, pace(w));
    }
    for (size_t i = 0; i < TERMS; i++) {
        const struct term *t = &w->terms[i];
        int events = (t->reads ? POLLIN : 0) |
                     (t->tx.len > 0 && (t->ready || t->kind == TERM_RAW) ? POLLOUT : 0);

        p[i] = (struct pollfd){.fd = t->kind == TERM_NONE || events == 0 ? -1 : t->fd,
                               .events = (short)events};
    }
    *line = (struct pollfd){.fd = w->c->line,
                            .events = (short)((w->ended ? 0 : POLLIN) |
                                              (w->frames.len + w->wire.len > 0 ? POLLOUT : 0))};
    line->fd = line->events == 0 ? -1 : line->fd;
    *slave =
        (struct pollfd){.fd = w->slave,
                        .events = (short)((w->stalled ? 0 : POLLIN) |
                                          (w->sent < w->target && pace(w) > 0 ? POLLOUT : 0))};
    if (poll(p, TERMS + 2, timeout_ms) < 0) {
        return;
    }
    if ((line->revents & POLLOUT) != 0) {
        init_writes(w);
    }
    if (!w->ended && (line->revents & ~POLLOUT) != 0) {
        hear_line(w);
    }
    if ((slave->revents & POLLOUT) != 0) {
        program_writes(w, pace(w));
    }
    if (!w->stalled && !w->ended) {
        program_reads(w);
    }
    serve_terms(w, p);
}

static void passer_by(struct world *w)
{
    struct err e = {0};
    int fd = unix_socket_connect(w->socket, &e);

    if (fd >= 0) {
        (void)!write(fd, "\1\0\0\0\0\0\0\6\1a", rng_below(&w->rng, 11));
    }
    fd_close(&fd);
}

static void come_or_go(struct world *w, struct term *t, bool attaches)
{
    if (t->kind == TERM_NONE) {
        if (t->torn) {
            return; /* until it is known what was heard of it */
        }
        if (attaches) {
            term_attaches(w, t);
        } else {
            term_comes(w, t,
                       rng_one_in(&w->rng, 3) ? FRAME_HELLO_READ_ONLY : FRAME_HELLO_ATTACH,
                       10 + (unsigned)rng_below(&w->rng, 50));
        }
    } else if (!t->reads && w->round->output >= FLOOD) {
        return; /* falls behind */
    } else if (rng_one_in(&w->rng, 2)) {
        term_drops(t);
    } else if (t->reads && t->ready && !t->leaves) {
        term_detaches(t);
    }
}

/* In a flood long enough to fall behind; somebody has to keep up. */
static void sleep_or_wake(struct world *w, struct term *t)
{
    const struct round *r = w->round;
    bool flood = r->output >= FLOOD;
    bool keeper = t > w->terms && t <= w->terms + r->keepers;

    if (!t->reads) {
        t->reads = rng_one_in(&w->rng, flood ? 1000 : 30);
    } else if (!(flood && keeper) && rng_one_in(&w->rng, flood ? 10 : 300)) {
        t->reads = false;
        view_let_go(&t->view);
    }
}

static void live_a_little(struct world *w, struct term *t, size_t budget)
{
    bool pastes = rng_one_in(&w->rng, w->round->pastes ? 2 : 20);
    size_t len = rng_len(&w->rng, pastes ? 40000 : 400);

    if (t->kind == TERM_NONE || t == &w->terms[NEVER] || t->leaves) {
        return;
    }
    if (t->typed < budget && t->ready && t->tx.len < (64 << 10) && rng_one_in(&w->rng, 3)) {
        term_types(w, t, len < budget - t->typed ? len : budget - t->typed);
    }
    if (rng_one_in(&w->rng, 60)) {
        term_resizes(t, 10 + (unsigned)rng_below(&w->rng, 50),
                     30 + (unsigned)rng_below(&w->rng, 90));
    }
    sleep_or_wake(w, t);
}

static void something_happens(struct world *w, unsigned phase)
{
    const struct round *r = w->round;
    size_t budget = r->typed * phase / PHASES;
    size_t stall = r->pastes ? 100 : 40;

    for (size_t i = 0; i < TERMS; i++) {
        live_a_little(w, &w->terms[i], budget);
    }
    if (r->comers > 0 && rng_one_in(&w->rng, 20)) {
        come_or_go(w, &w->terms[1 + r->keepers + rng_below(&w->rng, r->comers)], false);
    }
    if (r->clients > 0 && rng_one_in(&w->rng, 150)) {
        come_or_go(w, &w->terms[1 + r->keepers + r->comers + rng_below(&w->rng, r->clients)],
                   true);
    }
    if (r->comers > 0 && rng_one_in(&w->rng, 60)) {
        passer_by(w);
    }
    if (rng_one_in(&w->rng, w->stalled ? stall : 200)) {
        w->stalled = !w->stalled;
    }
    if (phase == 1 && w->terms[0].kind == TERM_FIRST && rng_one_in(&w->rng, 50)) {
        if (r->first == FIRST_HANGS_UP) {
            term_drops(&w->terms[0]);
        } else if (r->first == FIRST_DETACHES && !w->terms[0].leaves) {
            w->terms[0].reads = true;
            term_detaches(&w->terms[0]);
        }
    }
}

static bool is_quiet(const struct world *w)
{
    size_t clients = 0;

    for (size_t i = 0; i < TERMS; i++) {
        const struct term *t = &w->terms[i];

        if (i != NEVER && !term_is_quiet(t, w->sent, w->record)) {
            return false;
        }
        clients += t->kind == TERM_RAW || t->kind == TERM_CLIENT ? 1U : 0U;
    }
    return w->sent == w->target && w->frames.len + w->wire.len + w->rx.len + w->untaken == 0 &&
           w->shared->clients == clients && w->shared->input == 0;
}

static void tell_quiet(struct world *w, const char *what)
{
    char text[128] = "";

    for (size_t i = 0; i < TERMS; i++) {
        const struct term *t = &w->terms[i];

        if (i != NEVER && !term_is_quiet(t, w->sent, w->record)) {
            (void)snprintf(text, sizeof(text),
                           "terminal %u: %zu of %zu bytes heard, at %zu, shows %zu%s", t->id,
                           t->got, t->typed, t->view.at, t->view.shown,
                           t->leaves ? ", leaves" : "");
        }
    }
    fail(w, "%s never comes: %zu of %zu bytes sent, %zu clients; %s", what, w->sent, w->target,
         w->shared->clients, text);
}

/* Quiet it is where it still is, and nothing more has come, when the relay has gone through its
 * loop twice. */
static bool wait_until_quiet(struct world *w)
{
    int64_t deadline = clock_ms() + WAIT_MS * test_slow();
    size_t since = w->shared->turns;
    size_t heard = w->heard;

    w->stalled = false;
    for (size_t i = 0; i < TERMS; i++) {
        w->terms[i].reads = i != NEVER;
    }
    while (w->why[0] == '\0') {
        if (!is_quiet(w) || heard != w->heard) {
            since = w->shared->turns;
            heard = w->heard;
        } else if (w->shared->turns - since >= 2) {
            break;
        } else {
            (void)kill(getppid(), SIGWINCH); /* a turn */
        }
        if (clock_ms() > deadline) {
            tell_quiet(w, "quiet");
        }
        turn(w, 5);
    }
    return w->why[0] == '\0';
}

/* Anyone who may decide the size, or NULL. */
static struct term *pick_term(struct world *w)
{
    size_t from = rng_below(&w->rng, TERMS);

    for (size_t i = 0; i < TERMS; i++) {
        struct term *t = &w->terms[(from + i) % TERMS];

        if (t->kind != TERM_NONE && t->types && t != &w->terms[NEVER]) {
            return t;
        }
    }
    return NULL;
}

/* Whoever typed last decides the size, the last of a thousand. */
static void burst(struct world *w)
{
    struct term *t = pick_term(w);
    unsigned rows = 10 + (unsigned)rng_below(&w->rng, 50);
    unsigned cols = 30 + (unsigned)rng_below(&w->rng, 90);
    int64_t deadline = clock_ms() + WAIT_MS * test_slow();
    size_t before = w->sizes;

    if (t == NULL) {
        return;
    }
    term_types(w, t, 1);
    if (!wait_until_quiet(w)) {
        return;
    }
    w->shared->calm = true;
    for (unsigned i = 0; i < BURST; i++) {
        term_resizes(t, 10 + i % 20, 50 + i % 7);
    }
    term_resizes(t, rows, cols);
    while (t->kind == TERM_RAW && t->tx.len > 0 && w->why[0] == '\0') {
        ssize_t n = write(t->fd, buf_data(&t->tx), t->tx.len);

        buf_drop(&t->tx, n > 0 ? (size_t)n : 0);
    }
    while (w->why[0] == '\0' && !program_has_size(w, rows, cols)) {
        turn(w, 5);
        if (clock_ms() > deadline) {
            fail(w, "the last of %d sizes never comes: %u,%u of terminal %u", BURST, rows, cols,
                 t->id);
        }
    }
    w->shared->calm = false;
    if (t->kind == TERM_RAW && w->sizes - before > BURST_FRAMES) {
        fail(w, "%d sizes became %zu frames", BURST, w->sizes - before);
    }
}

static void rest(struct world *w)
{
    if (!wait_until_quiet(w)) {
        return;
    }
    for (size_t i = 0; i < TERMS; i++) {
        struct term *t = &w->terms[i];

        if (t->torn) {
            t->typed = t->got; /* what did not come by now is lost */
            t->torn = false;
        }
        if (t->kind != TERM_NONE && i != NEVER) {
            view_follow(&t->view, w->sent);
        }
    }
    burst(w);
}

static void phase(struct world *w, unsigned n)
{
    int64_t deadline = clock_ms() + 3 * WAIT_MS * test_slow();
    size_t budget = w->round->typed * n / PHASES;
    bool busy = true;

    w->target = stream_pause(&w->out, w->out.bytes.len * n / PHASES, &w->record);
    while (w->why[0] == '\0' && busy) {
        if (n > 0) {
            something_happens(w, n);
        }
        turn(w, 2);
        busy = w->sent < w->target;
        for (size_t i = 0; i < TERMS; i++) {
            busy = busy || (w->terms[i].kind != TERM_NONE && i != NEVER && w->terms[i].types &&
                            !w->terms[i].leaves && w->terms[i].typed < budget);
        }
        if (clock_ms() > deadline) {
            tell_quiet(w, "the end of a phase");
        }
    }
    if (n < PHASES && w->why[0] == '\0') {
        rest(w);
    }
}

/* The program is over: everybody is told, in time. */
static void the_end(struct world *w)
{
    int64_t deadline = clock_ms() + WAIT_MS * test_slow();
    bool busy = true;

    program_ends(w);
    for (size_t i = 0; i < TERMS; i++) {
        w->terms[i].reads = i != NEVER;
    }
    while (w->why[0] == '\0' && busy) {
        turn(w, 20);
        busy = false;
        for (size_t i = 0; i < TERMS; i++) {
            busy = busy || (w->terms[i].kind != TERM_NONE && i != NEVER);
        }
        if (clock_ms() > deadline) {
            fail(w, "the session does not end");
        }
    }
}

static const unsigned ids[TERMS] = {FIRST_ID, 2, 3, 4, 5, 7, 8, 9, 10, 11};

static void populate(struct world *w, const struct pty *p)
{
    const struct round *r = w->round;

    for (size_t i = 0; i < TERMS; i++) {
        w->terms[i].id = ids[i];
        w->terms[i].pid = -1;
    }
    if (r->first != FIRST_NONE) {
        term_init(w, &w->terms[0], TERM_FIRST, p->master);
    }
    for (size_t i = 1; i <= r->keepers; i++) {
        term_comes(w, &w->terms[i], i == 2 ? FRAME_HELLO_READ_ONLY : FRAME_HELLO_ATTACH, 30);
    }
    for (size_t i = 0; i < r->clients; i++) {
        term_attaches(w, &w->terms[1 + r->keepers + r->comers + i]);
    }
    if (r->never) {
        term_comes(w, &w->terms[NEVER], FRAME_HELLO_READ_ONLY, NEVER_ROWS);
    }
}

/* The relay has closed its end. */
static bool is_over(const struct pollfd *line)
{
    static char rest_of_it[4096];
    ssize_t n = read(line->fd, rest_of_it, sizeof(rest_of_it));

    return n == 0 || (n < 0 && errno != EAGAIN);
}

/* A whole life, in a process of its own. What was wrong goes to `verdict`, or ALL_IS_WELL. */
__attribute__((noinline)) static void world_lives(struct world *w, const struct pty *p,
                                                  int verdict)
{
    struct pollfd line = {.fd = w->c->line, .events = POLLIN};
    struct err e = {0};

    w->rng.state = w->round->seed;
    stream_make(&w->out, &w->rng, w->round->output);
    program_starts(w);
    populate(w, p);
    for (unsigned n = 0; n <= PHASES && w->why[0] == '\0'; n++) {
        phase(w, n);
    }
    if (w->why[0] == '\0') {
        the_end(w);
    }
    w->shared->failed = w->why[0] != '\0';
    if (!w->shared->failed) {
        (void)snprintf(w->why, sizeof(w->why), ALL_IS_WELL);
    }
    (void)fd_write_all(verdict, w->why, strlen(w->why), &e);
    for (size_t i = 0; i < TERMS; i++) {
        term_gone(&w->terms[i]);
    }
    fd_close(&w->slave);
    (void)shutdown(w->c->line, SHUT_WR);
    for (int64_t deadline = clock_ms() + WAIT_MS * test_slow();
         line.revents == 0 || !is_over(&line);) {
        if (poll(&line, 1, clock_poll_timeout(deadline)) == 0) {
            (void)kill(getppid(), SIGABRT); /* a relay that never comes to its end */
            break;
        }
    }
    _exit(0);
}

#endif
