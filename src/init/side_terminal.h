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

/* Prepares the side terminal `slave` for a user's terminal that edits lines, echoes and makes
 * signals: sets EXTPROC, so that the kernel does not do that a second time, and clears OPOST.
 * `slave` is a descriptor of the terminal, of its slave or of its master: the kernel gives both
 * the same modes. Programs still see and change the other modes. Errors are ignored. Never
 * blocks. termios(3); EXTPROC: asm-generic/termbits.h of Linux. */
void side_terminal_prepare(int slave);

/* Returns true if the input of the job is the side terminal, has ended (`ended`), and the
 * command is yet to learn that. The caller then calls side_terminal_step() every
 * SIDE_TERMINAL_MS. */
bool side_terminal_waits(const struct job *j, bool ended);

/* Does nothing if side_terminal_waits() returns false. Otherwise, and if the command has read
 * everything, writes the terminal's end-of-file character (VEOF), closes j->in and sets
 * j->side_ended, so that side_terminal_waits() returns false from then on. If the command does
 * not read lines (no ICANON), does the same without the character, so the command learns of no
 * end. Until then the caller calls this function again. Never blocks. */
void side_terminal_step(struct job *j, bool ended);

#endif
