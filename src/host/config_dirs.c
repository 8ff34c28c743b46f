/* SPDX-License-Identifier: MIT */
#include "host/config_dirs.h"

#include "base/env.h"
#include "base/file.h"
#include "base/path.h"
#include "trust/ledger.h"
#include "trust/lookup.h"
#include "trust/obeyed.h"

#include <string.h>

struct config_file config_file(const char *name, char *const *env, struct arena *a)
{
    const char *home = env_value(env, "HOME");
    const char *physical = home != NULL ? lookup_physical(a, home) : NULL;
    const char *cwd = lookup_physical(a, ".");
    struct config_file out = {NULL};
    struct ledger trees = {0};
    struct err e = {0};
    const char *state;
    struct obeyed o;

    if (home == NULL || home[0] != '/') {
        return out;
    }
    out.path = path_join(a, obeyed_own_dir(env, "XDG_CONFIG_HOME", home, ".config", a), name);
    if (!file_exists(out.path)) {
        return out;
    }
    state = obeyed_own_dir(env, "XDG_STATE_HOME", home, ".local/state", a);
    if (ledger_read(state, a, &trees, &e) < 0) {
        out.why = arena_printf(a, "%s. %s", e.text, e.hint);
        return out;
    }
    if (cwd == NULL) {
        out.why = "the current directory is not known";
        return out;
    }
    if (!path_is_inside(physical != NULL ? physical : home, cwd)) {
        ledger_add(&trees, a, cwd);
    }
    o = obeyed_find(a, state, &trees, out.path);
    out.physical = o.physical;
    out.sha256 = o.sha256;
    out.why = o.why;
    return out;
}

const char *docker_config_dir(char *const *env, const struct facts *f, struct arena *a,
                              const char **why)
{
    static const char *const parts[] = {"", "config.json", "contexts"};
    const char *dir = env_value(env, "DOCKER_CONFIG");

    *why = NULL;
    if (dir == NULL || dir[0] != '/') {
        dir = f->home != NULL ? path_join(a, f->home, ".docker") : NULL;
    }
    for (size_t i = 0; dir != NULL && i < sizeof(parts) / sizeof(parts[0]); i++) {
        const char *path = path_clean(a, path_join(a, dir, parts[i]));
        struct obeyed o;

        if (f->state_dir == NULL || !file_exists(path)) {
            continue;
        }
        o = obeyed_find(a, f->state_dir, f->trees, path);
        if (o.why != NULL) {
            *why = arena_printf(a, "%s is not used: %s", path, o.why);
            return NULL;
        }
        if (i == 0 && o.sha256 != NULL) {
            break; /* the whole directory is pinned */
        }
    }
    return dir;
}
