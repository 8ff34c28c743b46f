/* SPDX-License-Identifier: MIT */
/* Mounts and hides the paths that the user named: --add-dir, --ro, --deny, and those in
 * claude's arguments. */
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

/* Refuses a path that an option of cco names. For a path in claude's arguments, only warns,
 * because claude may handle it. */
static int refuse(struct builder *b, const struct opts_path *o, const char *why, struct err *e)
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

static int missing(const struct opts_path *o, struct err *e)
{
    if (o->optional) {
        return 0;
    }
    (void)err_set(e, ERR_USAGE, "%s %s: no such file or directory", o->option, o->path);
    return err_hint(e, "Nothing was started. Correct the path, or leave the option out.");
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
        return missing(o, e);
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
            (void)refuse(b, o, why, e);
            return err_hint(e, "Name another directory or file, or let the sandbox only read "
                               "it: --ro PATH");
        }
    }
    if (why != NULL) {
        rc = refuse(b, o, why, e);
        return rc < 0 && n->link != NULL
                   ? err_hint(e, "If you mean it, name it by its own path: %s", n->physical)
                   : rc;
    }
    mount_named(b, o, n);
    return 0;
}

/* Removes the mounts at and below a hidden path. Returns the placeholder of the mount at that
 * very path, or NULL. */
static const char *drop_below(struct plan *p, const char *target)
{
    const char *placeholder = NULL;
    size_t kept = 0;

    for (size_t i = 0; i < p->files.mount_count; i++) {
        if (!path_is_inside(p->files.mounts[i].target, target)) {
            p->files.mounts[kept++] = p->files.mounts[i];
        } else if (strcmp(p->files.mounts[i].target, target) == 0) {
            placeholder = p->files.mounts[i].placeholder;
        }
    }
    p->files.mount_count = kept;
    return placeholder;
}

const char *paths_empty_file(struct builder *b)
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

/* Hides a path under the name by which the sandbox sees it: the physical path, or the path as
 * it was given. */
static int hide(struct builder *b, const struct opts_path *o, const struct fact_option_path *n,
                struct err *e)
{
    const char *target = n->physical;
    struct plan *p = b->p;
    struct plan_mount *m;
    const char *placeholder;

    if (n->type == FACT_MISSING) {
        return missing(o, e);
    }
    if (paths_covering(p, target) == NULL && !native_shows(b, target)) {
        target = n->target;
    }
    if (paths_covering(p, target) == NULL && !native_shows(b, target)) {
        return 0; /* the sandbox does not see it */
    }
    if (native_needs(b, target)) {
        return refuse(b, o, "the sandbox needs it", e);
    }
    if (path_is_inside(b->f->cwd_physical, target)) {
        return refuse(b, o,
                      path_is_inside(b->f->project, target)
                          ? "the project would be hidden"
                          : "the current directory would be hidden",
                      e);
    }
    if (path_is_inside(PLAN_RUN_DIR, target) || path_is_inside(target, PLAN_RUN_DIR)) {
        return refuse(b, o, "the sandbox needs it", e);
    }
    placeholder = drop_below(p, target);
    m = mounts_add(
        b, n->type == FACT_DIR ? path_join(b->a, p->run_dir, PLAN_EMPTY) : paths_empty_file(b),
        target, n->type == FACT_DIR, o->option);
    m->read_only = true;
    m->placeholder = placeholder;
    p->env.hides_dotenv = p->env.hides_dotenv ||
                          path_is_inside(path_join(b->a, b->f->dotenv_dir, ".env"), target);
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
    for (size_t i = 0; i < o->path_count && i < b->f->option_path_count; i++) {
        if (o->paths[i].access == ACCESS_HIDE &&
            hide(b, &o->paths[i], &b->f->option_paths[i], e) < 0) {
            return -1;
        }
    }
    return 0;
}
