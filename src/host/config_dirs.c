/* SPDX-License-Identifier: MIT */
#include "host/config_dirs.h"

#include "base/env.h"
#include "base/file.h"
#include "base/path.h"
#include "host/resolve.h"

const char *config_file(const char *name, char *const *env, struct arena *a, bool *planted)
{
    const char *home = env_value(env, "HOME");
    const char *config = env_value(env, "XDG_CONFIG_HOME");
    const char *physical = home != NULL ? resolve_physical(a, home) : NULL;
    const char *cwd = resolve_physical(a, ".");
    const char *path;

    *planted = false;
    if (home == NULL || home[0] != '/') {
        return NULL;
    }
    if (config == NULL || config[0] != '/') {
        config = path_join(a, home, ".config");
    }
    path = path_join(a, path_join(a, config, "cco"), name);
    *planted = file_exists(path) &&
               (cwd == NULL || (!path_is_inside(physical != NULL ? physical : home, cwd) &&
                                resolve_leads_through(a, path, cwd)));
    return path;
}

const char *docker_config_dir(char *const *env, const struct facts *f, struct arena *a,
                              const char **why)
{
    const char *dir = env_value(env, "DOCKER_CONFIG");
    const char *cwd = f->cwd_physical;
    const char *home = f->home;
    const char *config;

    *why = NULL;
    if (dir == NULL || dir[0] != '/') {
        dir = home != NULL ? path_join(a, home, ".docker") : NULL;
    }
    if (dir == NULL || cwd == NULL) {
        return dir;
    }
    config = path_join(a, dir, "config.json");
    config = file_exists(config) ? config : dir;
    if (file_exists(config) && resolve_leads_through(a, config, cwd) &&
        (f->home_physical == NULL || !path_is_inside(f->home_physical, cwd))) {
        *why = arena_printf(a, "%s leads through the project", config);
        return NULL;
    }
    return dir;
}
