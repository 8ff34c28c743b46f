/* SPDX-License-Identifier: MIT */
/* Prepares the sandbox before the command runs, as root inside it. */
#ifndef INIT_SETUP_H
#define INIT_SETUP_H

#include "base/err.h"
#include "wire/boot.h"

/* Writes the user and the group into passwd(5) and group(5), makes the home and the listed
 * directories, which the user owns, copies files into the home, and sets the time zone. Returns
 * 0 on success and -1 on error. A read-only /etc is not an error: programs then see the user as
 * a number. */
int setup_user(const struct boot *b, struct err *e);

/* Returns the user's shell: the one of the boot file if it exists, else /bin/sh. */
const char *setup_shell(const struct boot *b);

#endif
