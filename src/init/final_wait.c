/* SPDX-License-Identifier: MIT */
#include "init/final_wait.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

/* final_wait() ends after TURNS turns of TURN_MS without a message or another process;
 * final_wait_adopted() ends after WORD_MS. */
enum { TURN_MS = 60000, TURNS = 10, WORD_MS = 10000 };

/* Returns true if no other process runs in the sandbox. The engine may still run an exec
 * there. */
static bool is_alone(void)
{
    return getpid() != 1 || (kill(-1, 0) < 0 && errno == ESRCH);
}

/* Reads the line once. Returns true if STOP or the end of the line has come. */
static bool is_let_go(struct line *l)
{
    struct str in;
    struct frame f = {0};
    struct err e = {0};
    bool stop = false;

    if (!line_read(l)) {
        return true;
    }
    in = buf_str(&l->rx);
    while (!stop && frame_next(&in, &f, &e) == 1) {
        stop = f.type == FRAME_STOP;
    }
    buf_drop(&l->rx, l->rx.len - in.len);
    return stop || e.kind != ERR_NONE;
}

void final_wait(struct line *l)
{
    int quiet = 0;

    while (quiet < TURNS) {
        struct pollfd p = {.fd = l->in, .events = POLLIN};

        if (poll(&p, 1, TURN_MS) <= 0) {
            quiet = is_alone() ? quiet + 1 : 0;
        } else if (is_let_go(l)) {
            return;
        }
    }
}

void final_wait_adopted(struct line *l)
{
    int64_t deadline = clock_ms() + WORD_MS;
    struct pollfd p = {.fd = l->in, .events = POLLIN};

    while (poll(&p, 1, clock_poll_timeout(deadline)) > 0 && !is_let_go(l)) {
    }
}
