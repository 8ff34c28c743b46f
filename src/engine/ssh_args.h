/* SPDX-License-Identifier: MIT */
/* Inside of engine/ssh_tunnel.c: the arguments and the environment of ssh. Pure. */
#ifndef ENGINE_SSH_ARGS_H
#define ENGINE_SSH_ARGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "engine/discover_endpoint.h"

/* Names in the tunnel's directory. ssh runs in it and gets relative paths, because the address
 * of a socket is limited to 107 bytes. */
#define TUNNEL_PREFIX "ssh-"
#define TUNNEL_FRESH ".ssh-" /* until its lock is held */
#define TUNNEL_SOCKET "s"
#define TUNNEL_CONTROL "ControlPath=./c"
#define TUNNEL_LOCK "lock"

/* The least time that an engine gets to answer the first ping through a new tunnel, after a
 * login that may have used up the deadline. */
enum { TUNNEL_LOOK_MS = 20000 };

/* Returns the arguments of ssh -N -L. `batch`: ssh must not ask the user. */
const char *const *tunnel_args(const struct endpoint *ep, bool batch, struct arena *a);

/* Returns the arguments of an ssh that uses the same login for one connection: docker system
 * dial-stdio. */
const char *const *tunnel_dial_args(const struct endpoint *ep, struct arena *a);

/* Returns `env` with SSH_ASKPASS_REQUIRE=force, so that ssh asks by the user's program and not
 * on its terminal. */
char *const *tunnel_env(char *const *env, struct arena *a);

#endif
