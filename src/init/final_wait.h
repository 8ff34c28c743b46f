/* SPDX-License-Identifier: MIT */
/* Init waits after the end of its command until cco sends STOP or closes the line. */
#ifndef INIT_FINAL_WAIT_H
#define INIT_FINAL_WAIT_H

#include "init/line.h"

/* To be called if cco fetches files from the sandbox. Also returns after ten minutes in which
 * no message came and no other process ran: the files stay in their volumes. Blocks. */
void final_wait(struct line *l);

/* The same on an adopted line, for ten seconds at most. Podman loses the last output of an exec
 * if its container ends at once, so cco says when it has received everything. */
void final_wait_adopted(struct line *l);

#endif
