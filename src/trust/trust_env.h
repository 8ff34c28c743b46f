/* SPDX-License-Identifier: MIT */
/* The variables that a project must not set without the user's trust: they decide what runs,
 * which code a program loads, where the login or a connection goes, or which server is
 * believed. A project sets variables in its .env and in the `env` of claude's settings. Pure.
 */
#ifndef TRUST_TRUST_ENV_H
#define TRUST_TRUST_ENV_H

#include <stdbool.h>

#include "base/str.h"

/* What a group of variables does. */
struct trust_env_rule {
    /* The names, separated by blanks. '*' stands for any bytes. The case of letters does not
     * matter, because it does not for some readers (npm's settings, Python's proxies). */
    const char *names;
    /* The effect, for messages: "the login goes to". NULL: the variable is harmless, although a
     * later rule has a pattern for it. */
    const char *effect;
    /* The value completes the effect. Otherwise it is not shown, because it may be a secret. */
    bool shows_value;
};

/* Returns the rule of the variable `name`, and NULL if the variable needs no trust. */
const struct trust_env_rule *trust_env_rule(struct str name);

#endif
