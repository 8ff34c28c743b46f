/* SPDX-License-Identifier: MIT */
/* What the host gets back when the command has ended: one file of the user's home (wire/frame.h, FILE). */
#ifndef INIT_RETURN_FILE_H
#define INIT_RETURN_FILE_H

#include "init/line.h"
#include "wire/boot.h"

/* Sends b->return_file, read with the user's own rights, waiting as long as somebody is there to take it. What is missing, no
 * regular file, a link, or larger than LIMIT_CLAUDE_JSON is not sent: the host's stays as it is. Nothing of the
 * command runs any more. */
void return_file(const struct boot *b, struct line *l);

#endif
