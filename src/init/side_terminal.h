/* SPDX-License-Identifier: MIT */
/* The side terminal of a command without a terminal of its own: some of its streams are a
 * terminal, because they are one outside, and the others are pipes (src/wire/PROTOCOL.md). The
 * user's terminal does what a line discipline does: it edits lines, echoes, and makes signals
 * of keys. */
#ifndef INIT_SIDE_TERMINAL_H
#define INIT_SIDE_TERMINAL_H

#include <stdbool.h>

#include "init/job.h"

/* No event reports that the command has read everything, so the caller looks this often. */
enum { SIDE_TERMINAL_MS = 20 };

/* Lets the other end do what the line discipline of this terminal would do: sets EXTPROC and
 * clears OPOST. `slave` is either end. Programs still see and change the other modes. Errors
 * are ignored. */
void side_terminal_prepare(int slave);

/* Returns true if the input of the job is the side terminal, has ended (`ended`), and the
 * command is yet to learn that. The caller then calls side_terminal_step() every
 * SIDE_TERMINAL_MS. */
bool side_terminal_waits(const struct job *j, bool ended);

/* If side_terminal_waits(), ends the input by the character for the end of input, once the
 * command has read everything. The input of a command that does not read lines has no end. */
void side_terminal_step(struct job *j, bool ended);

#endif
