/* SPDX-License-Identifier: MIT */
#include "host/resolve.h"

#include "base/path.h"
#include "base/str.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

enum { LINKS_MAX = 40 };

const char *resolve_physical(struct arena *a, const char *path)
{
    char resolved[PATH_MAX];

    return realpath(path, resolved) != NULL ? arena_strdup(a, resolved) : NULL;
}

bool resolve_leads_through(struct arena *a, const char *path, const char *dir)
{
    char target[PATH_MAX];
    const char *at = "/";
    struct str rest = str_c(path);
    struct str name = {0};
    int links = 0;

    while (rest.len > 0) {
        const char *parent = at;
        ssize_t len;

        (void)str_cut(&rest, '/', &name);
        if (name.len == 0 || str_eq_c(name, ".")) {
            continue;
        }
        if (str_eq_c(name, "..")) {
            at = path_dir(a, at);
            continue;
        }
        at = path_join(a, at, arena_str(a, name));
        if (path_is_inside(at, dir)) {
            return true;
        }
        len = readlink(at, target, sizeof(target));
        if (len < 0) {
            continue;
        }
        if ((size_t)len == sizeof(target) || links++ == LINKS_MAX) {
            return true;
        }
        rest = str_c(arena_printf(a, "%.*s/%.*s", (int)len, target, (int)rest.len, rest.p));
        at = target[0] == '/' ? "/" : parent;
    }
    return false;
}
