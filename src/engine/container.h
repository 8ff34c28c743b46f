/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: a session's container and its three connections: small requests (the
 * engine's own), the hijacked stream, the wait for the end. */
#ifndef ENGINE_CONTAINER_H
#define ENGINE_CONTAINER_H

#include "engine/api.h"

enum { CONTAINER_SIGNALS_MAX = 16 };

/* Requests of a running session, one at a time, without waiting. */
struct requests {
    struct call call;
    bool in_flight;
    int64_t deadline_ms;                /* of the one in flight */
    int signals[CONTAINER_SIGNALS_MAX]; /* to be sent, oldest first */
    size_t signal_count;
    unsigned rows, cols; /* the size to be told */
    bool resize;         /* it was not told yet */
};

struct container {
    struct session session; /* first: the relay gets this address */
    struct engine *engine;  /* borrowed */
    char id[ENGINE_ID_MAX];
    bool tty;
    bool gone; /* the engine said that it is removed */
    struct conn stream;
    struct conn wait;
    struct call wait_call;
    struct buf wait_body;
    struct requests requests;
};

extern const struct session_ops container_session_ops;

/* Takes over the attached stream and the wait. */
void container_begin(struct container *c);

#endif
