/* SPDX-License-Identifier: MIT */
/* Inside of engine/ssh_tunnel.c: removes the directories that the tunnels of killed processes
 * left behind. */
#ifndef ENGINE_SSH_SWEEP_H
#define ENGINE_SSH_SWEEP_H

/* Removes each tunnel's directory below `runtime_dir` whose lock no process holds. A directory
 * that is still being made (TUNNEL_FRESH) is removed only if it is older than a minute. Errors
 * are ignored: what cannot be removed stays until the next call. Never waits. */
void tunnel_sweep(const char *runtime_dir);

#endif
