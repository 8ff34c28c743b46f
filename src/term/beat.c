/* SPDX-License-Identifier: MIT */
#include "term/beat.h"

void beat_init(struct beat *b)
{
    *b = (struct beat){.due_ms = -1};
}

void beat_rest(struct beat *b)
{
    b->due_ms = -1;
    b->asked = 0;
}

enum beat_next beat_step(struct beat *b, unsigned heard, unsigned max, int64_t now_ms)
{
    if (heard != b->heard || b->due_ms < 0) {
        *b = (struct beat){.due_ms = now_ms + BEAT_EVERY_MS, .heard = heard};
        return BEAT_QUIET;
    }
    if (now_ms < b->due_ms) {
        return BEAT_QUIET;
    }
    if (b->asked >= max) {
        return BEAT_LOST;
    }
    b->asked++;
    b->due_ms = now_ms + BEAT_EVERY_MS;
    return BEAT_ASK;
}
