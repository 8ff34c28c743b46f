/* SPDX-License-Identifier: MIT */
/* Sends the return file, one file of the user's home, to the host when the command has ended
 * (src/wire/PROTOCOL.md, FILE). */
#ifndef INIT_RETURN_FILE_H
#define INIT_RETURN_FILE_H

#include "init/line.h"
#include "wire/boot.h"

/* Queues the file b->return_file on the line, which the user's rights must allow to read. The
 * caller calls it when nothing of the command runs any more. Blocks, without a time limit,
 * until the file is queued, because the queue may have to wait for the host, or until the line
 * is lost. Sends nothing if b->return_file is NULL, or if the file is missing, empty, a link,
 * not regular, or larger than LIMIT_CLAUDE_JSON; the host then keeps its own file. */
void return_file(const struct boot *b, struct line *l);

#endif
