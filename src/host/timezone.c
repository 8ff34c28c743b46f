/* SPDX-License-Identifier: MIT */
#include "host/timezone.h"

#include "base/file.h"
#include "trust/lookup.h"

#include <stdbool.h>
#include <string.h>

enum { ZONE_MAX = 128 };

static bool is_zone_name(const char *s)
{
    if (s == NULL || s[0] == '\0' || s[0] == '/' || strlen(s) > ZONE_MAX ||
        strstr(s, "..") != NULL) {
        return false;
    }
    for (size_t i = 0; s[i] != '\0'; i++) {
        if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/,:.",
                   s[i]) == NULL) {
            return false;
        }
    }
    return true;
}

const char *timezone_name(struct arena *a, const char *tz)
{
    static const char marker[] = "/zoneinfo/";
    const char *name;

    if (tz != NULL && tz[0] == ':') {
        tz++;
    }
    if (is_zone_name(tz)) {
        return arena_strdup(a, tz);
    }
    name = file_first_line(a, "/etc/timezone");
    if (is_zone_name(name)) {
        return name;
    }
    name = lookup_physical(a, "/etc/localtime");
    name = name != NULL ? strstr(name, marker) : NULL;
    name = name != NULL ? name + sizeof(marker) - 1 : NULL;
    return is_zone_name(name) ? name : NULL;
}
