/* SPDX-License-Identifier: MIT */
#include "native/landlock_only.h"

#include "base/path.h"
#include "confine/fs_table.h"

#include <dirent.h>
#include <string.h>

enum { PENDING_MAX = 256 }; /* maximum of directories that contain something hidden */

struct drawer {
    const struct plan *p;
    struct arena *a;
    struct landlock_only *out;
};

static void grant(struct drawer *d, const char *path, enum landlock_grant what, bool optional)
{
    struct landlock_only *b = d->out;

    b->grants = list_grow(d->a, b->grants, b->grant_count, &b->grant_cap, sizeof(b->grants[0]));
    b->grants[b->grant_count++] = (struct landlock_path){path, what, optional};
}

static void link_to(struct drawer *d, const char *path, const char *target)
{
    struct landlock_only *b = d->out;

    b->links = list_grow(d->a, b->links, b->link_count, &b->link_cap, sizeof(b->links[0]));
    b->links[b->link_count++] = (struct plan_link){path, target};
}

/* Returns true if the mount only hides something, which here means that the path is not
 * granted: an empty directory or a file of the session over a path of the system. */
static bool hides(const struct plan *p, const struct plan_mount *m)
{
    return m->read_only && !path_is_inside(m->target, p->user.home) &&
           (m->kind == MOUNT_TMPFS || path_is_inside(m->source, p->run_dir));
}

/* Returns 2 if `path` must be hidden, 1 if something below it must be, and 0 otherwise. */
static int has_hidden(const struct plan *p, const char *path)
{
    int out = 0;

    for (size_t i = 0; i < p->native.facts->hidden_count; i++) {
        const char *hidden = p->native.facts->hidden[i].path;

        out = path_is_inside(path, hidden)               ? 2
              : path_is_inside(hidden, path) && out == 0 ? 1
                                                         : out;
    }
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const char *hidden = p->files.mounts[i].target;

        if (hides(p, &p->files.mounts[i])) {
            out = path_is_inside(path, hidden)               ? 2
                  : path_is_inside(hidden, path) && out == 0 ? 1
                                                             : out;
        }
    }
    return out;
}

/* Grants the entries of a directory that contains something hidden, except for the hidden ones.
 * Subdirectories that contain something hidden are added to `pending`. */
static void grant_entries(struct drawer *d, const char *dir, struct strv *pending)
{
    DIR *entries = opendir(dir);
    const struct dirent *entry;

    grant(d, dir, LANDLOCK_LIST, true);
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        const char *path;
        int hidden;

        /* A link needs no grant: only the grants of its target count. */
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            entry->d_type == DT_LNK) {
            continue;
        }
        path = path_join(d->a, dir, entry->d_name);
        hidden = has_hidden(d->p, path);
        if (hidden == 1 && pending->count < PENDING_MAX) {
            strv_add(pending, d->a, path);
        } else if (hidden == 0) {
            grant(d, path, LANDLOCK_READ, true);
        }
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
}

/* Grants `path` without what must be hidden in it. */
static void grant_visible(struct drawer *d, const char *path, bool optional)
{
    struct strv pending = {0};
    int hidden = has_hidden(d->p, path);

    if (hidden == 0) {
        grant(d, path, LANDLOCK_READ, optional);
    } else if (hidden == 1) {
        strv_add(&pending, d->a, path);
    }
    for (size_t i = 0; i < pending.count; i++) {
        grant_entries(d, pending.v[i], &pending);
    }
}

/* Grants the programs of this machine and the rows of confine/fs_table.h. */
static void of_the_machine(struct drawer *d)
{
    const struct fact_native *n = d->p->native.facts;
    size_t count = 0;
    const struct fs_rule *rules = fs_rules(&count);

    for (size_t i = 0; i < n->top_count; i++) {
        if (n->tops[i].link == NULL) {
            grant_visible(d, path_join(d->a, "/", n->tops[i].name), true);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (rules[i].landlock_only != LANDLOCK_NONE) {
            grant(d, rules[i].path, rules[i].landlock_only, true);
        }
    }
    if (n->resolv_conf != NULL) {
        grant(d, n->resolv_conf, LANDLOCK_READ, true);
    }
    for (size_t i = 0; i < n->program_count; i++) {
        if (!n->programs[i].shared) {
            grant(d, n->programs[i].path, LANDLOCK_READ, false);
        }
    }
}

/* Grants the paths of the plan, and links those of the home. */
static void of_the_session(struct drawer *d)
{
    const struct plan *p = d->p;

    grant(d, p->user.home, LANDLOCK_WRITE, false);
    if (p->native.temp_dir != NULL) {
        grant(d, p->native.temp_dir, LANDLOCK_WRITE, false);
    }
    grant(d, path_join(d->a, p->run_dir, "files"), LANDLOCK_READ, true);
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (hides(p, m)) {
            continue;
        }
        grant(d, m->source, m->read_only ? LANDLOCK_READ : LANDLOCK_WRITE, false);
        if (path_is_inside(m->target, p->user.home)) {
            link_to(d, m->target, m->source);
        }
    }
}

int landlock_only_make(const struct plan *p, struct arena *a, struct landlock_only *out,
                       struct err *e)
{
    struct drawer d = {p, a, out};

    *out = (struct landlock_only){0};
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (m->kind != MOUNT_BIND && !hides(p, m)) {
            return err_set(e, ERR_USAGE, "%s: without namespaces nothing can be mounted",
                           m->target);
        }
    }
    of_the_machine(&d);
    of_the_session(&d);
    return 0;
}
