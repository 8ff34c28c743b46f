/* SPDX-License-Identifier: MIT */
/* Init after the end of its command, until it is let go: by STOP, or by the end of the line. */
#ifndef INIT_FINAL_WAIT_H
#define INIT_FINAL_WAIT_H

#include "init/line.h"

/* Where what the command did is fetched. Goes too after a long time in which nothing happens: what is in volumes stays
 * there. */
void final_wait(struct line *l);

/* On a line that was adopted: some seconds at most. Podman loses what an exec wrote last if its container ends at
 * once, so whoever has got all of it says so. */
void final_wait_adopted(struct line *l);

#endif
