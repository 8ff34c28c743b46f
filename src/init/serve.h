/* SPDX-License-Identifier: MIT */
/* Init's loop while the command runs: signals, the line, the command's streams where the line carries them. */
#ifndef INIT_SERVE_H
#define INIT_SERVE_H

#include "base/sig.h"
#include "init/adopt_listener.h"
#include "init/job.h"
#include "init/line.h"

/* Runs until the command has ended and everything it wrote is with the other side, the exit frame last. Without
 * a terminal the loss of the line ends the command: HUP, then KILL after two seconds. With one it runs on, its
 * output dropped, until somebody takes the line over. Returns the command's status. */
int serve(struct job *j, struct line *l, struct adopt_listener *t, struct sig *sig);

#endif
