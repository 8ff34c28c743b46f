/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: whether an engine sees this machine's files. */
#ifndef ENGINE_DISCOVER_FILE_VISIBILITY_H
#define ENGINE_DISCOVER_FILE_VISIBILITY_H

#include <stdbool.h>

#include "engine/engine.h"

/* Asks for a container of an image that cannot exist, with `dir` as a mount: engines look at mounts first. Nothing is
 * made either way. An engine that looks at the image first (Podman) tells nothing: it does not see it then. `dir`
 * should be a fresh directory whose name no other machine has. -1: no answer that can be understood. POST
 * /containers/create. */
int engine_sees(struct engine *en, const char *dir, bool *sees, struct err *e);

/* The same with a directory of its own below `parent`, which is made if missing and has to be private. */
int engine_sees_us(struct engine *en, const char *parent, bool *sees, struct err *e);

#endif
