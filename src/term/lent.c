/* SPDX-License-Identifier: MIT */
#include "term/lent.h"

#include "base/fd.h"
#include "base/secret.h"

#include <errno.h>
#include <string.h>

enum { KEYS_SPEC_MAX = 64, QUEUE_MAX = 256 << 20 /* a screen may be put there */ };

void lent_init(struct lent *l)
{
    *l = (struct lent){.fd = -1, .keys = {.deadline_ms = -1}, .out = {.fd = -1}};
}

int lent_open(struct lent *l, int fd, struct str keys, struct err *e)
{
    char spec[KEYS_SPEC_MAX] = {0};

    lent_init(l);
    l->fd = fd;
    l->out = (struct relay_out){.fd = fd, .own = true, .bulk = true};
    buf_init(&l->out.queue, QUEUE_MAX);
    if (fd_nonblock(fd, e) < 0) { /* as it should be: nothing here ever waits */
        return -1;
    }
    if (keys.len >= sizeof(spec)) {
        return err_set(e, ERR_USAGE, "a detach sequence that is too long");
    }
    if (keys.len > 0) {
        memcpy(spec, keys.p, keys.len);
    }
    return keys_parse(&l->keys, keys.len > 0 ? spec : "none", e);
}

void lent_close(struct lent *l)
{
    buf_release(&l->out.queue);
    fd_close(&l->fd);
    lent_init(l);
}

bool lent_is(const struct lent *l)
{
    return l->fd >= 0;
}

bool lent_read(struct lent *l, int64_t now_ms, struct buf *out)
{
    char typed[LENT_READ]; /* not on the heap: an allocation is dear beside a key */
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

void lent_hold(struct lent *l)
{
    l->held = true;
    buf_drop(&l->out.queue, l->out.queue.len);
    l->keys.held_len = l->keys.matched = 0;
    l->keys.deadline_ms = -1;
}
