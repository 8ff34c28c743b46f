/* SPDX-License-Identifier: MIT */
/* Records the calls of struct progress as a text, for tests. */
#ifndef TESTS_PROGRESS_H
#define TESTS_PROGRESS_H

#include "base/buf.h"
#include "engine/progress.h"

struct noted {
    struct progress progress; /* the first member: the functions below get this address */
    struct buf text;          /* "step(NAME)out(TEXT)done(NAME)" and so on */
    unsigned ticks;           /* the number of calls of tick() */
};

static void noted_step(struct progress *p, struct str name, bool cached)
{
    (void)buf_addf(&((struct noted *)p)->text, "step(%.*s%s)", (int)name.len, name.p,
                   cached ? ",cached" : "");
}

static void noted_done(struct progress *p, struct str name, struct str failed)
{
    (void)buf_addf(&((struct noted *)p)->text, "done(%.*s%s%.*s)", (int)name.len, name.p,
                   failed.len > 0 ? "," : "", (int)failed.len, failed.len > 0 ? failed.p : "");
}

static void noted_output(struct progress *p, struct str name, struct str bytes)
{
    (void)name;
    (void)buf_addf(&((struct noted *)p)->text, "out(%.*s)", (int)bytes.len, bytes.p);
}

static void noted_transfer(struct progress *p, struct str name, uint64_t current,
                           uint64_t total)
{
    (void)buf_addf(&((struct noted *)p)->text, "at(%.*s,%llu/%llu)", (int)name.len, name.p,
                   (unsigned long long)current, (unsigned long long)total);
}

static void noted_tick(struct progress *p)
{
    ((struct noted *)p)->ticks++;
}

static void noted_begin(struct progress *p, const char *title)
{
    (void)buf_addf(&((struct noted *)p)->text, "begin(%s)", title);
}

static void noted_end(struct progress *p, bool ok)
{
    (void)buf_addf(&((struct noted *)p)->text, "end(%s)", ok ? "ok" : "failed");
}

__attribute__((unused)) static void noted_init(struct noted *n)
{
    n->progress = (struct progress){noted_step, noted_done,  noted_output, noted_transfer,
                                    noted_tick, noted_begin, noted_end};
    buf_init(&n->text, 1 << 20);
}

#endif
