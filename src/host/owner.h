/* SPDX-License-Identifier: MIT */
/* Whose files root meets: the project and the home can belong to another user (sudo, CI). */
#ifndef HOST_OWNER_H
#define HOST_OWNER_H

#include "base/arena.h"
#include "plan/facts.h"

/* Sets f->project_owner and f->home_owner if cco runs as root (plan/facts.h). f->uid, f->gid,
 * f->home and f->project must be set. Reads /etc/passwd; otherwise never blocks. */
void owner_probe(struct arena *a, struct facts *f);

/* Returns cco's directory for what belongs to running sessions: that in `runtime`
 * (XDG_RUNTIME_DIR; NULL: not set) if it is a directory of the user's, and /tmp/cco-UID
 * otherwise. Adds a line to f->missing if it belongs to another user. */
const char *owner_runtime_dir(const char *runtime, struct arena *a, struct facts *f);

#endif
