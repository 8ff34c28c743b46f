/* SPDX-License-Identifier: MIT */
/* Inside of engine/ssh_tunnel.c: makes the arguments and the environment of ssh (ssh(1),
 * ssh_config(5)). Results are NULL-terminated arrays in the arena. Pure. */
#ifndef ENGINE_SSH_ARGS_H
#define ENGINE_SSH_ARGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "engine/discover_endpoint.h"

/* The name of a tunnel's directory is TUNNEL_PREFIX and random digits. It is TUNNEL_FRESH and
 * the digits until the tunnel holds its lock. */
#define TUNNEL_PREFIX "ssh-"
#define TUNNEL_FRESH ".ssh-"

/* Names in the tunnel's directory: the local socket, the option that names ssh's control
 * socket, and the lock. The directory is ssh's working directory and the paths are relative to
 * it, because the path of a socket is limited to 107 bytes (unix(7)). */
#define TUNNEL_SOCKET "s"
#define TUNNEL_CONTROL "ControlPath=./c"
#define TUNNEL_LOCK "lock"

/* The time in ms that an engine gets at least to answer the first ping through a new tunnel,
 * because the login may have used up the deadline. */
enum { TUNNEL_LOOK_MS = 20000 };

/* Returns the arguments of the ssh that logs in and forwards TUNNEL_SOCKET to the engine's
 * socket (ssh -N -L). `batch`: ssh must not ask the user anything. */
const char *const *tunnel_args(const struct endpoint *ep, bool batch, struct arena *a);

/* Returns the arguments of an ssh that uses the login of the first one, and runs `docker system
 * dial-stdio` on the other machine as one connection to the engine. */
const char *const *tunnel_dial_args(const struct endpoint *ep, struct arena *a);

/* Returns a copy of `env` with SSH_ASKPASS_REQUIRE=force, so that ssh asks the user by the
 * program of SSH_ASKPASS and not on its terminal. The texts are borrowed from `env`. */
char *const *tunnel_env(char *const *env, struct arena *a);

#endif
