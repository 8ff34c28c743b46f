/* SPDX-License-Identifier: MIT */
/* Files for what comes or goes through a pipe and is needed as a whole: without a name, so that nothing stays behind
 * whatever ends us. */
#ifndef CLI_TEMP_FILE_H
#define CLI_TEMP_FILE_H

#include <stdint.h>

#include "base/err.h"

struct app;
struct progress;

/* An empty, private file (O_RDWR) in $TMPDIR, else /var/tmp, else /tmp. -1 with the error. */
int temp_file_open(struct app *app, struct err *e);

/* All that `from` (stdin) has, into the file `to`. Signals end it. */
int temp_file_in(struct app *app, int from, int to, struct progress *progress, struct err *e);

/* All of the file `from` to `to` (stdout). Signals end it, also while nobody reads. */
int temp_file_out(struct app *app, int from, int to, struct progress *progress, struct err *e);

#endif
