/* SPDX-License-Identifier: MIT */
/* Init's loop while the command runs: signals, the line, and the command's streams if they were
 * not passed to cco. */
#ifndef INIT_SERVE_H
#define INIT_SERVE_H

#include "base/sig.h"
#include "init/adopt_listener.h"
#include "init/job.h"
#include "init/line.h"

/* Runs until the command has ended and cco has all of its output and the exit frame. If the
 * line is lost, a command without a terminal gets HUP, and KILL after two seconds; a command
 * with a terminal runs on, and its output is dropped until a cco adopts the session. Returns
 * the command's status. */
int serve(struct job *j, struct line *l, struct adopt_listener *t, struct sig *sig);

#endif
