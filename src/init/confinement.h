/* SPDX-License-Identifier: MIT */
/* Confines the command in addition to its namespaces: Landlock, then the filter of system
 * calls. Runs in the child that becomes the command, after it has given up its privileges. */
#ifndef INIT_CONFINEMENT_H
#define INIT_CONFINEMENT_H

#include "base/err.h"
#include "wire/boot.h"

/* Applies the grants and the filter of the boot file to the calling process. This cannot be
 * undone. If there are no grants but there is a filter, Landlock only keeps the command from
 * abstract sockets of, and signals to, processes outside, if the kernel can do that. If there
 * is neither, nothing is applied. no_new_privs must be set. Returns 0 on success. Returns -1 on
 * error; the caller must not run the command then, because a part may be applied. A kernel
 * without Landlock is an error only if the sandbox has no namespaces: ERR_REFUSED. */
int confinement_apply(const struct boot *b, struct err *e);

#endif
