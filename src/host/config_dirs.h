/* SPDX-License-Identifier: MIT */
/* The directories where the user configures cco and Docker's command line. An agent may have
 * written a file if the way to it leads through the project, so such a file is not trusted. */
#ifndef HOST_CONFIG_DIRS_H
#define HOST_CONFIG_DIRS_H

#include <stdbool.h>

#include "base/arena.h"
#include "plan/facts.h"

/* Returns the path of `name` in ${XDG_CONFIG_HOME:-~/.config}/cco, in the arena, or NULL if
 * HOME is not an absolute path. The file may be missing. Sets *planted if the file exists and
 * the way to it leads through the current directory, unless that directory contains the home
 * directory. */
const char *config_file(const char *name, char *const *env, struct arena *a, bool *planted);

/* Returns the directory of Docker's command line, $DOCKER_CONFIG or ~/.docker, or NULL. If it
 * returns NULL and *why is NULL, there is no home directory. If *why is a text (in the arena),
 * the way to the directory or its config.json leads through the project. */
const char *docker_config_dir(char *const *env, const struct facts *f, struct arena *a,
                              const char **why);

#endif
