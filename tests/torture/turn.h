/* SPDX-License-Identifier: MIT */
/* One turn of the loop of a world (world.h). */
#ifndef TESTS_TORTURE_TURN_H
#define TESTS_TORTURE_TURN_H

#include "torture/terminals.h"

enum {
    /* The maximum of bytes by which the output leads the terminals that keep up. Each byte can
     * become a frame of its own. */
    PACE = 24 << 10
};

static bool is_lone(const struct round *r)
{
    return !r->never && r->keepers + r->comers + r->clients == 0;
}

/* Returns how many bytes of output the program may write now. */
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

/* One turn of the loop. */
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

#endif
