/* SPDX-License-Identifier: MIT */
/* The course of a world (world.h): turns of its loop, random events, moments of quiet in which
 * everything must have arrived, and the end. */
#ifndef TESTS_TORTURE_LIFE_H
#define TESTS_TORTURE_LIFE_H

#include "torture/turn.h"

enum {
    PHASES = 2,        /* phases with events; phase 0, before them, has none */
    NEVER = TERMS - 1, /* the index of the terminal that never reads */
    FLOOD = 2 << 20    /* bytes of output from which on a round is a flood */
};

/* A process that connects, writes a part of a greeting and goes. */
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
            return; /* it is not known yet which of its input arrives */
        }
        if (attaches) {
            term_attaches(w, t);
        } else {
            term_comes(w, t,
                       rng_one_in(&w->rng, 3) ? FRAME_HELLO_READ_ONLY : FRAME_HELLO_ATTACH,
                       10 + (unsigned)rng_below(&w->rng, 50));
        }
    } else if (!t->reads && w->round->output >= FLOOD) {
        return; /* it is to fall behind */
    } else if (rng_one_in(&w->rng, 2)) {
        term_drops(t);
    } else if (t->reads && t->ready && !t->leaves) {
        term_detaches(t);
    }
}

/* Lets a terminal stop or start reading. In a flood it sleeps long enough to fall behind,
 * except for the terminals that stay, because one must keep up. */
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

/* Random events of one terminal. `budget`: the bytes that it may have typed by now. */
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

/* Random events of one turn. */
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

/* Returns true if everything that was written has arrived everywhere. */
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

/* Fails with the first terminal that is not quiet. */
static void fail_not_quiet(struct world *w, const char *what)
{
    char text[128] = "";

    for (size_t i = 0; i < TERMS; i++) {
        const struct term *t = &w->terms[i];

        if (i != NEVER && !term_is_quiet(t, w->sent, w->record)) {
            (void)snprintf(text, sizeof(text),
                           "terminal %u: %zu of %zu bytes arrived, output at %zu, shows %zu%s",
                           t->id, t->got, t->typed, t->view.at, t->view.shown,
                           t->leaves ? ", detaches" : "");
        }
    }
    fail(w, "%s is not reached in time: %zu of %zu bytes sent, %zu clients; %s", what, w->sent,
         w->target, w->shared->clients, text);
}

/* Lets all terminals read, and waits until everything is quiet. That is the case if it is still
 * quiet, and nothing more has come, after two turns of the relay's loop. Returns false if
 * something is wrong. */
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
            (void)kill(getppid(), SIGWINCH); /* makes the relay do a turn */
        }
        if (clock_ms() > deadline) {
            fail_not_quiet(w, "a quiet state");
        }
        turn(w, 5);
    }
    return w->why[0] == '\0';
}

/* Returns a random terminal that may decide the size, and NULL if there is none. */
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

/* The terminal that typed last decides the size. Sets a thousand sizes in a row: the last one
 * must arrive, and most of the others must not be sent. */
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
            fail(w, "the last of %d sizes does not arrive: %u,%u of terminal %u", BURST, rows,
                 cols, t->id);
        }
    }
    w->shared->calm = false;
    if (t->kind == TERM_RAW && w->sizes - before > BURST_FRAMES) {
        fail(w, "%d sizes became %zu frames", BURST, w->sizes - before);
    }
}

/* A moment of quiet: from then on, all terminals must get every byte. */
static void rest(struct world *w)
{
    if (!wait_until_quiet(w)) {
        return;
    }
    for (size_t i = 0; i < TERMS; i++) {
        struct term *t = &w->terms[i];

        if (t->torn) {
            t->typed = t->got; /* input that has not arrived by now is lost */
            t->torn = false;
        }
        if (t->kind != TERM_NONE && i != NEVER) {
            view_follow(&t->view, w->sent);
        }
    }
    burst(w);
}

/* One phase, and a moment of quiet after it. */
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
            fail_not_quiet(w, "the end of a phase");
        }
    }
    if (n < PHASES && w->why[0] == '\0') {
        rest(w);
    }
}

/* Ends the program. All terminals must get its status in time. */
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

/* Makes the terminals that are there from the beginning. */
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

/* Returns true if the relay has closed its end of the line. */
static bool is_over(const struct pollfd *line)
{
    static char rest_of_it[4096];
    ssize_t n = read(line->fd, rest_of_it, sizeof(rest_of_it));

    return n == 0 || (n < 0 && errno != EAGAIN);
}

/* Runs a world, in a process of its own. Writes the first mistake, or ALL_IS_WELL, to
 * `verdict`. Does not return. */
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
            (void)kill(getppid(), SIGABRT); /* the relay does not end */
            break;
        }
    }
    _exit(0);
}

#endif
