/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: connections to an engine that is not behind a unix socket of this machine, and what
 * they share: certificates that are read once, the tunnel of ssh that is opened once. */
#ifndef ENGINE_DOCKER_TRANSPORT_H
#define ENGINE_DOCKER_TRANSPORT_H

#include "base/err.h"
#include "engine/discover_endpoint.h"
#include "net/conn.h"

struct transport;

/* `env` is the user's (certificate authorities, PATH, ssh's agent), `runtime_dir` a private one of cco's, made when
 * it is needed; both are borrowed. */
struct transport *transport_new(char *const *env, const char *runtime_dir);

/* A connection to `ep`, always the same one. Errors of net/tcp.h, net/tls.h, engine/ssh_tunnel.h; hints name the next
 * step. */
int transport_connect(struct transport *t, const struct endpoint *ep, struct conn *c,
                      const struct net_wait *w, struct err *e);

/* The directory it was made with; NULL where t is. */
const char *transport_dir(const struct transport *t);

void transport_free(struct transport *t); /* the tunnel's end; NULL is fine */

/* Another process goes on with it: lets go without ending anything. NULL is fine. */
void transport_abandon(struct transport *t);

#endif
