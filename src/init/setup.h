/* SPDX-License-Identifier: MIT */
/* What init does to the sandbox before the command runs, as root inside it. */
#ifndef INIT_SETUP_H
#define INIT_SETUP_H

#include "base/err.h"
#include "wire/boot.h"

/* Makes user and group known (passwd, group), the home and the listed directories (owned by the
 * user), copies files into the home, sets the time zone. A read-only /etc is no error: programs then
 * know the user by number. */
int setup_user(const struct boot *b, struct err *e);

/* Looks a program's shell up: the one of the boot file if it is there, else /bin/sh. */
const char *setup_shell(const struct boot *b);

#endif
