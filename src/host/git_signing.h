/* SPDX-License-Identifier: MIT */
/* How the user's settings of git sign commits, and whether that can work in a sandbox. Signing
 * with ssh works if the user's agent has the key. git-config(1), "commit.gpgSign",
 * "gpg.format", "user.signingKey". */
#ifndef HOST_GIT_SIGNING_H
#define HOST_GIT_SIGNING_H

#include "base/arena.h"
#include "host/git_config.h"
#include "plan/facts.h"

enum { GIT_SIGNING_WAIT_MS = 300 /* for the agent's answer */ };

/* Takes a variable of the settings into f->signing, if it is one about signing. Later variables
 * replace earlier ones. The strings are borrowed. */
void git_signing_take(struct facts *f, const struct git_config_item *item);

/* Completes f->signing. Asks the agent for its keys, if commits are signed with a key of ssh.
 * f->ssh_agent and f->home must be set. Blocks for GIT_SIGNING_WAIT_MS at most. */
void git_signing_probe(struct arena *a, struct facts *f);

#endif
