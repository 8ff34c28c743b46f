/* SPDX-License-Identifier: MIT */
/* Inside of engine/ssh_tunnel.c: what ssh is told. Pure but for memory. */
#ifndef ENGINE_SSH_ARGS_H
#define ENGINE_SSH_ARGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "engine/discover_endpoint.h"

/* Names in the tunnel's directory, where ssh runs: a socket's address is short, a directory's path may be long. */
#define TUNNEL_PREFIX "ssh-"
#define TUNNEL_FRESH ".ssh-" /* until its lock is held */
#define TUNNEL_SOCKET "s"
#define TUNNEL_CONTROL "ControlPath=./c"
#define TUNNEL_LOCK "lock"

enum { TUNNEL_LOOK_MS = 20000 };

/* ssh -N -L. `batch`: nobody can be asked anything. */
const char *const *tunnel_args(const struct endpoint *ep, bool batch, struct arena *a);

/* ssh over the same login, for one connection: docker system dial-stdio. */
const char *const *tunnel_dial_args(const struct endpoint *ep, struct arena *a);

/* `env` with SSH_ASKPASS_REQUIRE=force: the user's program asks, not our pseudo-terminal. */
char *const *tunnel_env(char *const *env, struct arena *a);

#endif
