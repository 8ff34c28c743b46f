/* SPDX-License-Identifier: MIT */
/* cco's own options and the words that are its commands, in one table each: the parser, --help and
 * the messages all read them. Parsing is pure: a function of the arguments alone. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "plan/opts.h"

enum option_id {
    OPT_ENV,
    OPT_PACKAGES,
    OPT_REBUILD,
    OPT_IMAGE,
    OPT_NETWORK,
    OPT_NAME,
    OPT_DETACH,
    OPT_DETACH_KEYS,
    OPT_RECORD,
    OPT_ALLOW_OAUTH_REFRESH,
    OPT_STRICT,
    OPT_DRY_RUN,
    OPT_TIMING,
    OPT_YES,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_JSON,
    OPT_ALL,
    OPT_LIST,
    OPT_READ_ONLY,
    OPT_WAIT,
    OPT_HELP,
    OPT_VERSION
};

struct option {
    enum option_id id;
    const char *name;    /* without the dashes */
    char letter;         /* '\0': none */
    const char *value;   /* what its value is called in messages; NULL: a flag */
    const char *example; /* the right form, for usage errors */
    const char *help;    /* one or two lines, '\n' between */
};

struct command_word {
    const char *word;
    const char *usage;
    const char *help;
};

extern const struct option option_table[];
extern const size_t option_count;
extern const struct command_word command_table[];
extern const size_t command_count;

/* Fills *o from the arguments (argv[0] is skipped), as PRODUCT's rules of the command line say.
 * ERR_USAGE names the option and shows the right form. */
int options_parse(int argc, char *const *argv, struct arena *a, struct opts *o, struct err *e);

#endif
