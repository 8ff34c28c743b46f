/* SPDX-License-Identifier: MIT */
/* Reads variables of an environment, which is a NULL-terminated list of "NAME=VALUE". If a name
 * occurs more than once, the first entry is used. Results point into the list. Pure. */
#ifndef BASE_ENV_H
#define BASE_ENV_H

/* Returns the value of a variable that configures something, or NULL if the variable is unset
 * or empty: users, Docker and the XDG Base Directory Specification treat an empty variable as
 * unset. */
const char *env_value(char *const *env, const char *name);

/* Returns the value of a variable that is passed on to another program. The value may be empty.
 * Returns NULL if the variable is unset. */
const char *env_exact(char *const *env, const char *name);

#endif
