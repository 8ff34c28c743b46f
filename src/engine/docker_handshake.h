/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: connects cco with the init of a container (wire/PROTOCOL.md,
 * "Handshake"). Init calls at a unix socket that both see, or greets on the attached stream. */
#ifndef ENGINE_DOCKER_HANDSHAKE_H
#define ENGINE_DOCKER_HANDSHAKE_H

#include "engine/docker_container.h"
#include "wire/stdcopy.h"

struct handshake {
    const char *path; /* of the socket; NULL: there is none */
    const char
        *secret; /* what init has to know; NULL: no other process can be on the carrier */
    int listener, peer; /* -1: none */
    struct buf said;    /* what the peer sent so far */
    struct stdcopy wrap;
    struct buf line;  /* what came on the attached stream */
    struct buf noise; /* what init printed on stderr */
};

/* Initializes *h and listens at `path`, which may be NULL. Both strings are borrowed until
 * handshake_close(). If the socket cannot be made, the stream is used instead. */
void handshake_open(struct handshake *h, const char *path, const char *secret);

/* Waits for init's HELLO on the socket or on c's stream, and sets c->session. Removes the
 * socket and its listener. Returns 0 on success and -1 on error. ERR_ENGINE means that the
 * container ended instead; the text has what init printed. */
int handshake_await(struct handshake *h, struct container *c, struct err *e);

/* Removes the socket if it is still there, and wipes what the peer sent. A second call does
 * nothing. */
void handshake_close(struct handshake *h);

#endif
