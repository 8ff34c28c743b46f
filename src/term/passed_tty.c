/* SPDX-License-Identifier: MIT */
#include "term/passed_tty.h"

#include "base/fd.h"
#include "base/secret.h"

#include <errno.h>
#include <string.h>

/* The queue is large, because a whole screen may be queued. */
enum { KEYS_SPEC_MAX = 64, QUEUE_MAX = 256 << 20 };

void passed_tty_init(struct passed_tty *l)
{
    *l = (struct passed_tty){.fd = -1, .keys = {.deadline_ms = -1}, .out = {.fd = -1}};
}

int passed_tty_open(struct passed_tty *l, int fd, struct str keys, struct err *e)
{
    char spec[KEYS_SPEC_MAX] = {0};

    passed_tty_init(l);
    l->fd = fd;
    l->out = (struct relay_out){.fd = fd, .own = true, .bulk = true};
    buf_init(&l->out.queue, QUEUE_MAX);
    if (fd_nonblock(fd, e) < 0) { /* the client sets this, too, but the server relies on it */
        return -1;
    }
    if (keys.len >= sizeof(spec)) {
        return err_set(e, ERR_USAGE, "the detach sequence is longer than %d bytes",
                       KEYS_SPEC_MAX - 1);
    }
    if (keys.len > 0) {
        memcpy(spec, keys.p, keys.len);
    }
    return keys_parse(&l->keys, keys.len > 0 ? spec : "none", e);
}

void passed_tty_close(struct passed_tty *l)
{
    buf_release(&l->out.queue);
    fd_close(&l->fd);
    passed_tty_init(l);
}

bool passed_tty_is(const struct passed_tty *l)
{
    return l->fd >= 0;
}

bool passed_tty_read(struct passed_tty *l, int64_t now_ms, struct buf *out)
{
    char typed[PASSED_TTY_READ]; /* not on the heap: an allocation costs more than a key */
    ssize_t got = fd_read(l->fd, typed, sizeof(typed));
    bool detaches = false;

    if (got > 0) {
        detaches = keys_in(&l->keys, str_n(typed, (size_t)got), now_ms, out);
        secret_wipe(typed, (size_t)got);
    } else {
        l->ended = got == 0 || errno != EAGAIN;
    }
    return detaches;
}

void passed_tty_hold(struct passed_tty *l)
{
    l->held = true;
    buf_drop(&l->out.queue, l->out.queue.len);
    l->keys.held_len = l->keys.matched = 0;
    l->keys.deadline_ms = -1;
}
