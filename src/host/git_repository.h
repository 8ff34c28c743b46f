/* SPDX-License-Identifier: MIT */
/* The settings of the project's own repository. An agent could have written them, so cco brings
 * nothing that they name: it only says what will be missing. git-config(1). */
#ifndef HOST_GIT_REPOSITORY_H
#define HOST_GIT_REPOSITORY_H

#include "base/arena.h"
#include "plan/facts.h"

enum { GIT_REPOSITORY_NAMES = 8 /* count of the lines about files that the settings name */ };

/* Adds to f->missing a line for each file outside of the project that the repository's settings
 * include or name, that exists and that the sandbox does not get (f->brought), except for
 * places with keys or logins (project_secrets()); and a line about passwords, if git gets them
 * from f->credential_helper and a remote is reached over https. Sets f->ssh_remote.
 * git_settings_probe() must have been called. Strings are in the arena. Blocks only as the file
 * system does. */
void git_repository_probe(struct arena *a, struct facts *f);

#endif
