/* SPDX-License-Identifier: MIT */
/* A process that stands between init and the host's ssh agent. It looks up the agent's path
 * again for each connection. So an agent that was restarted works in running sessions, and so
 * does another agent to which the path leads now. It passes whole messages, one request after
 * the other; init's filter (init/agent_filter.h) decides which of them the sandbox may send. It
 * is a process of its own, because an agent may need any time for an answer, and because a
 * session goes on if its cco is killed. */
#ifndef SESSION_AGENT_KEEPER_H
#define SESSION_AGENT_KEEPER_H

#include "base/err.h"
#include "plan/facts.h"

/* Starts the process for the agent f->ssh_agent.path. Returns the connection to it, which the
 * caller closes; it is non-blocking. The process ends when all copies of that connection are
 * closed. It belongs to no terminal, holds no other descriptor of the caller, and is not a
 * child of the caller. Returns -1 on error: ERR_REFUSED if an agent of a sandbox could have
 * chosen the path, ERR_NOT_FOUND if no socket is there, ERR_SYS if no process listens
 * there, if too many connections wait to be accepted, or if another system call fails. Never
 * waits for the agent; blocks as the file system does, and until the caller's child, which
 * ends at once, has ended. */
int agent_keeper_start(const struct facts *f, struct err *e);

#endif
