/* SPDX-License-Identifier: MIT */
/* The directories in which the user configures cco and Docker's command line. If the way to a
 * file leads through the project, an agent may have written it, so such a file is not trusted.
 */
#ifndef HOST_CONFIG_DIRS_H
#define HOST_CONFIG_DIRS_H

#include <stdbool.h>

#include "base/arena.h"
#include "plan/facts.h"

/* Returns the path of the file `name` in cco's directory of configuration
 * (${XDG_CONFIG_HOME:-~/.config}/cco), in the arena. The file may be missing. Returns NULL if
 * HOME is not an absolute path. `env` is the environment as main got it.
 *
 * Sets *planted to true if the file exists and the way to it leads through the current
 * directory, which may be the project, so that the file must not be trusted; otherwise to
 * false. A current directory that contains the home directory cannot be a project and does not
 * count. */
const char *config_file(const char *name, char *const *env, struct arena *a, bool *planted);

/* Returns the directory of Docker's command line: $DOCKER_CONFIG if that is an absolute path,
 * otherwise ~/.docker. It may be missing. It is in the arena or a part of `env`. Uses the home
 * and the current directory of *f. Returns NULL if there is none: *why is then NULL if there is
 * no home directory, and otherwise says, in the arena and for the user, that the way to the
 * directory or to its config.json leads through the project. As for config_file(), only what
 * exists counts, and a current directory that contains the home directory does not count. */
const char *docker_config_dir(char *const *env, const struct facts *f, struct arena *a,
                              const char **why);

#endif
