/* SPDX-License-Identifier: MIT */
/* Init's first words on its line (wire/frame.h), before the relay has it. Pure. */
#ifndef TERM_GREETING_H
#define TERM_GREETING_H

#include "base/err.h"
#include "base/str.h"

/* Whether these bytes begin with init's greeting, which is cut off: 1; 0 not yet; -1 they do not. `secret` is what init must
 * know; NULL: nobody else can be on this line. */
int init_line_greets(struct str *in, const char *secret, struct err *e);

#endif
