/* SPDX-License-Identifier: MIT */
/* Finds what gpg in a sandbox needs to sign with the user's keys: the public keys, and the
 * socket at which gpg-agent serves restricted clients (gpg-agent(1), --extra-socket). The
 * private keys stay with the agent. Runs no program. */
#ifndef HOST_GPG_AGENT_H
#define HOST_GPG_AGENT_H

#include "base/arena.h"
#include "plan/facts.h"
#include "plan/opts.h"

/* Sets f->gpg, if the options ask for gpg. The socket is one of the user at which a process
 * listens. f->home, f->uid, f->trees and f->state_dir must be set. Strings are in the arena.
 * Connects to the socket, and blocks only as that does. */
void gpg_agent_probe(char *const *env, const struct opts *o, struct arena *a, struct facts *f);

#endif
