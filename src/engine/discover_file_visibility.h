/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: whether an engine sees this machine's files. */
#ifndef ENGINE_DISCOVER_FILE_VISIBILITY_H
#define ENGINE_DISCOVER_FILE_VISIBILITY_H

#include <stdbool.h>

#include "engine/engine.h"

/* Finds out whether the engine sees `dir`, a fresh directory whose name no other machine has.
 * Asks for a container of an image that cannot exist, with `dir` as a mount; engines check
 * mounts first, and create nothing in either case. Podman checks the image first, so *sees is
 * false for it. Returns 0 on success and -1 on error, also if the answer is not understood.
 * POST /containers/create. */
int engine_sees(struct engine *en, const char *dir, bool *sees, struct err *e);

/* Does the same with a directory of its own below `parent`, which is made if it is missing and
 * has to be private. */
int engine_sees_us(struct engine *en, const char *parent, bool *sees, struct err *e);

#endif
