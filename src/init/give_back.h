/* SPDX-License-Identifier: MIT */
/* What the host gets back when the command has ended: one file of the user's home (wire/frame.h, FILE). */
#ifndef INIT_GIVE_BACK_H
#define INIT_GIVE_BACK_H

#include "init/line.h"
#include "wire/boot.h"

/* Sends b->give_back, read with the user's own rights, waiting as long as somebody is there to take it. What is missing, no
 * regular file, a link, or larger than LIMIT_CLAUDE_JSON is not sent: the host's stays as it is. Nothing of the
 * command runs any more. */
void give_back(const struct boot *b, struct line *l);

#endif
