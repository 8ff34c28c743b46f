/* SPDX-License-Identifier: MIT */
/* Hides the paths of --deny. */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

/* Returns whether a mount shows the path `physical` of the host, or a path below it, and can be
 * left out. What claude or cco writes cannot, and neither can claude's own directory. */
static bool can_drop(const struct builder *b, const struct plan_mount *m, const char *physical)
{
    return m->kind == MOUNT_BIND && path_is_inside(m->source, physical) &&
           (m->of_user || (m->read_only && !path_is_inside(m->source, b->p->run_dir) &&
                           !path_is_inside(m->source, b->f->claude_dir)));
}

/* Removes the mounts that show the hidden path `physical` of the host, or a path below it, at
 * another place, and those at and below its name `target`. Sets *placeholder to that of the
 * mount at that very name, or to NULL. Returns true if it has removed any. */
static bool drop_below(struct builder *b, const char *target, const char *physical,
                       const char **placeholder)
{
    struct plan *p = b->p;
    size_t kept = 0;
    bool dropped;

    *placeholder = NULL;
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (strcmp(m->target, target) == 0) {
            *placeholder = m->placeholder;
        }
        if (!path_is_inside(m->target, target) && !can_drop(b, m, physical)) {
            p->files.mounts[kept++] = *m;
        }
    }
    dropped = kept < p->files.mount_count;
    p->files.mount_count = kept;
    return dropped;
}

/* Adds every name by which the sandbox sees the path to `out`. The same directory of the host
 * may be mounted at several places. */
static void names_inside(struct builder *b, const struct fact_option_path *n, struct strv *out)
{
    struct plan *p = b->p;
    const struct plan_mount *shown = paths_covering(p, n->target);

    if (paths_covering(p, n->physical) != NULL || native_shows(b, n->physical)) {
        strv_add(out, b->a, n->physical);
    }
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];
        const char *at;

        if (m->kind != MOUNT_BIND || !path_is_inside(n->physical, m->source)) {
            continue;
        }
        at = arena_printf(b->a, "%s%s", m->target, n->physical + strlen(m->source));
        if (paths_covering(p, at) == m && !strv_has(out, at)) {
            strv_add(out, b->a, at);
        }
    }
    /* A private copy of a file has the name that the user wrote. */
    if (shown != NULL && path_is_inside(shown->source, p->run_dir) &&
        !strv_has(out, n->target)) {
        strv_add(out, b->a, n->target);
    }
}

/* Returns why the path cannot be hidden, or NULL. */
static const char *cannot_hide(const struct builder *b, const char *path)
{
    const struct plan *p = b->p;

    if (path_is_inside(b->f->cwd_physical, path)) {
        return path_is_inside(b->f->project, path) ? "the project would be hidden"
                                                   : "the current directory would be hidden";
    }
    if (native_needs(b, path) || path_is_inside(PLAN_RUN_DIR, path) ||
        path_is_inside(path, PLAN_RUN_DIR)) {
        return "the sandbox needs it";
    }
    if (path_is_inside(path_join(b->a, p->user.home, ".claude"), path)) {
        return "claude needs it, and the sandbox has a private copy";
    }
    for (size_t i = 0; i < p->files.copy_count; i++) {
        if (p->files.copies[i].by_init && path_is_inside(p->files.copies[i].target, path)) {
            return "claude needs it, and the sandbox has a private copy";
        }
    }
    return NULL;
}

/* Covers a name of the hidden path with an empty directory or file. */
static void hide_at(struct builder *b, const struct opts_path *o,
                    const struct fact_option_path *n, const char *name, const char *placeholder)
{
    const bool is_dir = n->type == FACT_DIR;
    const char *empty =
        is_dir ? path_join(b->a, b->p->run_dir, PLAN_EMPTY) : hide_empty_file(b);
    struct plan_mount *m = mounts_add(b, empty, name, is_dir, o->option);

    m->read_only = true;
    m->placeholder = placeholder;
    if (path_is_inside(path_join(b->a, b->f->dotenv_dir, ".env"), name)) {
        b->p->env.hides_dotenv = true;
    }
}

int hide_build(struct builder *b, const struct opts_path *o, const struct fact_option_path *n,
               struct err *e)
{
    struct strv names = {0};
    const char *placeholder = NULL;
    const char *why;

    why = cannot_hide(b, n->physical);
    if (why == NULL && strcmp(n->target, n->physical) != 0) {
        why = cannot_hide(b, n->target);
    }
    if (why != NULL) {
        return paths_refuse(b, o, why, e);
    }
    names_inside(b, n, &names);
    if (!drop_below(b, n->physical, n->physical, &placeholder) && names.count == 0) {
        paths_warn(b, o,
                   "hides nothing, because the sandbox does not see this path of this machine");
    }
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.v[i];

        if (strcmp(name, n->physical) != 0) {
            (void)drop_below(b, name, n->physical, &placeholder);
        }
        hide_at(b, o, n, name, placeholder);
    }
    return 0;
}

const char *hide_empty_file(struct builder *b)
{
    for (size_t i = 0; i < b->p->files.copy_count; i++) {
        if (strcmp(b->p->files.copies[i].name, PLAN_HIDDEN) == 0) {
            return path_join(b->a, b->p->run_dir, "files/" PLAN_HIDDEN);
        }
    }
    mounts_add_copy(b, COPY_TEXT, NULL, PLAN_HIDDEN, "an empty file that covers hidden files")
        ->text = "";
    return path_join(b->a, b->p->run_dir, "files/" PLAN_HIDDEN);
}
