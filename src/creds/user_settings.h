/* SPDX-License-Identifier: MIT */
/* Reads members of a settings file of claude's that decide on the login. A file that is missing
 * or broken has none of them; claude itself reports broken settings. The functions block only
 * as the file system does, and wipe the text, because settings contain variables, whose values
 * may be secrets. */
#ifndef CREDS_USER_SETTINGS_H
#define CREDS_USER_SETTINGS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"

/* Returns the command `key`, such as apiKeyHelper, in the arena, and NULL if it is missing or
 * empty. */
const char *user_settings_command(const char *path, const char *key, struct arena *a);

/* Returns the index of the first of the `count` variables `names` that the object `env` sets,
 * and `count` if it sets none of them. Claude adds these variables to its own environment. A
 * variable counts as set if its value is a text that is not empty, a number or true. A variable
 * CLAUDE_CODE_USE_... does not count with the text "0" or "false". */
size_t user_settings_sets(const char *path, const char *const *names, size_t count);

/* Adds the value of the variable `name` of the object `env` to `value`, which the caller wipes.
 * Returns true if the value is a text and `value` is then not empty. Otherwise returns false,
 * also if the text exceeds value's maximum; `value` may then contain a part of it. */
bool user_settings_value(const char *path, const char *name, struct buf *value);

#endif
