/* SPDX-License-Identifier: MIT */
/* Inside of the engine room: finds out whether an engine sees this machine's files. */
#ifndef ENGINE_DISCOVER_FILE_VISIBILITY_H
#define ENGINE_DISCOVER_FILE_VISIBILITY_H

#include <stdbool.h>

#include "engine/engine.h"

/* Finds out whether the engine sees `dir`, a new directory whose name no other machine has.
 * Asks the engine for a container of an image that cannot exist, with `dir` as a mount, so that
 * the engine never creates anything. dockerd checks the mounts first: the error is "bind source
 * path does not exist" (400) if it does not see `dir`, and otherwise "No such image" (404).
 * Podman checks the image first, so *sees is always false for it. Returns 0 on success and -1
 * on error, also if the engine gives another answer; *sees has no meaning then. Blocks for the
 * engine's timeout at most. Needs a probed version (en->api_minor). POST /containers/create. */
int engine_sees(struct engine *en, const char *dir, bool *sees, struct err *e);

/* Does the same with a directory that it makes below `parent`, and removes again. `parent` is
 * created with mode 0700 if it is missing; ERR_REFUSED means that it is not a directory of this
 * user. */
int engine_sees_us(struct engine *en, const char *parent, bool *sees, struct err *e);

#endif
