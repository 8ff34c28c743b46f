/* SPDX-License-Identifier: MIT */
/* The man page, cco(1), as roff for man(7). */
#ifndef CLI_MAN_H
#define CLI_MAN_H

#include "base/buf.h"

/* Made from the tables of options and commands. src/cli/cco.1 is a copy that a test holds to it. */
void man_page(struct buf *out);

#endif
