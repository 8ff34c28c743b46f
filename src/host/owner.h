/* SPDX-License-Identifier: MIT */
/* The owners of the project, of the home and of the runtime directory, which can be other users
 * than the user of this process (sudo, su, CI). */
#ifndef HOST_OWNER_H
#define HOST_OWNER_H

#include "base/arena.h"
#include "plan/facts.h"

/* Sets f->project_owner and f->home_owner if cco runs as root (plan/facts.h). f->uid, f->gid,
 * f->home and f->project must be set. Reads /etc/passwd; otherwise never blocks. */
void owner_probe(struct arena *a, struct facts *f);

/* Returns cco's runtime directory, which holds the files of running sessions: the subdirectory
 * `cco` of `runtime` (XDG_RUNTIME_DIR; NULL: not set) if `runtime` is a directory of the user
 * f->uid, and /tmp/cco-UID otherwise. Makes no directory. Adds a line to f->missing if
 * `runtime` is a directory of another user. Strings are in the arena. Blocks only as the file
 * system does. */
const char *owner_runtime_dir(const char *runtime, struct arena *a, struct facts *f);

#endif
