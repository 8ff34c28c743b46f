/* SPDX-License-Identifier: MIT */
/* The directories where the user configures cco and Docker's command line. An agent may have
 * written a file if the way to it leads through the project, so such a file is not trusted. */
#ifndef HOST_CONFIG_DIRS_H
#define HOST_CONFIG_DIRS_H

#include <stdbool.h>

#include "base/arena.h"
#include "plan/facts.h"

/* Returns the path of `name` in ${XDG_CONFIG_HOME:-~/.config}/cco, in the arena, or NULL if
 * there is no home directory. Sets *planted if the file exists and the way to it leads through
 * the current directory, unless that directory contains the home directory. */
const char *config_file(const char *name, char *const *env, struct arena *a, bool *planted);

/* Returns the directory of Docker's command line, $DOCKER_CONFIG or ~/.docker, or NULL. NULL
 * without *why means that there is no home directory; with *why, a text in the arena, the way
 * to its config.json leads through the project. */
const char *docker_config_dir(char *const *env, const struct facts *f, struct arena *a,
                              const char **why);

#endif
