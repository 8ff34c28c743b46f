/* SPDX-License-Identifier: MIT */
/* Inside of engine/ssh_tunnel.c: what tunnels left behind whose processes were killed. */
#ifndef ENGINE_SSH_SWEEP_H
#define ENGINE_SSH_SWEEP_H

/* Removes the directories of tunnels that nobody holds any more. What cannot be removed stays for the next one. */
void tunnel_sweep(const char *runtime_dir);

#endif
