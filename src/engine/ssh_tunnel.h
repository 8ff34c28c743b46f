/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: an engine behind ssh://. One `ssh -N -L` with one login serves all
 * connections: it makes a local socket in a private directory, and forwards its connections to
 * the engine's socket on the other machine, which needs no command of Docker's. If the ssh
 * server there forbids forwarding (AllowStreamLocalForwarding in sshd_config(5)), each
 * connection is a `docker system dial-stdio` over the same login instead. That is the second
 * choice because it needs the docker command there, starts a shell and a program there for each
 * connection (70 ms to 200 ms), and the server limits their number (MaxSessions).
 *
 * ssh runs in a session of its own on a pseudo-terminal whose master cco holds. While ssh logs
 * in, its questions go to the user's terminal and the answers go back (engine/ssh_login.h).
 * Afterwards no key reaches it, so that Ctrl-C does not end it. ssh ends when the last process
 * that has the tunnel ends, even if that process is killed, because its pseudo-terminal hangs
 * up. The next cco removes the directory of a killed cco (engine/ssh_sweep.h). */
#ifndef ENGINE_SSH_TUNNEL_H
#define ENGINE_SSH_TUNNEL_H

#include "base/err.h"
#include "engine/discover_endpoint.h"
#include "net/conn.h"
#include "net/wait.h"

struct tunnel;

/* Everything that the members point to must live as long as the tunnel. The struct itself is
 * copied. */
struct tunnel_setup {
    const struct endpoint *endpoint; /* of the kind ENDPOINT_SSH */
    char *const *env;                /* the user's environment: PATH, ssh's agent */
    const char *runtime_dir;         /* a private directory of cco's; made if missing */
};

/* Logs in, and checks that an engine answers a ping. Returns the tunnel, which tunnel_close()
 * or tunnel_abandon() frees. Returns NULL on error, after ending ssh. ERR_NOT_FOUND means that
 * there is no ssh on this machine or no engine on the other one. ERR_ENGINE means that ssh
 * failed; the text has what ssh printed if the user could not see it. ERR_CANCELED is a signal
 * or Ctrl-C, ERR_TIMEOUT the deadline of `w`. Blocks for `w` at most, but the time in which ssh
 * waits for the user does not count, and the engine gets TUNNEL_LOOK_MS in any case. */
struct tunnel *tunnel_open(const struct tunnel_setup *s, const struct net_wait *w,
                           struct err *e);

/* Opens a connection to the engine in *c, which must be closed; the caller closes it. The first
 * call gets the connection of the ping. Returns 0 on success and -1 on error. Blocks for `w` at
 * most. */
int tunnel_connect(struct tunnel *t, struct conn *c, const struct net_wait *w, struct err *e);

/* Ends ssh, waits up to 200 ms for its end, removes the tunnel's directory, and frees t. The
 * connections of the tunnel end. Accepts NULL. */
void tunnel_close(struct tunnel *t);

/* Closes this process's descriptors of the tunnel and frees t without ending ssh, because
 * another process has the tunnel. Accepts NULL. */
void tunnel_abandon(struct tunnel *t);

#endif
