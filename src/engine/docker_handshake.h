/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: connects cco with the init of a container (wire/PROTOCOL.md,
 * "Handshake"). Init connects to a unix socket that both see, or uses the attached stream, and
 * greets with HELLO. */
#ifndef ENGINE_DOCKER_HANDSHAKE_H
#define ENGINE_DOCKER_HANDSHAKE_H

#include "engine/docker_container.h"
#include "wire/stdcopy.h"

/* A handshake in progress. Only engine/docker_handshake.c uses the members. */
struct handshake {
    const char *path; /* of the socket; NULL: there is none */
    /* The secret that init has to present; NULL: none, because no other process can use the
     * carrier. */
    const char *secret;
    int listener;        /* of the socket; -1: none */
    int peer;            /* the process that has connected; -1: none */
    struct buf said;     /* the bytes of the peer so far */
    struct stdcopy wrap; /* the position in the log frames of the attached stream */
    struct buf line;     /* the bytes of the line on the attached stream so far */
    struct buf noise;    /* what init printed on stderr */
};

/* Initializes *h and listens at the unix socket `path`, which may be NULL. Both strings are
 * borrowed until handshake_close(). If the socket cannot be made, init uses the stream. The
 * caller opens the handshake before it starts the container. Never blocks. */
void handshake_open(struct handshake *h, const char *path, const char *secret);

/* Waits until init greets on the socket or on c->stream, and sets the line of c->session, and
 * c->line_fd if it is the socket. A peer at the socket that does not present the secret is
 * disconnected. Then removes the socket. Needs container_wait() before. Returns 0 on success
 * and -1 on error. ERR_ENGINE means that the container ended before init greeted (or that no
 * init answers an exec); the text has what init printed. Blocks for the engine's timeout at
 * most. */
int handshake_await(struct handshake *h, struct container *c, struct err *e);

/* Removes the socket if it still exists, closes the descriptors, and wipes the received bytes.
 * A second call does nothing. */
void handshake_close(struct handshake *h);

#endif
