/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: opens connections to an engine by unix socket, tcp, TLS or ssh.
 * All connections share the certificates, which are read once, and the tunnel of ssh, which is
 * opened once. */
#ifndef ENGINE_DOCKER_TRANSPORT_H
#define ENGINE_DOCKER_TRANSPORT_H

#include "base/err.h"
#include "engine/discover_endpoint.h"
#include "net/conn.h"

struct transport;

/* Returns a transport that has read no certificates and opened no tunnel. transport_free()
 * frees it. `env` is the user's environment, in which certificate authorities, PATH and ssh's
 * agent are named. `runtime_dir` is a private directory of cco's, which is made when it is
 * needed. Both are borrowed. Never fails or blocks. */
struct transport *transport_new(char *const *env, const char *runtime_dir);

/* Opens a connection to `ep` in *c, which must be initialized and closed. `ep` must be the same
 * endpoint in every call. t may be NULL for unix sockets and plain tcp, which need no
 * transport. The first call for TLS reads the certificates, the first call for ssh logs in.
 * Returns 0 on success and -1 on error: the errors of net/conn.h, net/tcp.h, net/tls.h and
 * engine/ssh_tunnel.h, most of them with a hint; *c is closed then. Blocks for `w` at most; the
 * time in which ssh waits for the user does not count, and a new tunnel gets at least
 * TUNNEL_LOOK_MS after the login (engine/ssh_args.h). */
int transport_connect(struct transport *t, const struct endpoint *ep, struct conn *c,
                      const struct net_wait *w, struct err *e);

/* Returns the runtime_dir of transport_new(), and NULL if t is NULL. */
const char *transport_dir(const struct transport *t);

/* Closes the tunnel, which ends ssh, and frees t. Connections of a tunnel end with it. Accepts
 * NULL. */
void transport_free(struct transport *t);

/* Frees t without closing the tunnel, because another process goes on using it. Accepts
 * NULL. */
void transport_abandon(struct transport *t);

#endif
