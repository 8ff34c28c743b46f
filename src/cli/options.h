/* SPDX-License-Identifier: MIT */
/* cco's own options and commands, in one table each: the parser, the configuration file, --help, completions, the man page
 * and the messages all read them. Parsing is pure: a function of the arguments alone. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "plan/opts.h"

struct app;

enum option_id {
    OPT_ENV,
    OPT_ADD_DIR,
    OPT_RO,
    OPT_DENY,
    OPT_DOCKER,
    OPT_SSH_KEYS,
    OPT_SUDO,
    OPT_PACKAGES,
    OPT_BASE,
    OPT_BUILD_ARG,
    OPT_REBUILD,
    OPT_IMAGE,
    OPT_ENGINE,
    OPT_INSECURE,
    OPT_REQUIRE,
    OPT_ALLOW_USERNS,
    OPT_SUBIDS,
    OPT_NETWORK,
    OPT_PUBLISH,
    OPT_MEMORY,
    OPT_CPUS,
    OPT_PIDS,
    OPT_NAME,
    OPT_DETACH,
    OPT_DETACH_KEYS,
    OPT_RECORD,
    OPT_ALLOW_OAUTH_REFRESH,
    OPT_STRICT,
    OPT_DISABLE_BACKGROUND_TASKS,
    OPT_SYNC,
    OPT_DRY_RUN,
    OPT_TIMING,
    OPT_YES,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_HELP,
    OPT_VERSION,
    OPT_JSON,
    OPT_ALL,
    OPT_LIST,
    OPT_READ_ONLY,
    OPT_WAIT,
    OPT_CHECK,
    OPT_COUNT
};

/* Headings of --help, in this order. */
enum option_group {
    GROUP_INSIDE,
    GROUP_IMAGE,
    GROUP_LIMITS,
    GROUP_SESSION,
    GROUP_CCO,
    GROUP_COMMAND, /* of single commands: in their own help only */
    GROUP_COUNT
};

/* What a shell can complete. */
enum complete {
    COMPLETE_NOTHING,
    COMPLETE_FILE,
    COMPLETE_DIR,
    COMPLETE_WORDS,   /* the value's name lists them: "host|bridge|none" */
    COMPLETE_SESSION, /* a session's name: from `cco sessions` */
    COMPLETE_COMMAND  /* a command of cco's */
};

struct option {
    enum option_id id;
    const char *name;    /* without the dashes */
    const char *alias;   /* another spelling; NULL: none */
    char letter;         /* '\0': none */
    const char *value;   /* what its value is called in messages; NULL: a flag */
    const char *example; /* the right form, for usage errors */
    const char *help;    /* one line */
    enum option_group group;
    enum complete complete;
    uint64_t commands; /* bit IN(CMD_...) for each command that it means something to */
    size_t flag;       /* of a flag: where its bool is in struct opts; FLAG_NONE: elsewhere */
    bool in_config;    /* may have a default in the configuration file */
};

#define IN(command) ((uint64_t)1 << (command))
#define FLAG_NONE SIZE_MAX

/* How many words may stand behind a command. */
enum { WORDS_ANY = 1000000 };

struct command {
    enum opts_command id;
    const char *word;
    const char *sub;   /* the second word, as in "image build"; NULL: none */
    const char *usage; /* behind "cco " */
    const char *help;  /* one line */
    const char *about; /* `cco help COMMAND`: a paragraph or two, lines of at most 78 bytes */
    size_t words_min, words_max;
    const char *words;      /* what the words are, for messages: "one name" */
    enum complete complete; /* of its words */
    int (*run)(struct app *app, struct err *e); /* the exit status, or -1 with the error */
};

extern const struct option option_table[];
extern const size_t option_count;
extern const char *const option_groups[GROUP_COUNT];
extern const struct command command_table[];
extern const size_t command_count;

const struct command *command_of(enum opts_command id);

/* By its words, "image build"; NULL: there is none. */
const struct command *command_named(const char *words);

/* "image build", in the arena. */
const char *command_name(const struct command *c, struct arena *a);

/* The option that `arg` ("--env", "-e", "--env=K=V") names, and its "=value" part if there is one. */
const struct option *option_named(const char *arg, const char **value);

/* The option of cco's that `arg` is nearly: one or two letters (of six or more) away; NULL: none. */
const struct option *option_like(const char *arg);

/* Fills *o from the arguments (argv[0] is skipped), as PRODUCT's rules of the command line say. *o holds the defaults
 * (config.h), or is empty. ERR_USAGE names the option and shows the right form. */
int options_parse(int argc, char *const *argv, struct arena *a, struct opts *o, struct err *e);

#endif
