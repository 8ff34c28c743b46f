/* SPDX-License-Identifier: MIT */
/* Runs a session from its plan to its end: image, session directory, sandbox, command, end. If
 * a step fails, the steps before it are undone in reverse order. The terminal is restored
 * before anything is printed. */
#ifndef SESSION_SESSION_RUN_H
#define SESSION_SESSION_RUN_H

#include "plan/plan.h"
#include "session/session_context.h"

/* Runs the session of the draft *p, which may be built again for the reasons in session_plan.h.
 * Init calls cco at a socket in the session directory; if `through_engine` is true, the line
 * uses the engine's attached stream instead. The function also sweeps the sessions of killed
 * ccos, and prints the reports that are kept for this project and the sessions of this project
 * that still run.
 *
 * Returns the exit status of the command, or EXIT_STRICT if --strict is set and the session
 * changed files that the host may execute. If the session goes on in the background, a child of
 * this process serves it: the function then returns the result of session_left_status()
 * (session_serve.h) in this process and returns again, in the child, when the command has
 * ended. Returns -1 on error. Then neither the sandbox nor the session directory is left
 * behind, with these exceptions, each of which a message states: a session that a later cco can
 * adopt, a session directory with a renewed login that could not be brought to the host, and a
 * container that the engine did not remove. An image, volumes, and the mount points and sources
 * that session_dir_open() has made stay. Blocks until the command has ended or its terminal has
 * left. */
int session_run(struct session_context *ctx, struct plan *p, bool through_engine,
                struct err *e);

#endif
