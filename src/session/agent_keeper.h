/* SPDX-License-Identifier: MIT */
/* A process that stands between init and the host's ssh agent. It looks up the agent's path
 * anew for each connection, so that an agent that was restarted, or to which another link leads
 * now, works in sessions that run. It passes whole messages, one request after the other;
 * init's filter (init/agent_filter.h) decides which of them the sandbox may send. It is a
 * process of its own, because an agent may need any time for an answer, and because a session
 * goes on if its cco is killed. */
#ifndef SESSION_AGENT_KEEPER_H
#define SESSION_AGENT_KEEPER_H

#include "base/err.h"
#include "plan/facts.h"

/* Starts the process for the agent f->ssh_agent.path. Returns the connection to it, which the
 * caller closes; it is non-blocking. The process ends when all copies of that connection are
 * closed. It belongs to no terminal, holds no other descriptor of the caller, and is not a
 * child of the caller. Returns -1 on error: the agent cannot be reached now, or must not be
 * used, or ERR_SYS. Blocks until the agent has accepted a connection. */
int agent_keeper_start(const struct facts *f, struct err *e);

#endif
