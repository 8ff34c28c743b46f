/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: Docker's sandbox, which is a container, and its connections. */
#ifndef ENGINE_DOCKER_CONTAINER_H
#define ENGINE_DOCKER_CONTAINER_H

#include "engine/docker.h"
#include "engine/docker_api.h"

struct container {
    struct sandbox base; /* first: engine/engine.h knows this address */
    struct session session;
    char id[ENGINE_ID_MAX]; /* "" until it is created */
    bool gone;              /* the engine reported that it is removed */
    bool kept;              /* the engine does not remove it by itself */
    bool adopted; /* the stream is that of an exec, whose end is not the container's end */
    struct conn stream; /* hijacked: of attach, or of an exec */
    int line_fd;        /* init's connection to cco's socket; -1: the stream is the line */
    struct conn wait;   /* answers when the container ends */
    struct call wait_call;
    struct buf wait_body;
};

extern const struct session_ops container_session_ops;
extern const struct session_ops
    container_secure_ops; /* for a line that is the stream, over TLS */

/* Returns a container that is not created yet, with all connections closed; docker_free() frees
 * it. `tty`: the command has a terminal. */
struct container *container_new(struct engine *en, bool tty);

/* Sends POST wait and waits for the head of its reply. The body comes when the container ends.
 * Returns 0 on success and -1 on error. */
int container_wait(struct container *c, struct err *e);

/* Reads the engine's refusal of an upgrade and sets it as the error (api_refused()). Its body
 * may have no length and end with the connection. Blocks for `w` at most. Returns -1. */
int container_refused(struct call *call, const struct net_wait *w, struct err *e);

#endif
