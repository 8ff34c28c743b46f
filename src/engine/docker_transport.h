/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: connections to an engine that is not at a unix socket of this
 * machine. They share the certificates, which are read once, and the tunnel of ssh, which is
 * opened once. */
#ifndef ENGINE_DOCKER_TRANSPORT_H
#define ENGINE_DOCKER_TRANSPORT_H

#include "base/err.h"
#include "engine/discover_endpoint.h"
#include "net/conn.h"

struct transport;

/* Returns a transport without certificates and tunnel, which transport_free() frees. `env` is
 * the user's environment (certificate authorities, PATH, ssh's agent). `runtime_dir` is a
 * private directory of cco's, which is made when it is needed. Both are borrowed. */
struct transport *transport_new(char *const *env, const char *runtime_dir);

/* Opens a connection to `ep`, which is the same endpoint in every call. t may be NULL for unix
 * sockets and plain tcp, which need none. Returns 0 on success and -1 on error: those of
 * net/tcp.h, net/tls.h and engine/ssh_tunnel.h, mostly with a hint. Blocks for `w` at most, but
 * while ssh asks the user, time does not count. */
int transport_connect(struct transport *t, const struct endpoint *ep, struct conn *c,
                      const struct net_wait *w, struct err *e);

/* Returns runtime_dir. NULL if t is NULL. */
const char *transport_dir(const struct transport *t);

void transport_free(struct transport *t); /* closes the tunnel; accepts NULL */

/* Frees t without closing the tunnel, which another process goes on using. Accepts NULL. */
void transport_abandon(struct transport *t);

#endif
