/* SPDX-License-Identifier: MIT */
/* Inside of engine/ssh_tunnel.c: removes what the tunnels of killed processes left behind. */
#ifndef ENGINE_SSH_SWEEP_H
#define ENGINE_SSH_SWEEP_H

/* Removes the directories below `runtime_dir` of tunnels that no process holds. What cannot be
 * removed stays for the next sweep. */
void tunnel_sweep(const char *runtime_dir);

#endif
