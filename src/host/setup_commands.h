/* SPDX-License-Identifier: MIT */
/* Finds the programs and files that the user's own settings of claude name in commands: hooks,
 * the status line and helpers, and the MCP servers of .claude.json. The settings of the project
 * are not read: what they name is in the project. */
#ifndef HOST_SETUP_COMMANDS_H
#define HOST_SETUP_COMMANDS_H

#include "base/arena.h"
#include "plan/facts.h"

enum {
    SETUP_COMMANDS_MAX = 64, /* count of the commands of the settings that are examined */
    SETUP_USES_MAX = 128     /* count of the programs and files of all these commands */
};

/* Sets f->setup_uses: for each command the program that it starts, as far as it exists on this
 * machine, and the existing files of the home that it names; for a server also directories.
 * `env` has the PATH in which programs are searched. Settings that the sandbox does not get are
 * not read. Notes in f->untrusted and f->pins whether a file may be used (host/look.h). Strings
 * are in the arena. Blocks only as the file system does. */
void setup_commands_probe(char *const *env, struct arena *a, struct facts *f);

#endif
