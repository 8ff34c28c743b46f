/* SPDX-License-Identifier: MIT */
/* The files with which the user configures cco and Docker's command line. If the way to one
 * leads through a tree that an agent could write, an agent may have written it, so it is used
 * only if the user has pinned it (trust/pins.h). The current directory counts as such a tree,
 * because it may be the project, unless it contains the home: then it cannot be a project. */
#ifndef HOST_CONFIG_DIRS_H
#define HOST_CONFIG_DIRS_H

#include "base/arena.h"
#include "plan/facts.h"

/* A file of the user's configuration. */
struct config_file {
    const char *path;     /* NULL: HOME is not an absolute path. The file may be missing */
    const char *physical; /* for obeyed_read(); NULL: the file is missing or must not be used */
    /* If the file is pinned: the digest that its content must have (obeyed_read()). */
    const char *sha256;
    /* If the file exists and must not be used: why, a sentence for the user that begins in
     * lower case and has no full stop. Otherwise NULL. */
    const char *why;
};

/* Finds the file `name` in cco's directory of configuration
 * (${XDG_CONFIG_HOME:-~/.config}/cco). `env` is the environment as main got it. The strings of
 * the result are in the arena. A ledger that is damaged counts as a reason not to use the file.
 */
struct config_file config_file(const char *name, char *const *env, struct arena *a);

/* Returns the directory of Docker's command line: $DOCKER_CONFIG if that is an absolute path,
 * otherwise ~/.docker. It may be missing. It is in the arena or a part of `env`. Uses the home,
 * the trees and the state directory of *f. Returns NULL if there is none: *why is then NULL if
 * there is no home directory, and otherwise says, in the arena and for the user, why it must
 * not be used. Its config.json must be trusted, too. */
const char *docker_config_dir(char *const *env, const struct facts *f, struct arena *a,
                              const char **why);

#endif
