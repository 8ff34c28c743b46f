/* SPDX-License-Identifier: MIT */
/* A session from its plan to its end: image, directory, sandbox, command, end. Whatever ends
 * it, what was begun is undone in reverse order, and the terminal is restored before anything
 * is printed. */
#ifndef SESSION_SESSION_RUN_H
#define SESSION_SESSION_RUN_H

#include "plan/plan.h"
#include "session/session_context.h"

/* Runs the session of the draft *p, which is built again where session_plan.h says so. Init
 * calls cco at a socket in the session's directory, or with `through_engine` uses the engine's
 * stream. Also removes what killed sessions left, and prints what waits for this project.
 * Returns the exit status: the command's; EXIT_STRICT if --strict is set and the session
 * changed what the host executes. For a session that goes on in the background, in a child of
 * this process, it returns as session_left_status() here, and again in the child when the
 * command has ended. Returns -1 on error: nothing is left behind, except for a session that an
 * adopting cco may find again (the hint says so). Blocks until the command has ended or its
 * terminal has left. */
int session_run(struct session_context *ctx, struct plan *p, bool through_engine,
                struct err *e);

#endif
