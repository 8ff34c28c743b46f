/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: Docker's sandbox, which is a container, and its connections to the
 * engine. */
#ifndef ENGINE_DOCKER_CONTAINER_H
#define ENGINE_DOCKER_CONTAINER_H

#include "engine/docker.h"
#include "engine/docker_api.h"

/* All members are owned. */
struct container {
    struct sandbox base;    /* the first member: engine/engine.h uses this address */
    struct session session; /* of the relay; its status comes from the reply to the wait */
    char id[ENGINE_ID_MAX]; /* "" until it is created */
    bool gone;              /* the engine has reported that the container is removed */
    bool kept;    /* created without AutoRemove: cco removes the container, not the engine */
    bool adopted; /* the stream is that of an exec, whose end is not the container's end */
    struct conn stream; /* the hijacked connection of attach, or of an exec */
    int line_fd;        /* init's connection to cco's socket; -1: the stream is the line */
    struct conn wait;   /* of POST wait, whose reply's body comes when the container ends */
    struct call wait_call;
    struct buf wait_body; /* the bytes of that body so far */
};

/* How the relay uses a container as its session (term/session.h): the end of the container is
 * learned from c->wait. container_secure_ops is for a line that is the stream, over TLS;
 * container_session_ops is for all other lines. */
extern const struct session_ops container_session_ops;
extern const struct session_ops container_secure_ops;

/* Returns a container that does not exist on the engine yet, with all connections closed.
 * docker_free(&c->base) frees it. `tty`: the command has a terminal. `en` is borrowed. Never
 * fails. */
struct container *container_new(struct engine *en, bool tty);

/* Sends POST /containers/{id}/wait on c->wait, and waits for the head of the reply. After that,
 * the engine cannot miss the container's end. The body of the reply comes when the container
 * has been removed, or has ended if it is kept. Returns 0 on success and -1 on error. Blocks
 * for the engine's timeout at most. */
int container_wait(struct container *c, struct err *e);

#endif
