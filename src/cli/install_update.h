/* SPDX-License-Identifier: MIT */
/* The file that takes this program's place. Until it has shown that it works the old one stays,
 * and a program stands under the name at every instant: rename(2). What goes wrong leaves the
 * old one where it was, and nothing beside it. In the target's directory: ".NAME.new" while it
 * comes, "NAME.old" while the new one is tried. */
#ifndef CLI_INSTALL_UPDATE_H
#define CLI_INSTALL_UPDATE_H

#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sig.h"

struct install_update {
    const char *target; /* the real path of the program that runs */
    const char *temp, *old;
    int fd;   /* of temp, to be written; -1: there is none (any more) */
    int lock; /* of the target: one update at a time */
    struct stat st;
};

void install_update_init(struct install_update *s);

/* Finds the target, sees whether it can be replaced, locks it and makes temp (0700).
 * ERR_REFUSED or ERR_SYS with the command to use instead. */
int install_update_open(struct install_update *s, struct arena *a, struct err *e);

/* Puts what was written to fd in the target's place, with its mode and owner, once it has
 * answered "cco VERSION" to
 * --version, and again where it stands then. ERR_FORMAT: it did not, or is for another machine.
 */
int install_update_replace(struct install_update *s, const char *version, char *const *env,
                           const struct sig *sig, struct err *e);

/* Removes temp if it is still there. */
void install_update_release(struct install_update *s);

#endif
