/* SPDX-License-Identifier: MIT */
/* The manual page cco(1), in roff with the macros of man(7). `cco help man` prints it, and a
 * package gets its file from there. Pure. */
#ifndef CLI_MAN_H
#define CLI_MAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Adds the page, which is made from the tables of options and commands and from the pages of
 * the manual (cli/manual.h). The arena is for temporary text. Returns 0 on success and -1 on
 * error: ERR_FORMAT if a text leaves the manual's subset of Markdown, ERR_LIMIT if `out` would
 * exceed its maximum. */
int man_page(struct buf *out, struct arena *a, struct err *e);

#endif
