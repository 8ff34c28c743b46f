/* SPDX-License-Identifier: MIT */
#include "term/keepalive.h"

void keepalive_init(struct keepalive *b)
{
    *b = (struct keepalive){.due_ms = -1};
}

void keepalive_rest(struct keepalive *b)
{
    b->due_ms = -1;
    b->asked = 0;
}

enum keepalive_next keepalive_step(struct keepalive *b, unsigned heard, unsigned max,
                                   int64_t now_ms)
{
    if (heard != b->heard || b->due_ms < 0) {
        *b = (struct keepalive){.due_ms = now_ms + KEEPALIVE_EVERY_MS, .heard = heard};
        return KEEPALIVE_QUIET;
    }
    if (now_ms < b->due_ms) {
        return KEEPALIVE_QUIET;
    }
    if (b->asked >= max) {
        return KEEPALIVE_LOST;
    }
    b->asked++;
    b->due_ms = now_ms + KEEPALIVE_EVERY_MS;
    return KEEPALIVE_ASK;
}
