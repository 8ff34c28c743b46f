/* SPDX-License-Identifier: MIT */
/* Confines the command beside its namespaces: Landlock, then the filter of system calls. Runs
 * in the child that becomes the command, after it has given up its privileges. */
#ifndef INIT_CONFINEMENT_H
#define INIT_CONFINEMENT_H

#include "base/err.h"
#include "wire/boot.h"

/* Applies the grants and the filter of the boot file, which cannot be undone. Without grants
 * but with a filter, Landlock only keeps the command from abstract sockets and signals, if the
 * kernel can do that. Returns 0 on success and -1 on error. A kernel without Landlock is an
 * error only if there are no namespaces: ERR_REFUSED. */
int confinement_apply(const struct boot *b, struct err *e);

#endif
