/* SPDX-License-Identifier: MIT */
/* Sends one file of the user's home to the host when the command has ended (wire/frame.h,
 * FILE). */
#ifndef INIT_RETURN_FILE_H
#define INIT_RETURN_FILE_H

#include "init/line.h"
#include "wire/boot.h"

/* Sends b->return_file, which is read with the user's rights; NULL sends nothing. Blocks until
 * the file is in the line's queue, which may wait for the host, or until the line is lost. A
 * file that is missing, empty, a link, not regular, or larger than LIMIT_CLAUDE_JSON is not
 * sent, and the host's file stays as it is. To be called when nothing of the command runs any
 * more. */
void return_file(const struct boot *b, struct line *l);

#endif
