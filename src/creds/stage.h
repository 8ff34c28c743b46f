/* SPDX-License-Identifier: MIT */
/* A session's private directory on the host: RUNTIME/NAME, 0700, with `boot` (init's argument file)
 * and `files/` (private copies), mounted read-only at /run/cco inside. A lock beside it (RUNTIME/NAME.lock,
 * outside the mount) is held as long as this process lives: what a killed cco left is known by its
 * free lock and removed by the next one. */
#ifndef CREDS_STAGE_H
#define CREDS_STAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "plan/plan.h"

struct stage {
    struct arena arena; /* of the paths */
    const char *dir;    /* NULL while there is none */
    const char *lock;
    int lock_fd;
};

void stage_init(struct stage *s);

/* Makes the directory (runtime directory checked first: owner, type, mode), takes the lock, makes
 * missing shared sources and mount points, writes every copy of the plan 0600 (or its own mode).
 * Placeholders inside cco's own data directory are made without following links. On failure nothing
 * stays. ERR_USAGE "name taken" where a live session has this name. */
int stage_open(struct stage *s, const struct plan *p, const struct facts *f, struct err *e);

/* Writes init's argument file into it (0600). */
int stage_boot(struct stage *s, struct str boot, struct err *e);

/* Removes everything, wiped where it held a secret. Safe to call twice. */
void stage_release(struct stage *s);

/* Removes what dead sessions left in the runtime directory, known by their free locks; never a live one's,
 * never what has no lock. ERR_REFUSED, nothing touched, where the directory is a link, another user's,
 * or open to others; ERR_SYS where it is no directory. Adds their names to `removed`, which may be NULL. */
int stage_sweep(const char *runtime_dir, struct arena *a, struct strv *removed, struct err *e);

#endif
