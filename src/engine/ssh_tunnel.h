/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: an engine behind ssh://. One `ssh -N -L` with one login serves every connection: the far
 * engine's socket appears as one of ours, in a private directory. Nothing of Docker's need be there but the engine.
 * Where the server forbids forwarding, each connection is a `docker system dial-stdio` there instead, over the same
 * login.
 *
 * ssh runs in a session of its own on a pseudo-terminal of ours. While it logs in, what it asks goes to the user's
 * terminal, and the answers go back; afterwards no key reaches it, and it ends with the last process that has the
 * tunnel, whatever ends that. What a killed cco left in the directory the next one removes. */
#ifndef ENGINE_SSH_TUNNEL_H
#define ENGINE_SSH_TUNNEL_H

#include "base/err.h"
#include "engine/discover_endpoint.h"
#include "net/conn.h"
#include "net/wait.h"

struct tunnel;

/* Borrowed for as long as the tunnel lives. */
struct tunnel_setup {
    const struct endpoint *endpoint;
    char *const *env;
    const char *runtime_dir; /* private directory of cco's; made if missing */
};

/* Logs in and sees that an engine answers. Waits to the deadline, but as long as it takes while the user is asked
 * something. NULL: ERR_NOT_FOUND where there is no ssh here, or no engine there; ERR_ENGINE with what ssh said;
 * ERR_CANCELED by a signal or Ctrl-C. */
struct tunnel *tunnel_open(const struct tunnel_setup *s, const struct net_wait *w,
                           struct err *e);

/* A connection to the engine. */
int tunnel_connect(struct tunnel *t, struct conn *c, const struct net_wait *w, struct err *e);

void tunnel_close(struct tunnel *t);   /* ssh ends; NULL is fine */
void tunnel_abandon(struct tunnel *t); /* another process has it; NULL is fine */

#endif
