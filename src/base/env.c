/* SPDX-License-Identifier: MIT */
#include "base/env.h"

#include <stddef.h>
#include <string.h>

const char *env_exact(char *const *env, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; env[i] != NULL; i++) {
        if (strncmp(env[i], name, len) == 0 && env[i][len] == '=') {
            return env[i] + len + 1;
        }
    }
    return NULL;
}

const char *env_value(char *const *env, const char *name)
{
    const char *value = env_exact(env, name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}
