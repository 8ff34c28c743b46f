/* SPDX-License-Identifier: MIT */
/* Links in the home of the sandbox to the project, if the user reaches the project through
 * links: the home is behind a link (/home -> /var/home), or a link in the home was named. The
 * project has its physical path inside. */
#include "plan/build.h"

#include "base/list.h"
#include "base/path.h"

#include <string.h>

/* Returns true if nothing of the plan is at `path` or below it, and no mount shows it. */
static bool is_free(const struct plan *p, const char *path)
{
    for (size_t i = 0; i < p->files.mount_count; i++) {
        if (path_is_inside(p->files.mounts[i].target, path) ||
            path_is_inside(path, p->files.mounts[i].target)) {
            return false;
        }
    }
    for (size_t i = 0; i < p->files.copy_count; i++) {
        if (path_is_inside(p->files.copies[i].target, path)) {
            return false;
        }
    }
    for (size_t i = 0; i < p->files.link_count; i++) {
        if (path_is_inside(p->files.links[i].path, path) ||
            path_is_inside(path, p->files.links[i].path)) {
            return false;
        }
    }
    return true;
}

static void add(struct builder *b, const char *path, const char *target)
{
    struct plan *p = b->p;

    if (strcmp(path, target) == 0 || strcmp(path, p->user.home) == 0 ||
        !path_is_inside(path, p->user.home) || path_is_inside(target, path) ||
        !is_free(p, path)) {
        return;
    }
    p->files.links = list_grow(b->a, p->files.links, p->files.link_count, &p->files.link_cap,
                               sizeof(p->files.links[0]));
    p->files.links[p->files.link_count++] = (struct plan_link){path, target};
}

/* Returns true if one of the links leads to the current directory by this name. */
static bool leads_there(const struct plan *p, const char *named)
{
    for (size_t i = 0; i < p->files.link_count; i++) {
        if (path_is_inside(named, p->files.links[i].path)) {
            return true;
        }
    }
    return false;
}

/* Returns the part of `path` behind the directory `dir` that contains it, which is "" or begins
 * with "/". */
static const char *rest_of(const char *path, const char *dir)
{
    return path + strlen(dir);
}

/* Returns the name by which the user reaches the project, if the name of the current directory
 * ends like the current directory, or NULL. */
static const char *project_named(struct builder *b)
{
    const struct facts *f = b->f;
    const char *rest = rest_of(f->cwd_physical, f->project);
    const size_t len = strlen(f->cwd_named);
    const size_t rest_len = strlen(rest);

    return len > rest_len && strcmp(f->cwd_named + len - rest_len, rest) == 0
               ? arena_printf(b->a, "%.*s", (int)(len - rest_len), f->cwd_named)
               : NULL;
}

void home_links_build(struct builder *b)
{
    const struct facts *f = b->f;
    const char *named = NULL;

    if (strcmp(f->home, f->home_physical) != 0 &&
        path_is_inside(f->project, f->home_physical)) {
        add(b, arena_printf(b->a, "%s%s", f->home, rest_of(f->project, f->home_physical)),
            f->project);
    }
    if (f->cwd_named == NULL || !path_is_inside(f->cwd_physical, f->project)) {
        return;
    }
    named = project_named(b);
    if (named != NULL && path_is_inside(named, b->p->user.home) &&
        strcmp(named, b->p->user.home) != 0) {
        add(b, named, f->project);
    } else {
        add(b, f->cwd_named, f->cwd_physical);
    }
    if (leads_there(b->p, f->cwd_named)) {
        env_fixed(b, "PWD", f->cwd_named); /* shells show the directory by this name */
    }
}
