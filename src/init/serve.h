/* SPDX-License-Identifier: MIT */
/* Init's loop while the command runs, and the end after it. The loop handles signals, the line,
 * adoption, the ssh agent, and the command's streams if they were not passed to cco. */
#ifndef INIT_SERVE_H
#define INIT_SERVE_H

#include "base/sig.h"
#include "init/adopt_listener.h"
#include "init/agent_filter.h"
#include "init/job.h"
#include "init/line.h"

/* Serves the job, which was started, or has ended because it could not be started. Blocks until
 * the command has ended. Then kills all other processes of the sandbox, sends the rest of the
 * output, the return file and the exit frame, and does the final wait. All arguments still
 * belong to the caller.
 *
 * If the line is lost, a command without a terminal gets HUP, and KILL after two seconds. A
 * command with a terminal runs on; its output is dropped until a cco adopts the session. A
 * command that a TSTP of cco or the engine has stopped is continued, because the cco that would
 * do that is gone. Without a line, a command that stops itself is continued at once.
 *
 * Sets the terminal to each size that cco sends. The kernel signals WINCH only if the size
 * changes, so a cco that wants the command to redraw must send another size first.
 *
 * Returns the command's exit status, 0 to 255. */
int serve(struct job *j, struct line *l, struct adopt_listener *t, struct agent_filter *agent,
          struct sig *sig);

#endif
