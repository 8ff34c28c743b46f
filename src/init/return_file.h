/* SPDX-License-Identifier: MIT */
/* Sends files of the user's home to the host when the command has ended: the return file, and
 * copies that the command may have changed (src/wire/PROTOCOL.md, FILE and COPY). */
#ifndef INIT_RETURN_FILE_H
#define INIT_RETURN_FILE_H

#include "init/line.h"
#include "wire/boot.h"

/* Queues the file b->return_file and those of b->return_copies on the line, which the user's
 * rights must allow to read. The caller calls it when nothing of the command runs any more.
 * Blocks, without a time limit, until the files are queued, because the queue may have to wait
 * for the host, or until the line is lost. Sends nothing of a file that is missing, empty, a
 * link, not regular, or too large: larger than LIMIT_CLAUDE_JSON, or LIMIT_FILE_SMALL for a
 * copy. The host then keeps its own file. */
void return_files(const struct boot *b, struct line *l);

#endif
