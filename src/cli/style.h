/* SPDX-License-Identifier: MIT */
/* Finds out from the environment what a terminal can show: from NO_COLOR
 * (https://no-color.org), TERM, and the first of LC_ALL, LC_CTYPE and LANG that is set. An
 * empty variable counts as unset. */
#ifndef CLI_STYLE_H
#define CLI_STYLE_H

#include "base/log.h"

/* Returns the style of the terminal at fd. Everything is off if fd is not a terminal. */
struct log_style style_find(char *const *env, int fd);

#endif
