/* SPDX-License-Identifier: MIT */
/* The variables that pass from the host's environment into the sandbox, each with its reason. A
 * variable that is not in the table does not pass unless --env or the project's .env names it,
 * so a secret in a variable that a future version of claude reads stays outside. Pure. */
#ifndef PLAN_PASSED_H
#define PLAN_PASSED_H

#include <stdbool.h>

#include "plan/facts.h"

/* git-config(1), "GIT_CONFIG_COUNT": the names of variables, without their number. */
#define PASSED_GIT_KEY "GIT_CONFIG_KEY_"
#define PASSED_GIT_VALUE "GIT_CONFIG_VALUE_"

/* Returns the reason for which the host's variable `name` passes, or NULL if it does not. That
 * depends on the facts as well: a variable with a login passes only if it is the login that is
 * used (f->login), a variable of a cloud provider only if claude uses that provider, and a
 * locale only into a native sandbox, and a setting of git only if it has no login. The reason
 * is a constant text. */
const char *passed_why(const struct facts *f, const char *name);

/* Returns true if claude reads variables of this name, which begins with ANTHROPIC_ or
 * CLAUDE_CODE_. cco reports such a variable if it does not pass. */
bool passed_is_claudes(const char *name);

/* Returns true if tools of developers (editors, compilers, package managers) read a variable of
 * this name, which does not pass by itself. cco reports that it is missing inside. */
bool passed_is_of_tools(const char *name);

#endif
