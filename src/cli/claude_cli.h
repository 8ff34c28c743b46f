/* SPDX-License-Identifier: MIT */
/* Knowledge about claude's own command line, which cco passes on unchanged: claude's
 * subcommands, the options that take the next words as their value, and the options whose
 * values are paths of the host. A test compares it with the help of the real claude. Pure. */
#ifndef CLI_CLAUDE_CLI_H
#define CLI_CLAUDE_CLI_H

#include <stdbool.h>

#include "plan/opts.h"

enum claude_value {
    CLAUDE_VALUE_NONE,     /* takes no word: a flag, or an option that is not in the table */
    CLAUDE_VALUE_OPTIONAL, /* takes the next word unless that word begins with '-' */
    CLAUDE_VALUE_ONE,      /* takes the next word, even if it begins with '-' */
    /* takes the next word, even if it begins with '-', and all words after it up to the first
     * that begins with '-' */
    CLAUDE_VALUE_MANY
};

/* Returns how many of the words after `arg` ("--model", "-r") are its value. The result for
 * "--name=value" is CLAUDE_VALUE_NONE, because it contains its value. */
enum claude_value claude_option_value(const char *arg);

/* Returns true if `arg` is an option in the table of claude's options, with or without "=value"
 * ("--model", "--model=x", "-p"). The table also has options that claude's help does not
 * list. */
bool claude_knows_option(const char *arg);

/* Returns true if `word` is one of claude's subcommands, such as "mcp". */
bool claude_is_subcommand(const char *word);

/* Returns true if `arg` is one of the options that set claude's permissions, with or without
 * "=value": --permission-mode, --dangerously-skip-permissions and
 * --allow-dangerously-skip-permissions. */
bool claude_is_permission_option(const char *arg);

/* Adds the paths that claude's options in o->args name to o->paths, so that the sandbox gets
 * them: a path that claude reads with ACCESS_READ, a directory of --add-dir with ACCESS_WRITE,
 * and a file that claude writes with ACCESS_OUTPUT. All of them have `of_claude` and `optional`
 * set, and their strings are those of o->args. Values that begin with '{' or '[' are JSON, not
 * paths, and are skipped. The search ends at "--". Does nothing if o->claude_subcommand is set,
 * which the parser must have decided before. */
void claude_paths(struct opts *o, struct arena *a);

#endif
