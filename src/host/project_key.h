/* SPDX-License-Identifier: MIT */
/* Short texts that identify a project of this machine, and a user of this machine. They are
 * parts of the names of files and of the objects of an engine. */
#ifndef HOST_PROJECT_KEY_H
#define HOST_PROJECT_KEY_H

#include <stdint.h>

#include "base/arena.h"

/* Returns, in the arena, a file name that identifies the project at the absolute path `project`
 * and that people recognize: the name of the directory, cut to 32 bytes and with '_' for all
 * bytes except letters, digits, '.', '_' and '-'; then '-' and the first 16 hex digits of the
 * SHA-256 of the path. */
const char *project_key(struct arena *a, const char *project);

/* Returns, in the arena, 8 hex digits that identify this user of this machine at any engine.
 * They are the first ones of a SHA-256 of the name `user`, of `uid`, and of machine-id(5), or
 * of the host name if the machine has no machine id. */
const char *owner_key(struct arena *a, const char *user, uint64_t uid);

#endif
