/* SPDX-License-Identifier: MIT */
/* The environment as main got it. Pure. */
#ifndef BASE_ENV_H
#define BASE_ENV_H

/* The value of a variable of a NULL-terminated "K=V" list; NULL where it is unset or empty. */
const char *env_value(char *const *env, const char *name);

#endif
