/* SPDX-License-Identifier: MIT */
#include "native/layout.h"

#include "base/path.h"
#include "confine/fs_table.h"
#include "native/tree.h"

#include <string.h>

enum { MODE_USUAL = 0755, MODE_PRIVATE = 0700 };

struct drawer {
    const struct plan *p;
    struct arena *a;
    struct layout *out;
};

static struct step *add(struct drawer *d, enum step_kind kind, const char *path,
                        const char *why)
{
    struct layout *l = d->out;

    l->steps = list_grow(d->a, l->steps, l->count, &l->cap, sizeof(l->steps[0]));
    l->steps[l->count] = (struct step){.kind = kind, .path = path, .why = why};
    return &l->steps[l->count++];
}

static void grant(struct drawer *d, const char *path, enum landlock_grant what)
{
    struct layout *l = d->out;

    l->grants = list_grow(d->a, l->grants, l->grant_count, &l->grant_cap, sizeof(l->grants[0]));
    l->grants[l->grant_count++] = (struct landlock_path){path, what, false};
}

static struct step *tree(struct drawer *d, const char *source, const char *path, bool is_dir,
                         unsigned flags, const char *why)
{
    struct step *s = add(d, STEP_TREE, path, why);

    s->source = source;
    s->is_dir = is_dir;
    s->flags = flags;
    return s;
}

static void link_to(struct drawer *d, const char *path, const char *target, const char *why)
{
    add(d, STEP_LINK, path, why)->source = target;
}

/* Adds the programs of this machine, and their configuration. */
static void system_directories(struct drawer *d)
{
    const struct fact_native *n = d->p->native.facts;

    for (size_t i = 0; i < n->top_count; i++) {
        const struct fact_top *t = &n->tops[i];
        const char *path = path_join(d->a, "/", t->name);

        if (t->link != NULL) {
            link_to(d, path, t->link, "a link of this machine");
        } else {
            (void)tree(d, path, path, true, TREE_READ_ONLY | (t->idmapped ? TREE_IDMAPPED : 0),
                       "programs of this machine");
        }
    }
    for (size_t i = 0; i < n->hidden_count; i++) {
        struct step *s = add(d, STEP_HIDE, n->hidden[i].path, "not every user may read it");

        s->is_dir = n->hidden[i].is_dir;
    }
}

/* Returns true if the plan mounts something at `path` or above it. */
static bool is_covered(const struct plan *p, const char *path)
{
    bool covered = false;

    for (size_t i = 0; i < p->files.mount_count; i++) {
        covered = covered || path_is_inside(path, p->files.mounts[i].target);
    }
    return covered;
}

/* Adds copies of /etc/passwd and /etc/group if the machine's files do not contain the user as
 * the plan has it, because a directory service knows the user or HOME is another directory.
 * Init adds the user to the copies. */
static void accounts(struct drawer *d)
{
    static const char *const files[] = {"/etc/passwd", "/etc/group"};

    for (size_t i = 0; d->p->native.facts->adds_user && i < sizeof(files) / sizeof(files[0]);
         i++) {
        if (!is_covered(d->p, files[i])) {
            add(d, STEP_COPY, files[i], "the user, who is missing in the machine's file")
                ->source = files[i];
        }
    }
}

/* Returns true for the rows of confine/fs_table.h that cover parts of /proc. In a user
 * namespace, the kernel allows a new /proc to be mounted only if nothing covers the /proc that
 * the process sees. So these rows are left out if the plan allows the command to make user
 * namespaces and the user is not root. The files of these rows belong to root and are protected
 * by that. */
static bool covers_proc(enum fs_form form)
{
    return form == FS_LOCK_DIR || form == FS_LOCK_FILE || form == FS_HIDE_DIR ||
           form == FS_HIDE_FILE;
}

static void add_fixed_step(struct drawer *d, const struct fs_rule *r)
{
    struct step *s;

    switch (r->form) {
    case FS_ROOT:
        break;
    case FS_HOST_DIR:
        tree(d, r->path, r->path, true, TREE_READ_ONLY, r->why)->optional = true;
        break;
    case FS_MEMORY:
        s = add(d, STEP_MEMORY, r->path, r->why);
        s->mode = r->mode;
        s->size = strcmp(r->path, "/dev/shm") == 0 ? d->p->limits.shm : 0;
        break;
    case FS_DEV:
        s = add(d, STEP_MEMORY, r->path, r->why);
        s->mode = r->mode;
        s->flags = TREE_DEVICES | TREE_NOEXEC;
        break;
    case FS_DEVICE:
        (void)tree(d, r->path, r->path, false, TREE_DEVICES | TREE_NOEXEC, r->why);
        break;
    case FS_PTS:
        add(d, STEP_PTS, r->path, r->why)->flags = TREE_DEVICES | TREE_NOEXEC;
        break;
    case FS_PROC:
        add(d, STEP_PROC, r->path, r->why)->flags = TREE_NOEXEC;
        break;
    case FS_LOCK_DIR:
    case FS_LOCK_FILE:
        s = add(d, STEP_LOCK, r->path, r->why);
        s->is_dir = r->form == FS_LOCK_DIR;
        s->optional = true;
        s->flags = TREE_READ_ONLY | TREE_NOEXEC;
        break;
    case FS_HIDE_DIR:
    case FS_HIDE_FILE:
        add(d, STEP_HIDE, r->path, r->why)->is_dir = r->form == FS_HIDE_DIR;
        break;
    case FS_LINK:
        link_to(d, r->path, r->target, r->why);
        break;
    }
}

/* Adds the rows of confine/fs_table.h. */
static void fixed_part(struct drawer *d)
{
    const bool proc_is_whole = d->p->privileges.allow_userns && d->p->user.uid != 0;
    size_t count = 0;
    const struct fs_rule *rules = fs_rules(&count);

    for (size_t i = 0; i < count; i++) {
        if (proc_is_whole && covers_proc(rules[i].form)) {
            continue;
        }
        add_fixed_step(d, &rules[i]);
        if (rules[i].namespaces != LANDLOCK_NONE) {
            grant(d, rules[i].path, rules[i].namespaces);
        }
    }
}

static void run_and_home(struct drawer *d)
{
    for (size_t i = 0; i < d->p->native.facts->run_link_count; i++) {
        const struct fact_top *t = &d->p->native.facts->run_links[i];

        link_to(d, path_join(d->a, "/run", t->name), t->link, "a link of this machine");
    }
    if (d->p->native.facts->resolv_conf != NULL) {
        (void)tree(d, d->p->native.facts->resolv_conf, d->p->native.facts->resolv_conf, false,
                   TREE_READ_ONLY, "name servers, where /etc links to them");
    }
    if (strcmp(d->p->user.home, "/") != 0) {
        add(d, STEP_MEMORY, d->p->user.home, "an empty home")->mode = MODE_PRIVATE;
        grant(d, d->p->user.home, LANDLOCK_WRITE);
    }
}

/* Adds claude and what it needs, if it is not in a directory that is shared anyway. */
static void programs(struct drawer *d)
{
    const struct fact_native *n = d->p->native.facts;

    for (size_t i = 0; i < n->program_count; i++) {
        const struct fact_program *p = &n->programs[i];

        if (!p->shared) {
            (void)tree(d, p->path, p->path, p->is_dir, TREE_READ_ONLY,
                       "what claude needs to run");
        }
        if (p->link != NULL) {
            link_to(d, p->link, p->target, "the name by which claude is called");
        }
    }
}

static void plan_mounts(struct drawer *d)
{
    const struct plan *p = d->p;

    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (m->kind == MOUNT_TMPFS) {
            struct step *s = add(d, STEP_MEMORY, m->target, m->why);

            s->mode = m->size > 0 ? MODE_PRIVATE : MODE_USUAL;
            s->size = m->size;
            s->flags = m->read_only ? TREE_READ_ONLY : 0;
        } else {
            (void)tree(d, m->source, m->target, m->is_dir, m->read_only ? TREE_READ_ONLY : 0,
                       m->why);
        }
        if (!m->read_only) {
            grant(d, m->target, LANDLOCK_WRITE);
        }
    }
}

int layout_make(const struct plan *p, struct arena *a, struct layout *out, struct err *e)
{
    struct drawer d = {p, a, out};

    *out = (struct layout){0};
    for (size_t i = 0; i < p->files.mount_count; i++) {
        if (p->files.mounts[i].kind == MOUNT_VOLUME) {
            return err_set(e, ERR_USAGE, "%s: there are no volumes without an engine",
                           p->files.mounts[i].target);
        }
    }
    system_directories(&d);
    accounts(&d);
    fixed_part(&d);
    run_and_home(&d);
    programs(&d);
    plan_mounts(&d);
    return 0;
}
