/* SPDX-License-Identifier: MIT */
/* Inside of the host room: facts for the decision which directories can be given to an agent
 * (plan/place_table.h). The functions read this machine's files, and block only as file systems
 * do. */
#ifndef HOST_PLACES_H
#define HOST_PLACES_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/list.h"
#include "plan/facts.h"

struct stat;

/* Sets f->homes and f->home_places, and adds the project to f->for_all if that is true of it.
 * f->home_physical and f->project must be known. */
void host_places(struct arena *a, struct facts *f);

/* Returns true if every user may create files in the directory `path`, whose attributes are
 * *st, unless it is the top of a git work tree of this user's. With the sticky bit, which
 * directories for temporary files have, a work tree makes no difference. Returns false for
 * other files. Some systems give all permissions to everybody: CI runners in what they check
 * out, and WSL on the disks of Windows. */
bool host_is_for_all(const char *path, const struct stat *st);

/* Adds the homes in `passwd`, a text in the form of passwd(5), that are below a directory of
 * homes, and /root. */
void host_homes(struct str passwd, struct arena *a, struct strv *out);

#endif
