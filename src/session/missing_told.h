/* SPDX-License-Identifier: MIT */
/* Prints the items of a list of missing things (plan/missing.h) once for each project and
 * cause. The file STATE_DIR/missing/PROJECT_KEY records the causes that were printed: the
 * SHA-256 of each, in hex, one in each line. */
#ifndef SESSION_MISSING_TOLD_H
#define SESSION_MISSING_TOLD_H

#include "plan/missing.h"
#include "session/session_context.h"

/* The number of causes that the file of a project keeps. If there are more, the oldest ones are
 * forgotten, and their lines are printed again. */
enum { MISSING_TOLD_MAX = 512 };

/* Prints a warning for each item of the list whose cause was not printed for the current
 * project before, and records that cause. With --quiet nothing is printed and nothing is
 * recorded. A file that cannot be read, or that has another form, counts as empty. If it cannot
 * be written, the lines are printed again at the next start. Blocks only as the file system
 * does. */
void missing_tell(struct session_context *ctx, const struct missing *m);

#endif
