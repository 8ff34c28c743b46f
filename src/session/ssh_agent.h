/* SPDX-License-Identifier: MIT */
/* Passes a connection to the host's ssh agent to init, which serves a filtered agent inside
 * (init/agent_filter.h). */
#ifndef SESSION_SSH_AGENT_H
#define SESSION_SSH_AGENT_H

#include "plan/plan.h"
#include "term/session.h"

/* Starts a process that connects to the agent of the plan (session/agent_keeper.h), and sends
 * the connection to it over the line of `s`, on which init has greeted and cco has not answered
 * yet. Does nothing if the plan has no agent. If it
 * fails, or if the line cannot pass descriptors, prints a warning; the agent inside then
 * answers every request with a failure. Does not block. */
void ssh_agent_pass(const struct plan *p, const struct facts *f, const struct session *s);

#endif
