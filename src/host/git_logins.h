/* SPDX-License-Identifier: MIT */
/* The settings of git in the environment (GIT_CONFIG_KEY_N and GIT_CONFIG_VALUE_N) that can
 * contain a password, as those of CI do: headers and cookies of http, URLs and proxies with a
 * login, credential.*. git-config(1), "ENVIRONMENT". */
#ifndef HOST_GIT_LOGINS_H
#define HOST_GIT_LOGINS_H

#include "base/arena.h"
#include "plan/facts.h"

/* Sets f->git_logins to the numbers and names of these settings in `env`. Their values, and
 * URLs in their names, are not kept. Strings are in the arena. Never blocks. */
void git_logins_probe(char *const *env, struct arena *a, struct facts *f);

#endif
