/* SPDX-License-Identifier: MIT */
/* The `set` functions of the options. Each checks one value and stores it in struct opts.
 * Pure. */
#ifndef CLI_OPTION_VALUE_H
#define CLI_OPTION_VALUE_H

#include "cli/options.h"

enum setting_source { SETTING_ARGUMENT, SETTING_VARIABLE, SETTING_FILE };

/* One use of an option, in any of its sources. */
struct setting {
    const struct option *opt;
    enum setting_source source; /* messages spell the option as this source does */
    const char *value;          /* NULL for a flag. It must live as long as *o. */
    struct opts *o;
    struct arena *arena;
};

/* Checks that the value is not empty and calls the row's `set`. Returns 0 on success and -1 on
 * error. ERR_USAGE names the option as its source does ("--engine", "CCO_ENGINE=x", "engine")
 * and shows the right form; a list of *o may then contain a part of the value. */
int option_set(const struct setting *s, struct err *e);

/* Sets the member of the row to zero, as if the option had not been used. */
void option_unset(const struct option *opt, struct opts *o);

/* Returns true if the member of the row is not zero. */
bool option_is_set(const struct option *opt, const struct opts *o);

/* Sets ERR_USAGE: "--NAME: PROBLEM", with the row's example as the hint. Returns -1. */
int option_usage(struct err *e, const struct option *opt, const char *problem);

typedef int option_setter(const struct setting *s, struct err *e);

/* These three serve any row whose member has the right type: bool, const char *, an enum. */
option_setter option_set_flag, option_set_text, option_set_choice;

/* These belong to one option each. */
option_setter option_set_env, option_set_packages, option_set_build_arg, option_set_add_dir,
    option_set_ro, option_set_deny, option_set_publish, option_set_memory, option_set_shm_size,
    option_set_cpus, option_set_pids, option_set_name, option_set_detach_keys, option_set_sync,
    option_set_require, option_set_trust, option_set_engine, option_set_claude_version,
    option_set_help, option_set_version;

#endif
