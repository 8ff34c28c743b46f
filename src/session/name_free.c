/* SPDX-License-Identifier: MIT */
#include "session/name_free.h"

#include "base/clock.h"
#include "base/log.h"
#include "session/session_engine.h"

#include <string.h>
#include <time.h>

enum { GONE_MS = 10000, RUNS_MS = 3000, PAUSE_NS = 50000000, UNLISTED_NS = 200000000 };

/* Returns the container of this name, or NULL if there is none, or if the engine does not
 * answer: *known is false then. */
static const struct engine_found *find(struct session_context *ctx, const char *name,
                                       bool *known)
{
    struct engine_found *all = NULL;
    struct err ignored = {0};
    size_t count = 0;

    *known = session_engine_list(ctx, &all, &count, &ignored) == 0;
    for (size_t i = 0; *known && i < count; i++) {
        if (strcmp(all[i].name, name) == 0) {
            return &all[i];
        }
    }
    return NULL;
}

static bool is_running(const struct engine_found *f)
{
    return strcmp(f->state, "running") == 0 || strcmp(f->state, "paused") == 0 ||
           strcmp(f->state, "restarting") == 0;
}

bool name_free(struct session_context *ctx, const char *name)
{
    const int64_t start = clock_ms();
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    const struct timespec unlisted = {.tv_nsec = UNLISTED_NS};
    bool known = false;
    bool found = false;

    for (;;) {
        const struct engine_found *f = find(ctx, name, &known);
        struct err e = {0};

        if (f == NULL) {
            /* dockerd stops listing a container a moment before it releases the name. */
            (void)nanosleep(known && !found ? &unlisted : &pause, NULL);
            return known;
        }
        found = true;
        if (clock_ms() >= start + (is_running(f) ? RUNS_MS : GONE_MS)) {
            return false;
        }
        if (!is_running(f) &&
            engine_end(ctx->engine, &(struct engine_known){.id = f->id}, &e) < 0) {
            log_verbose("%s", e.text);
            return false;
        }
        (void)nanosleep(&pause, NULL);
    }
}
