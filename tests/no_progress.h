/* SPDX-License-Identifier: MIT */
/* A progress (engine/progress.h) that shows nothing. */
#ifndef TESTS_NO_PROGRESS_H
#define TESTS_NO_PROGRESS_H

#include "engine/progress.h"

static void no_step(struct progress *p, struct str name, bool cached)
{
    (void)p;
    (void)name;
    (void)cached;
}

static void no_bytes(struct progress *p, struct str name, struct str bytes)
{
    (void)p;
    (void)name;
    (void)bytes;
}

static void no_transfer(struct progress *p, struct str name, uint64_t current, uint64_t total)
{
    (void)p;
    (void)name;
    (void)current;
    (void)total;
}

static void no_tick(struct progress *p)
{
    (void)p;
}

static void no_begin(struct progress *p, const char *title)
{
    (void)p;
    (void)title;
}

static void no_end(struct progress *p, bool good)
{
    (void)p;
    (void)good;
}

static struct progress no_progress = {.step = no_step,
                                      .done = no_bytes,
                                      .output = no_bytes,
                                      .transfer = no_transfer,
                                      .tick = no_tick,
                                      .begin = no_begin,
                                      .end = no_end};

#endif
