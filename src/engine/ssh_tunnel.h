/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: an engine behind ssh://. One `ssh -N -L` with one login serves
 * every connection: the engine's socket appears as a local one in a private directory. The
 * remote machine needs nothing of Docker's but the engine. If its ssh server forbids
 * forwarding, each connection is a `docker system dial-stdio` over the same login instead. That
 * is not the first choice: it needs the docker command there, starts a shell and a program
 * there for each connection (70 ms to 200 ms), and the server limits their number
 * (MaxSessions).
 *
 * ssh runs in a session of its own on a pseudo-terminal that cco holds. While ssh logs in, its
 * questions go to the user's terminal and the answers go back. Afterwards no key reaches it. It
 * ends with the last process that has the tunnel, even if that is killed. The next cco removes
 * what a killed cco left in the directory. */
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

/* Logs in and checks that an engine answers. The time that a question waits for the user does
 * not count for the deadline. Returns NULL on error. ERR_NOT_FOUND means that there is no ssh
 * here or no engine there; ERR_ENGINE has what ssh printed; ERR_CANCELED is a signal or
 * Ctrl-C. */
struct tunnel *tunnel_open(const struct tunnel_setup *s, const struct net_wait *w,
                           struct err *e);

/* Opens a connection to the engine. Returns 0 on success and -1 on error. */
int tunnel_connect(struct tunnel *t, struct conn *c, const struct net_wait *w, struct err *e);

void tunnel_close(struct tunnel *t); /* ends ssh; accepts NULL */

/* Frees t without ending ssh, because another process has the tunnel. Accepts NULL. */
void tunnel_abandon(struct tunnel *t);

#endif
