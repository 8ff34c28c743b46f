/* SPDX-License-Identifier: MIT */
/* The volumes that projects have on an engine which does not see this machine's files: what
 * only `cco cleanup --all` removes, after asking, for work may be in them that nobody has
 * brought home. */
#ifndef CLI_CLEANUP_VOLUMES_H
#define CLI_CLEANUP_VOLUMES_H

#include "cli/app.h"

struct cleanup_volumes {
    size_t kept;          /* there are, and stay */
    struct strv removed;  /* in a dry run: would be */
    struct strv projects; /* of the removed ones */
};

/* With opts.all asks, names them, and removes those that no container uses. -1 only for an
 * answer that cannot be had; what cannot be removed is told as a warning. */
int cleanup_volumes(struct app *app, struct cleanup_volumes *out, struct err *e);

#endif
