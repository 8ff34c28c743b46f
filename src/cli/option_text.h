/* SPDX-License-Identifier: MIT */
/* What `cco help --OPTION` and the manual say about each option, beyond its row. Pure. */
#ifndef CLI_OPTION_TEXT_H
#define CLI_OPTION_TEXT_H

#include "cli/options.h"

struct option_text {
    const char *name; /* of the option */
    const char *text; /* one paragraph of whole sentences, in the manual's Markdown */
    /* What holds without the option, as the end of "Without it: ..."; NULL: what the option
     * does is not done. */
    const char *standard;
    const char *topic; /* the page of the manual to read on (cli/manual.h) */
};

/* Returns the text of an option. Each row of option_table has one. */
const struct option_text *option_text(const struct option *opt);

#endif
