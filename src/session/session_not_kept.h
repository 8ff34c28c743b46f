/* SPDX-License-Identifier: MIT */
/* The lines at the end of a session about changes of claude's own files that do not reach the
 * host (creds/not_kept.h). */
#ifndef SESSION_SESSION_NOT_KEPT_H
#define SESSION_SESSION_NOT_KEPT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/str.h"

/* Compares the files that init has returned with the copies in the session directory `dir` with
 * which the session started, and adds lines about differences that are not kept. `state` is
 * .claude.json, and `copies` consists of COPY frames (src/wire/PROTOCOL.md); either may be
 * empty. Frames of unknown files are ignored. Without `interactive` there is no line about keys
 * of settings: only claude itself can have changed them then, as it does for a new version.
 * Lines are in the arena. Blocks only as the file system does. */
void session_not_kept(const char *dir, struct str state, struct str copies, bool interactive,
                      struct arena *a, struct strv *lines);

#endif
