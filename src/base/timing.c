/* SPDX-License-Identifier: MIT */
#include "base/timing.h"

#include "base/clock.h"
#include "base/log.h"

void timing_start(struct timing *t)
{
    *t = (struct timing){.start_us = clock_us()};
    t->last_us = t->start_us;
}

void timing_mark(struct timing *t, const char *step)
{
    int64_t now = clock_us();

    if (t->count < TIMING_MAX) {
        t->steps[t->count].step = step;
        t->steps[t->count].us = now - t->last_us;
        t->count++;
    }
    t->last_us = now;
}

static void print_line(const char *step, int64_t us)
{
    log_error("timing: %-8s %8lld.%03d ms", step, (long long)(us / 1000), (int)(us % 1000));
}

void timing_print(const struct timing *t)
{
    for (size_t i = 0; i < t->count; i++) {
        print_line(t->steps[i].step, t->steps[i].us);
    }
    print_line("total", t->last_us - t->start_us);
}
