/* SPDX-License-Identifier: MIT */
/* Adopts the session of a container: an exec in the container carries the line. */
#include "engine/docker_exec.h"
#include "engine/docker_handshake.h"

#include "wire/frame.h"

#include <stdio.h>

/* Sends the session's key to `PLAN_INIT_LIVE line`, which passes it to init. */
static int present_key(struct container *c, const char *key, struct err *e)
{
    struct net_wait w = api_wait(c->base.engine);
    struct buf text;
    int rc;

    buf_init(&text, FRAME_MAX);
    (void)frame_add_hello(&text, FRAME_HELLO_KEY, str_c(key)); /* a key is short enough */
    rc = conn_write_all(&c->stream, buf_str(&text), &w, e);
    buf_wipe(&text);
    return rc;
}

struct sandbox *docker_adopt(struct engine *en, const struct engine_known *what, struct err *e)
{
    struct container *c = container_new(en, true);
    struct handshake h;
    int rc = -1;

    c->adopted = true;
    c->kept = en->live_restore;
    (void)snprintf(c->id, sizeof(c->id), "%s", what->id);
    handshake_open(&h, NULL, NULL);
    if (exec_open(en, what->id, "line", &c->stream, e) == 0 && container_wait(c, e) == 0 &&
        present_key(c, what->key, e) == 0) {
        rc = handshake_await(&h, c, e);
    }
    handshake_close(&h);
    if (rc < 0) {
        (void)err_wrap(e, "adopt container %.12s", what->id);
        docker_free(&c->base);
        return NULL;
    }
    return &c->base;
}
