/* SPDX-License-Identifier: MIT */
/* What the command is shut into beside its namespaces: Landlock, then the filter of system calls. In the child that
 * becomes the command, after its privileges are gone. */
#ifndef INIT_CONFINEMENT_H
#define INIT_CONFINEMENT_H

#include "base/err.h"
#include "wire/boot.h"

/* As the boot file says. A kernel without Landlock is no error; anything else that cannot be put up is. */
int confinement_apply(const struct boot *b, struct err *e);

#endif
