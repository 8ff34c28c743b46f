/* SPDX-License-Identifier: MIT */
#include "plan/untrusted.h"

#include <string.h>

const char *untrusted_why(const struct facts *f, const char *path)
{
    for (size_t i = 0; path != NULL && i < f->untrusted_count; i++) {
        if (strcmp(f->untrusted[i].path, path) == 0) {
            return f->untrusted[i].why;
        }
    }
    return NULL;
}

const char *untrusted_pin(const struct facts *f, const char *physical)
{
    for (size_t i = 0; physical != NULL && i < f->pin_count; i++) {
        if (strcmp(f->pins[i].physical, physical) == 0) {
            return f->pins[i].sha256;
        }
    }
    return NULL;
}
