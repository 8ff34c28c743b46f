/* SPDX-License-Identifier: MIT */
/* Finds the settings of package managers and other tools in the home, which no session gets:
 * many of them contain logins, or name mirrors that are reached with a login. */
#ifndef HOST_TOOL_SETTINGS_H
#define HOST_TOOL_SETTINGS_H

#include "base/arena.h"
#include "plan/facts.h"

/* Sets f->tool_settings to the names of the files that exist, relative to f->home, each
 * followed by a blank and the name of the program that reads it: ".npmrc npm". Reads none of
 * the files, and leaves out empty ones. f->home must be set. Strings are in the arena. Blocks
 * only as the file system does. */
void tool_settings_probe(struct arena *a, struct facts *f);

#endif
