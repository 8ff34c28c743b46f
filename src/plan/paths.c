/* SPDX-License-Identifier: MIT */
/* Mounts the paths that the user named: --add-dir, --ro, and those in claude's arguments. */
#include "plan/build.h"

#include "base/path.h"

#include <string.h>

struct plan_mount *paths_covering(struct plan *p, const char *path)
{
    struct plan_mount *best = NULL;

    for (size_t i = 0; i < p->files.mount_count; i++) {
        struct plan_mount *m = &p->files.mounts[i];

        if (path_is_inside(path, m->target) &&
            (best == NULL || strlen(m->target) > strlen(best->target))) {
            best = m;
        }
    }
    return best;
}

bool paths_shown(const struct builder *b, const char *path)
{
    const struct plan_mount *m = paths_covering(b->p, path);

    return native_shows(b, path) || (m != NULL && m->kind == MOUNT_BIND);
}

/* Returns true if a mount already shows the host's `physical` at `target`. */
static bool is_visible(struct builder *b, const char *target, const char *physical)
{
    const struct plan_mount *m = paths_covering(b->p, target);
    const char *rest;

    if (m == NULL) {
        return false;
    }
    rest = target + strlen(m->target);
    return strcmp(arena_printf(b->a, "%s%s", m->source, rest), physical) == 0;
}

/* Returns true if the path is a socket that the sandbox would see if cco did not hide it. An
 * option may name such a socket. */
static bool is_hidden_socket(struct builder *b, const struct opts_path *o,
                             const struct fact_option_path *n)
{
    return n->type == FACT_OTHER && o->access == ACCESS_READ &&
           strv_has(&b->f->live_sockets, n->physical) &&
           (is_visible(b, n->target, n->physical) || native_shows(b, n->physical));
}

static bool holds(const char *dir, const char *path)
{
    return path != NULL && path_is_inside(path, dir);
}

/* Returns why the agent must not write to this path, although it may read it, or NULL. */
static const char *place(const struct builder *b, const char *path)
{
    const char *why = project_place(b, path);

    return why == NULL && strv_has(&b->f->for_all, path) ? PLAN_FOR_ALL : why;
}

const char *paths_forbidden(struct builder *b, const struct opts_path *o,
                            const struct fact_option_path *n)
{
    const struct facts *f = b->f;
    const char *own[] = {f->data_dir, f->state_dir, f->runtime_dir, f->config_dir};
    const char *path = n->physical;

    if (n->link != NULL) {
        return arena_printf(
            b->a,
            "the link %s leads out of a directory in which sandboxes can write, so an "
            "agent may have made it",
            n->link);
    }
    if (n->leads_to != NULL) {
        return arena_printf(b->a,
                            "the way to %s, which this machine's claude or cco uses, leads "
                            "through it",
                            n->leads_to);
    }
    if (n->type == FACT_OTHER && !is_hidden_socket(b, o, n)) {
        return "it is neither a file nor a directory";
    }
    if (strcmp(path, "/") == 0 || holds(path, f->home_physical) || holds(path, f->home)) {
        return "your home is inside it, with all your keys and settings";
    }
    if (holds(path, f->claude_dir) || holds(path, f->claude_json.physical) ||
        holds(path, f->login.path)) {
        return "claude's configuration or login is inside it";
    }
    if (o->access != ACCESS_READ && holds(f->claude_dir, path)) {
        return "this machine's claude obeys the files in it";
    }
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (own[i] != NULL && (path_is_inside(path, own[i]) || path_is_inside(own[i], path))) {
            return "cco keeps its own data there";
        }
    }
    return project_is_system(n->target) ? "the sandbox has its own system directories" : NULL;
}

int paths_refuse(struct builder *b, const struct opts_path *o, const char *why, struct err *e)
{
    if (o->of_claude) {
        strv_add(&b->p->warnings, b->a,
                 arena_printf(b->a, "%s %s: not shared: %s", o->option, o->path, why));
        return 0;
    }
    (void)err_set(e, ERR_USAGE, "%s %s: %s", o->option, o->path, why);
    return err_hint(e, "Name another directory or file%s.",
                    o->access == ACCESS_HIDE ? " in the project" : "");
}

void paths_warn(struct builder *b, const struct opts_path *o, const char *text)
{
    if (!o->optional) {
        strv_add(&b->p->warnings, b->a,
                 arena_printf(b->a, "%s %s: %s", o->option, o->path, text));
    }
}

static int missing(struct builder *b, const struct opts_path *o, struct err *e)
{
    const bool pattern = strpbrk(o->path, "*?[") != NULL;

    if (o->optional) {
        if (pattern && !o->of_claude) {
            strv_add(&b->p->warnings, b->a,
                     arena_printf(b->a,
                                  "%s %s: no such file or directory. Patterns are not "
                                  "expanded: name each path",
                                  o->option, o->path));
        }
        return 0;
    }
    (void)err_set(e, ERR_USAGE, "%s %s: no such file or directory", o->option, o->path);
    return err_hint(e, "Nothing was started. %s",
                    pattern ? "Patterns are not expanded: name each path."
                            : "Correct the path, or leave the option out.");
}

/* Returns true if init makes a private copy at `target`. */
static bool is_copied(const struct plan *p, const char *target)
{
    for (size_t i = 0; i < p->files.copy_count; i++) {
        if (p->files.copies[i].by_init && strcmp(p->files.copies[i].target, target) == 0) {
            return true;
        }
    }
    return false;
}

static void mount_named(struct builder *b, const struct opts_path *o,
                        const struct fact_option_path *n)
{
    struct plan_mount *shown = paths_covering(b->p, n->target);
    struct plan_mount *m;

    if (is_copied(b->p, n->target)) {
        return;
    }
    if (shown != NULL && strcmp(shown->target, n->target) == 0) {
        /* If two options name one path, the stricter one applies. Mounts of cco do not
         * change. */
        if (o->access == ACCESS_READ && !o->of_claude &&
            strcmp(shown->source, n->physical) == 0) {
            shown->read_only = true;
        }
        return;
    }
    m = mounts_add(b, n->physical, n->target, n->type == FACT_DIR, o->option);
    m->read_only = o->access == ACCESS_READ;
    m->id = n->id;
    m->of_user = true;
}

/* Mounts a file that claude writes. cco creates it, because claude would have created it. */
static void mount_output(struct builder *b, const struct opts_path *o,
                         const struct fact_option_path *n)
{
    struct plan_mount *m;

    if (n->parent == NULL || n->link != NULL || paths_covering(b->p, n->target) != NULL ||
        is_copied(b->p, n->target)) {
        return;
    }
    m = mounts_add(b, path_join(b->a, n->parent, path_base(n->target)), n->target, false,
                   o->option);
    m->make_source = true;
    m->of_user = true;
}

static int share(struct builder *b, const struct opts_path *o, const struct fact_option_path *n,
                 struct err *e)
{
    const char *why;
    int rc;

    if (n->type == FACT_MISSING) {
        if (o->access == ACCESS_OUTPUT) {
            mount_output(b, o, n);
            return 0;
        }
        return missing(b, o, e);
    }
    /* A native sandbox already shows this path, read-only. For root that is not enough, because
     * it does not show files that only root may read. */
    if (o->access == ACCESS_READ && n->type != FACT_OTHER && b->f->uid != 0 &&
        native_shows(b, n->physical) && strcmp(n->target, n->physical) == 0) {
        return 0;
    }
    if (is_visible(b, n->target, n->physical) && (o->of_claude || o->access == ACCESS_WRITE)) {
        return 0;
    }
    if (o->of_claude && paths_covering(b->p, n->target) != NULL &&
        path_is_inside(n->target, b->f->home)) {
        const char *state = path_join(b->a, b->f->home, ".claude");

        if (path_is_inside(n->target, state) && strcmp(n->target, state) != 0 &&
            strcmp(paths_covering(b->p, n->target)->target, state) != 0) {
            return 0; /* its private copy is mounted */
        }
    }
    why = paths_forbidden(b, o, n);
    if (why == NULL && o->access != ACCESS_READ) {
        why = place(b, n->physical);
        if (why != NULL && !o->of_claude) {
            (void)paths_refuse(b, o, why, e);
            return err_hint(e, "Name another directory or file, or let the sandbox only read "
                               "it: --ro PATH");
        }
    }
    if (why != NULL) {
        rc = paths_refuse(b, o, why, e);
        return rc < 0 && n->link != NULL
                   ? err_hint(e, "If you mean it, name it by its own path: %s", n->physical)
                   : rc;
    }
    mount_named(b, o, n);
    return 0;
}

/* Returns true if an option makes everything at and below `path` read-only. */
static bool is_kept(const struct builder *b, const char *path)
{
    for (size_t i = 0; i < b->o->path_count && i < b->f->option_path_count; i++) {
        const struct opts_path *o = &b->o->paths[i];
        const char *physical = b->f->option_paths[i].physical;

        if (o->access == ACCESS_READ && !o->of_claude && physical != NULL &&
            path_is_inside(path, physical)) {
            return true;
        }
    }
    return false;
}

/* Returns true if the directory is the repository of a git worktree, or the project's git
 * directory that is outside of it. */
static bool is_repository(const struct facts *f, const char *path)
{
    bool found = f->git_common_dir != NULL && strcmp(path, f->git_common_dir) == 0;

    for (size_t i = 0; i < f->git_outside.count; i++) {
        found = found || strcmp(path, f->git_outside.v[i].path) == 0;
    }
    return found;
}

/* Makes the repository of a git worktree read-only if the user wants that for the project or
 * for the repository: the agent could otherwise change branches and hooks of the project, which
 * are in the repository. */
static void keep_repository(struct builder *b)
{
    const struct facts *f = b->f;
    bool keep = is_kept(b, f->project);

    keep = keep || (f->git_common_dir != NULL && is_kept(b, f->git_common_dir));
    for (size_t i = 0; keep && i < b->p->files.mount_count; i++) {
        struct plan_mount *m = &b->p->files.mounts[i];

        if (is_repository(f, m->source) && strcmp(m->target, m->source) == 0) {
            m->read_only = true;
        }
    }
}

/* Warns about each directory of --add-dir that the sandbox can only read, because --ro names
 * the directory or one above it. */
static void warn_read_only(struct builder *b)
{
    for (size_t i = 0; i < b->o->path_count && i < b->f->option_path_count; i++) {
        const struct opts_path *o = &b->o->paths[i];
        const struct fact_option_path *n = &b->f->option_paths[i];
        const struct plan_mount *m = paths_covering(b->p, n->target);

        if (o->access == ACCESS_WRITE && !o->of_claude && n->type != FACT_MISSING &&
            m != NULL && m->read_only) {
            paths_warn(b, o,
                       arena_printf(b->a, "can only be read, because %s is shared read-only",
                                    m->target));
        }
    }
}

int paths_build(struct builder *b, struct err *e)
{
    const struct opts *o = b->o;

    for (size_t i = 0; i < o->path_count && i < b->f->option_path_count; i++) {
        if (o->paths[i].access != ACCESS_HIDE &&
            share(b, &o->paths[i], &b->f->option_paths[i], e) < 0) {
            return -1;
        }
    }
    keep_repository(b);
    warn_read_only(b);
    for (size_t i = 0; i < o->path_count && i < b->f->option_path_count; i++) {
        const struct fact_option_path *n = &b->f->option_paths[i];
        const struct opts_path *path = &o->paths[i];
        int rc = 0;

        if (path->access == ACCESS_HIDE) {
            rc = n->type == FACT_MISSING ? missing(b, path, e) : hide_build(b, path, n, e);
        }
        if (rc < 0) {
            return -1;
        }
    }
    return 0;
}
