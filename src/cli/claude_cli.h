/* SPDX-License-Identifier: MIT */
/* What cco must know of claude's own command line so as to leave it whole: its subcommands,
 * which of its options take the next word as their value, and which of those name paths of the
 * host. Checked by a test against the help of the real claude. Pure. */
#ifndef CLI_CLAUDE_CLI_H
#define CLI_CLAUDE_CLI_H

#include <stdbool.h>

#include "plan/opts.h"

enum claude_value {
    CLAUDE_VALUE_NONE,     /* a flag, or an option this table does not know */
    CLAUDE_VALUE_OPTIONAL, /* takes the next word unless that starts with '-' */
    CLAUDE_VALUE_ONE,      /* takes the next word whatever it is */
    CLAUDE_VALUE_MANY /* takes the next word, and further ones that do not start with '-' */
};

/* How `arg` ("--model", "-r") takes its value. "--name=value" carries it and takes none. */
enum claude_value claude_option_value(const char *arg);

/* True for "--model", "--model=x", "-p": also those that claude's help does not tell. */
bool claude_knows_option(const char *arg);

bool claude_is_subcommand(const char *word);

/* True for the options by which the user decides about permissions. */
bool claude_is_permission_option(const char *arg);

/* Adds to o->paths what claude's options among o->args name: what it reads is to be readable
 * inside, what it may write
 * (--add-dir) writable. Values that are JSON are no paths. Nothing of one of claude's
 * subcommands. */
void claude_paths(struct opts *o, struct arena *a);

#endif
