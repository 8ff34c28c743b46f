/* SPDX-License-Identifier: MIT */
/* The manual page cco(1), in roff with the macros of man(7). `cco help man` prints it, and a
 * package gets its file from there. Pure. */
#ifndef CLI_MAN_H
#define CLI_MAN_H

#include "base/arena.h"
#include "base/buf.h"

/* Adds the page, which is made from the tables of options and commands. The arena is for
 * temporary text. */
void man_page(struct buf *out, struct arena *a);

#endif
