/* SPDX-License-Identifier: MIT */
/* cco's own options and commands, in one constant table each, and the parser of the command
 * line. Pure: the result of each function depends on its arguments and the tables alone. */
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

/* How a shell completes the value of an option, or the words of a command. */
enum complete {
    COMPLETE_NOTHING, /* with the choices, if the row has any; otherwise not at all */
    COMPLETE_FILE,    /* with paths of this machine */
    COMPLETE_DIR,     /* with directories of this machine */
    COMPLETE_SESSION, /* with the names that `cco sessions` prints */
    COMPLETE_COMMAND  /* with everything that `cco help` explains: commands, topics, options */
};

struct setting;

/* One row for each option. The parser, the configuration file, the environment, `cco help`,
 * completion, cco(1) and the messages about a bad value all read it. Members that a row does
 * not mention are zero. */
struct option {
    const char *name;  /* without the dashes; also the name in the configuration file */
    const char *alias; /* another spelling of the name, or NULL */
    char letter;       /* of the short form ("-e"), or '\0' */
    char other_letter; /* another short form, which help does not list, or '\0' */

    /* The value. A row has one of the two; the row of a flag has neither. Help shows choices as
     * "a|b|c". */
    const char *metavar;          /* the name of the value in help: "NAME=VALUE" */
    const struct choice *choices; /* the accepted words */
    /* For a flag only: the words that the configuration file accepts in place of true and
     * false. `set` gets the word; on the command line it gets NULL. */
    const struct choice *config_choices;

    /* One or more complete uses for messages about a bad value: "--cpus 2, --cpus 0.5". */
    const char *example;
    const char *help; /* the effect, in 46 bytes at most: "limit processors" */
    bool common;      /* `cco --help` lists this option; about a dozen are listed */
    enum option_group group;
    enum complete complete; /* of the value */
    uint64_t commands;      /* a set of bits IN(CMD_...): the commands that take the option */
    bool in_config;         /* the configuration file may set it */
    bool repeatable;        /* each use adds to the value instead of replacing it */
    bool ends_parsing;      /* the parser ignores the arguments after it */
    const char *env;        /* an environment variable that sets it as well; NULL: none */

    /* The feature that the engine must have for this option (one of enum engine_feature); 0:
     * none. If needs_choice is not 0, only the choice with this value needs it. */
    unsigned needs;
    int needs_choice;

    /* The names of the options that cannot be used together with this one, NULL-terminated.
     * `why` completes the message "--image ...: --packages cannot be used with it". Both may be
     * NULL. */
    const char *const *excludes;
    const char *why;

    /* SETS(): the place of the value in struct opts, in bytes. These bytes are zero unless the
     * option is set. `set` is described in option_value.h. */
    size_t offset, size;
    int (*set)(const struct setting *s, struct err *e);
};

/* The end of each row: the member of struct opts, and the function that sets it. */
#define SETS(member, function)                                                                 \
    .offset = offsetof(struct opts, member), .size = sizeof(((struct opts *)0)->member),       \
    .set = (function)
/* The bit of a command in a set of commands. */
#define IN(command) ((uint64_t)1 << (command))

/* The `words_max` of a command that takes any number of words. */
enum { WORDS_ANY = 1000000 };

/* One row for each command of cco's. Commands of two words that begin with the same word have
 * successive rows. Running claude (CMD_CLAUDE) has no row. */
struct command {
    enum opts_command id;
    const char *word;
    const char *sub; /* the second word, as in "image build"; NULL: none */
    /* Other spellings of the last of these words that users know from other programs ("ls"),
     * NULL-terminated; NULL: none. */
    const char *const *also;
    const char *usage; /* the form after "cco ": "stop [NAME]" */
    const char *help;  /* the effect, in 46 bytes at most: "end a session" */
    /* `cco --help` has one line for successive commands with the same text here. NULL: the
     * command has a line of its own, with `help`. Commands of two words share a line anyway. */
    const char *together;
    const char *about; /* for `cco help COMMAND`: paragraphs in the manual's Markdown */
    size_t words_min, words_max; /* how many words must and may follow; WORDS_ANY: no limit */
    const char *words;           /* what follows, for messages: "one name"; NULL: see choices */
    const struct choice *choices; /* the accepted words; NULL: any */
    enum complete complete;       /* of its words */
    unsigned needs; /* the feature that the engine must have (enum engine_feature); 0: none */
    /* Runs the command. Returns the exit status, or -1 with the error in *e. */
    int (*run)(struct app *app, struct err *e);
};

extern const struct option option_table[];
extern const size_t option_count;
extern const char *const option_groups[GROUP_COUNT]; /* the headings of the groups */
extern const struct command command_table[];
extern const size_t command_count;
extern const struct choice completion_shells[]; /* the shells that `cco completion` knows */

/* Returns the bit of a row of option_table in a set of options. */
static inline uint64_t option_bit(const struct option *opt)
{
    return (uint64_t)1 << (opt - option_table);
}

static inline bool option_has_value(const struct option *opt)
{
    return opt->metavar != NULL || opt->choices != NULL;
}

/* Returns the option with this name or alias, without dashes. NULL if there is none. */
const struct option *option_find(struct str name);

/* Returns the option that an argument ("--env", "-e", "--env=K=V") names, or NULL if it does
 * not name an option of cco's. Sets *value to the part of `arg` after "=", or to NULL if there
 * is none. */
const struct option *option_named(const char *arg, const char **value);

/* Returns the option whose name or alias is nearly that of `arg` ("--netwrok",
 * "--netwrok=host"), as cli/spelling.h defines it. NULL if there is none, or if `arg` does not
 * begin with "--". */
const struct option *option_like(const char *arg);

/* Returns the name of the value in help: the metavar, or the choices as "a|b|c" in the arena.
 * NULL for a flag. */
const char *option_metavar(const struct option *opt, struct arena *a);

/* Returns the row of a command. NULL for CMD_CLAUDE and CMD_VERSION, which have none. */
const struct command *command_of(enum opts_command id);

/* Returns true if `word` is the only or the second word of the command, or another spelling of
 * it. */
bool command_has_word(const struct command *c, const char *word);

/* Returns the command with these words, which are separated by one blank ("image build", "image
 * ls"), or NULL if there is none. */
const struct command *command_named(const char *words);

/* Returns the words of a command: "stop", or "image build" in the arena. */
const char *command_name(const struct command *c, struct arena *a);

/* Returns the other spellings of a command as "cco ls, cco ps", in the arena. The command must
 * have at least one (`also`). */
const char *command_spellings(const struct command *c, struct arena *a);

/* Parses the arguments and sets *o from them; argv[0] is skipped. Before the call, *o is empty
 * or has the options that the configuration file (config.h) and the environment set; arguments
 * override these. Strings of *o point into argv or live in the arena, so both must outlive *o.
 * Returns 0 on success and -1 with ERR_USAGE on error, which names the option or the command
 * and shows the right form. After an error, *o has the options up to the wrong one. */
int options_parse(int argc, char *const *argv, struct arena *a, struct opts *o, struct err *e);

#endif
