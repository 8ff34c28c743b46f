/* SPDX-License-Identifier: MIT */
/* Temporary files for data that arrives or leaves through a pipe and is needed as a whole. The
 * files have no name, so the kernel removes them when this process ends for any reason. */
#ifndef CLI_TEMP_FILE_H
#define CLI_TEMP_FILE_H

#include <stdint.h>

#include "base/err.h"

struct app;
struct progress;

/* Opens an empty file with mode 0600 for reading and writing: in $TMPDIR if that is an absolute
 * path, otherwise in /var/tmp if that is writable, otherwise in /tmp. Returns its descriptor,
 * which the caller closes, and -1 with ERR_SYS on error. */
int temp_file_open(struct app *app, struct err *e);

/* Copies everything from `from` (stdin) to the file `to` at its offset, which is then behind
 * the last byte. Shows the bytes as a transfer of `progress`; the caller calls its begin() and
 * end(). Returns 0 on success and -1 on error. ERR_CANCELED means that a signal arrived,
 * ERR_SYS that reading or writing failed. Blocks until the end of `from`. */
int temp_file_in(struct app *app, int from, int to, struct progress *progress, struct err *e);

/* Copies the whole file `from`, regardless of its offset, to `to` (stdout). Shows the bytes as
 * temp_file_in() does. Returns 0 on success and -1 on error. ERR_CANCELED means that a signal
 * arrived, which ends the wait even if no process reads from the pipe; ERR_SYS means that
 * reading or writing failed. Blocks until everything is written. */
int temp_file_out(struct app *app, int from, int to, struct progress *progress, struct err *e);

#endif
