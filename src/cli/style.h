/* SPDX-License-Identifier: MIT */
/* What a terminal can do, by the environment: NO_COLOR (https://no-color.org: set and not empty), TERM, and the
 * locale's LC_ALL, LC_CTYPE, LANG, the first that is not empty. */
#ifndef CLI_STYLE_H
#define CLI_STYLE_H

#include "base/log.h"

/* Of the terminal at fd; colours and all else off where it is none. */
struct log_style style_find(char *const *env, int fd);

#endif
