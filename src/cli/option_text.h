/* SPDX-License-Identifier: MIT */
/* The text of each option for `cco help --OPTION` and cco(1), in addition to its row. Pure. */
#ifndef CLI_OPTION_TEXT_H
#define CLI_OPTION_TEXT_H

#include "cli/options.h"

struct option_text {
    const char *name; /* of the option */
    const char *text; /* one paragraph of whole sentences, in the manual's Markdown */
    /* The state without the option, as the end of "Without it: ...". NULL: the option's effect
     * does not happen. */
    const char *standard;
    const char *topic; /* the page of the manual to read on (cli/manual.h) */
};

/* Returns the text of an option, which is static. Each row of option_table has a text. */
const struct option_text *option_text(const struct option *opt);

#endif
