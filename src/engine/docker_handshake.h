/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: how init inside a container and cco find each other (wire/frame.h, "The line"). */
#ifndef ENGINE_DOCKER_HANDSHAKE_H
#define ENGINE_DOCKER_HANDSHAKE_H

#include "engine/docker_container.h"
#include "wire/stdcopy.h"

struct handshake {
    const char *path;   /* of the socket; NULL: there is none */
    const char *secret; /* what init must know; NULL: a carrier that nobody else can have */
    int listener, peer; /* -1 */
    struct buf said;    /* by the peer, so far */
    struct stdcopy wrap;
    struct buf line;  /* by init on the attached stream */
    struct buf noise; /* printed beside it */
};

/* Listens at `path`, which may be NULL. A socket that cannot be made is no error: the stream will do. */
void handshake_open(struct handshake *h, const char *path, const char *secret);

/* Waits for init's HELLO on the socket or on c's stream, and fills in c->session. ERR_ENGINE where the container
 * ends instead, with what init printed. The socket's name and its listener are gone afterwards. */
int handshake_await(struct handshake *h, struct container *c, struct err *e);

void handshake_close(struct handshake *h);

#endif
