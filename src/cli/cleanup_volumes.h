/* SPDX-License-Identifier: MIT */
/* Removes the volumes that keep projects on the machine of a remote engine. Work that was not
 * synchronized may exist only in them. So only `cco cleanup --all` removes them, and only after
 * it asked the user. */
#ifndef CLI_CLEANUP_VOLUMES_H
#define CLI_CLEANUP_VOLUMES_H

#include "cli/app.h"

struct cleanup_volumes {
    size_t kept; /* the number of volumes that exist and stay */
    /* The names of the removed volumes; in a dry run, of those that would be removed. In
     * app->arena. */
    struct strv removed;
    struct strv projects; /* for each name in `removed`, the path of its project on the host */
};

/* Lists this user's volumes on the engine of `app`, which must be open, and sets *out. Without
 * opts.all, the function only counts them (out->kept). With opts.all it prints the volumes on
 * stderr, asks for permission (prompt_yes(), with opts.yes) and removes them. With opts.all and
 * opts.dry_run it neither asks nor removes. A volume that cannot be removed, for example
 * because a container uses it, is kept and causes a warning. If the engine cannot list volumes,
 * nothing is counted, and that is success.
 *
 * Returns 0 on success, also if the user answered no. Returns -1 with an error of prompt_yes()
 * if the user cannot be asked or a signal arrives; nothing is then removed. Blocks until the
 * user has answered and the engine has removed the volumes. In total it waits three seconds for
 * containers that still use a volume. */
int cleanup_volumes(struct app *app, struct cleanup_volumes *out, struct err *e);

#endif
