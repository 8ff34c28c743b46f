/* SPDX-License-Identifier: MIT */
/* Taking up a session again: an exec in its container as the carrier of the line. */
#include "engine/docker_exec.h"
#include "engine/docker_handshake.h"
#include "engine/native.h"

#include "wire/frame.h"

#include <stdio.h>

static int present_key(struct container *c, const char *key, struct err *e)
{
    struct net_wait w = api_wait(c->engine);
    struct buf text;
    int rc;

    buf_init(&text, FRAME_MAX);
    (void)frame_add_hello(&text, FRAME_HELLO_KEY, str_c(key)); /* fits */
    rc = conn_write_all(&c->stream, buf_str(&text), &w, e);
    buf_wipe(&text);
    return rc;
}

static struct container *by_exec(struct engine *en, const char *id, const char *key,
                                 struct err *e)
{
    static const char *const line[] = {PLAN_INIT_PATH, "line"};
    struct container *c = container_new(en, true);
    struct handshake h;
    int rc = -1;

    c->adopted = true;
    c->kept = en->live_restore;
    (void)snprintf(c->id, sizeof(c->id), "%s", id);
    handshake_open(&h, NULL, NULL);
    if (exec_open(en, id, line, 2, &c->stream, e) == 0 && container_wait(c, e) == 0 &&
        present_key(c, key, e) == 0) {
        rc = handshake_await(&h, c, e);
    }
    handshake_close(&h);
    if (rc < 0) {
        (void)err_wrap(e, "take up container %.12s", id);
        container_free(c);
        return NULL;
    }
    return c;
}

struct container *engine_adopt(struct engine *en, const struct engine_adopted *what,
                               struct err *e)
{
    return en->native ? native_container_adopt(en, what, e)
                      : by_exec(en, what->id, what->key, e);
}
