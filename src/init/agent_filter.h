/* SPDX-License-Identifier: MIT */
/* The ssh agent of a sandbox: init serves a socket, and passes requests to list keys and to
 * sign to the host's agent (wire/agent_msg.h). All other requests get a failure. The host's
 * agent is reached through one connection, which cco has opened and passed to init, so that the
 * sandbox never sees the agent's own socket. One request after the other goes to the host's
 * agent, because the protocol does not number answers; an agent that asks its user may need any
 * time for an answer. If the connection ends, every request gets a failure.
 *
 * Nothing here blocks. Memory is bounded: each client has at most one request and one answer.
 */
#ifndef INIT_AGENT_FILTER_H
#define INIT_AGENT_FILTER_H

#include <poll.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/boot.h"

/* More clients wait in the queue of the socket. */
enum { AGENT_FILTER_CLIENTS = 16, AGENT_FILTER_POLL = 2 + AGENT_FILTER_CLIENTS };

struct agent_client {
    int fd;         /* -1: this place is free */
    struct buf in;  /* bytes of the request */
    struct buf out; /* bytes of the answer that the client has not read yet */
    bool waits;     /* `in` begins with a whole request that may pass, and has no answer yet */
};

struct agent_filter {
    int listener;       /* -1: this sandbox has no ssh agent */
    int upstream;       /* the connection to the host's agent; -1: none */
    int asked;          /* the client whose request the host's agent has; -1: none */
    int last;           /* the client that was asked last, so that each gets its turn */
    struct buf request; /* bytes for the host's agent that were not written yet */
    struct buf answer;  /* bytes of its answer */
    struct agent_client clients[AGENT_FILTER_CLIENTS];
};

/* Sets the initial state: not listening. */
void agent_filter_init(struct agent_filter *f);

/* Listens at b->agent_socket, with mode 0600, and gives the socket to the user. Does nothing if
 * it is NULL. `upstream` is the connection to the host's agent, and -1 if there is none; it
 * belongs to f from this call on, also after an error. Returns 0 on success and -1 on error
 * (ERR_SYS). */
int agent_filter_open(struct agent_filter *f, const struct boot *b, int upstream,
                      struct err *e);

/* Sets the AGENT_FILTER_POLL members of fds for poll(2). */
void agent_filter_prepare(const struct agent_filter *f, struct pollfd *fds);

/* Does what poll(2) has reported for the members that agent_filter_prepare() has set. */
void agent_filter_dispatch(struct agent_filter *f, const struct pollfd *fds);

/* Closes everything. The socket's file stays. Afterwards f is in its initial state. */
void agent_filter_close(struct agent_filter *f);

#endif
