/* SPDX-License-Identifier: MIT */
/* cco's own options and commands, in one table each, and the parser of the command line. The
 * parser is pure: its result depends on its arguments alone. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/choice.h"
#include "plan/opts.h"

struct app;

/* The groups of `cco help options`, in this order. */
enum option_group {
    GROUP_INSIDE,
    GROUP_IMAGE,
    GROUP_LIMITS,
    GROUP_SESSION,
    GROUP_CCO,
    GROUP_COMMAND, /* options of single commands, which the help of these commands shows */
    GROUP_COUNT
};

/* What a shell completes a value, or the words of a command, with. */
enum complete {
    COMPLETE_NOTHING, /* or the choices, if there are any */
    COMPLETE_FILE,    /* the value is a path of this machine */
    COMPLETE_DIR,     /* the value is the path of a directory of this machine */
    COMPLETE_SESSION, /* the name of a session, from `cco sessions` */
    COMPLETE_COMMAND  /* what `cco help` explains: a command, a topic or an option */
};

struct setting;

/* One row for each option. The parser, the configuration file, the environment, --help,
 * completion, the manual and the messages about a bad value all read it. What a row does not
 * mention is zero. */
struct option {
    const char *name;  /* without the dashes; also the name in the configuration file */
    const char *alias; /* another spelling of the name, or NULL */
    char letter;       /* of the short form, or '\0' */

    /* The value: a flag has neither of the two. If there are choices, help shows them as
     * "a|b|c". */
    const char *metavar;          /* what help calls the value */
    const struct choice *choices; /* the accepted words */

    const char *example; /* the right form, for messages */
    const char *help;    /* what it does, in 49 bytes at most: "limit processors" */
    bool common;         /* `cco --help` lists it: one of about a dozen */
    enum option_group group;
    enum complete complete; /* of the value */
    uint64_t commands;      /* bit IN(CMD_...) for each command that takes it */
    bool in_config;         /* the configuration file may set it */
    bool repeatable;        /* each use adds to the value instead of replacing it */
    bool ends_parsing;      /* the arguments after it are not looked at */
    const char *env;        /* an environment variable that sets it as well, or NULL */

    unsigned needs;   /* the feature that it needs of the engine (cli/features.h); 0: none */
    int needs_choice; /* only this choice needs it; 0: each value does */

    /* The names of the options that cannot be used together with this one, with a NULL at the
     * end, and the reason for the message. Both may be NULL. */
    const char *const *excludes;
    const char *why;

    /* SETS(): where the value is in struct opts. These bytes are zero unless the option is set.
     */
    size_t offset, size;
    int (*set)(const struct setting *s, struct err *e); /* option_value.h */
};

/* Each row ends with the member of struct opts, and the function that sets it. */
#define SETS(member, function)                                                                 \
    .offset = offsetof(struct opts, member), .size = sizeof(((struct opts *)0)->member),       \
    .set = (function)
#define IN(command) ((uint64_t)1 << (command))

/* The `words_max` of a command that takes any number of words. */
enum { WORDS_ANY = 1000000 };

/* One row for each command of cco's. claude itself is not a row. */
struct command {
    enum opts_command id;
    const char *word;
    const char *sub;   /* the second word, as in "image build"; NULL: none */
    const char *usage; /* what follows "cco " */
    const char *help;  /* what it does, in 49 bytes at most: "end a session" */
    /* `cco --help` has one line for successive commands with the same text here. NULL: the
     * command has a line of its own, with `help`; commands of two words have one together. */
    const char *together;
    const char *about; /* for `cco help COMMAND`: paragraphs in the manual's Markdown */
    size_t words_min, words_max;
    const char *words;            /* what the words are, for messages: "one name" */
    const struct choice *choices; /* the accepted words; NULL: any */
    enum complete complete;       /* of its words */
    unsigned needs;               /* the feature that it needs of the engine; 0: none */
    int (*run)(struct app *app, struct err *e); /* the exit status, or -1 with the error */
};

extern const struct option option_table[];
extern const size_t option_count;
extern const char *const option_groups[GROUP_COUNT];
extern const struct command command_table[];
extern const size_t command_count;
extern const struct choice completion_shells[]; /* the shells that `cco completion` knows */

/* The bit of an option in a set of options. */
static inline uint64_t option_bit(const struct option *opt)
{
    return (uint64_t)1 << (opt - option_table);
}

static inline bool option_has_value(const struct option *opt)
{
    return opt->metavar != NULL || opt->choices != NULL;
}

/* Returns the option with this name or alias (without dashes), or NULL if there is none. */
const struct option *option_find(struct str name);

/* Returns the option that `arg` ("--env", "-e", "--env=K=V") names, or NULL if it is not an
 * option of cco's. Sets *value to the part after "=", or to NULL if there is none. */
const struct option *option_named(const char *arg, const char **value);

/* Returns the option that differs from `arg` in one or two letters (two only if `arg` has six
 * or more), or NULL. */
const struct option *option_like(const char *arg);

/* Returns what help calls the value: the metavar, or the choices as "a|b|c" in the arena. NULL
 * for a flag. */
const char *option_metavar(const struct option *opt, struct arena *a);

/* Returns the row of a command, or NULL if it has none, as CMD_CLAUDE. */
const struct command *command_of(enum opts_command id);

/* Returns the command of these words ("image build"), or NULL if there is none. */
const struct command *command_named(const char *words);

/* Returns "image build", in the arena. */
const char *command_name(const struct command *c, struct arena *a);

/* Sets *o from the arguments (argv[0] is skipped). Before, *o is empty or holds what the
 * configuration file (config.h) and the environment set. Strings of *o point into argv or live
 * in the arena. Returns 0 on success and -1 on error; *o then holds a part. ERR_USAGE names the
 * option and shows the right form. */
int options_parse(int argc, char *const *argv, struct arena *a, struct opts *o, struct err *e);

#endif
