/* SPDX-License-Identifier: MIT */
/* Files for data that passes through a pipe and is needed as a whole. They have no name, so
 * nothing is left behind however this process ends. */
#ifndef CLI_TEMP_FILE_H
#define CLI_TEMP_FILE_H

#include <stdint.h>

#include "base/err.h"

struct app;
struct progress;

/* Opens an empty, private file (O_RDWR) in $TMPDIR, else in /var/tmp, else in /tmp. Returns its
 * descriptor, or -1 on error. */
int temp_file_open(struct app *app, struct err *e);

/* Copies everything from `from` (stdin) to the file `to`. Returns 0 on success and -1 on error;
 * ERR_CANCELED after a signal. Blocks until the end of `from`. */
int temp_file_in(struct app *app, int from, int to, struct progress *progress, struct err *e);

/* Copies the whole file `from` to `to` (stdout). Returns 0 on success and -1 on error;
 * ERR_CANCELED after a signal, even if nobody reads. Blocks until everything is written. */
int temp_file_out(struct app *app, int from, int to, struct progress *progress, struct err *e);

#endif
