/* SPDX-License-Identifier: MIT */
/* Maps paths of this machine to the paths by which a remote engine has them
 * (facts.engine.path_maps). */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

const char *path_map_find(const struct builder *b, const char *path, bool *read_only)
{
    const struct fact_engine *en = &b->f->engine;
    const struct fact_path_map *best = NULL;

    for (size_t i = 0; i < en->path_map_count; i++) {
        const struct fact_path_map *m = &en->path_maps[i];

        if (path_is_inside(path, m->local_path) &&
            (best == NULL || strlen(m->local_path) > strlen(best->local_path))) {
            best = m;
        }
    }
    if (best == NULL || best->remote_path == NULL) {
        return NULL;
    }
    *read_only = *read_only || best->read_only;
    if (strcmp(path, best->local_path) == 0) {
        return best->remote_path;
    }
    path += strlen(best->local_path);
    return path_join(b->a, best->remote_path, path[0] == '/' ? path + 1 : path);
}

bool path_map_see(const struct builder *b, const char *path)
{
    bool ignored = false;

    return path_map_find(b, path, &ignored) != NULL;
}

/* Returns true if one of the first `count` mounts, which is below m, covers the target. Such a
 * mount hides what is below it, or path_map_inner() completes it by itself. */
static bool is_covered(const struct plan *p, size_t count, const struct plan_mount *m,
                       const char *target)
{
    for (size_t i = 0; i < count; i++) {
        const char *nearer = p->files.mounts[i].target;

        if (path_is_inside(target, nearer) && path_is_inside(nearer, m->target) &&
            strcmp(nearer, m->target) != 0) {
            return true;
        }
    }
    return false;
}

void path_map_inner(struct builder *b, const struct plan_mount *m, const char *source,
                    size_t count)
{
    const struct fact_engine *en = &b->f->engine;

    for (size_t i = 0; i < en->path_map_count; i++) {
        const struct fact_path_map *map = &en->path_maps[i];
        const char *target;

        if (map->remote_path == NULL || strcmp(map->local_path, source) == 0 ||
            !path_is_inside(map->local_path, source)) {
            continue;
        }
        target = path_join(b->a, m->target, map->local_path + strlen(source) + 1);
        if (!is_covered(b->p, count, m, target)) {
            mounts_add(b, map->remote_path, target, map->is_dir, m->why)->read_only =
                m->read_only || map->read_only;
        }
    }
}
