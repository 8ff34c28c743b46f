/* SPDX-License-Identifier: MIT */
/* The final wait: after the end of its command, init waits until cco sends STOP or closes the
 * line. */
#ifndef INIT_FINAL_WAIT_H
#define INIT_FINAL_WAIT_H

#include "init/line.h"

/* Blocks until cco sends STOP or closes the line. The caller calls it if cco fetches files from
 * the sandbox. It also counts the minutes in which neither a message came nor another process
 * ran in the sandbox (an exec of the engine), and returns after ten of them; the files then
 * stay in their volumes. Such a process starts the count again; a message does not. */
void final_wait(struct line *l);

/* Blocks until cco sends STOP or closes the line, but for ten seconds at most. It is for an
 * adopted line: Podman loses the last output of an exec if its container ends at once, so cco
 * reports with STOP that it has received everything. */
void final_wait_adopted(struct line *l);

#endif
