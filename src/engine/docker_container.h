/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: a session's container and its connections: the hijacked stream, the line of its
 * init where that called at a socket, the wait for the end. */
#ifndef ENGINE_DOCKER_CONTAINER_H
#define ENGINE_DOCKER_CONTAINER_H

#include "engine/docker_api.h"

struct container {
    struct session session; /* first: the relay gets this address */
    struct engine *engine;  /* borrowed */
    char id[ENGINE_ID_MAX];
    bool gone;    /* the engine said that it is removed */
    bool kept;    /* it does not do so by itself */
    bool adopted; /* the stream is an exec's: its end says nothing of the container's */
    struct native *native;   /* no container at all; NULL: it is one */
    const struct plan *plan; /* of native */
    const char *group;       /* of native: its control group; NULL: none */
    struct conn stream;
    int line_fd; /* -1: the stream is the line */
    struct conn wait;
    struct call wait_call;
    struct buf wait_body;
};

extern const struct session_ops container_session_ops;
extern const struct session_ops
    container_secure_ops; /* where the stream is TLS, and the line */

struct container *container_new(struct engine *en, bool tty);

/* POST wait: its head is there when this returns, its body comes with the container's end. */
int container_wait(struct container *c, struct err *e);

/* The error behind a refused upgrade, whose text may have no length and end with the connection. Returns -1. */
int container_refused(struct call *call, const struct net_wait *w, struct err *e);

#endif
