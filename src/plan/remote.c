/* SPDX-License-Identifier: MIT */
/* Plans the files of a session whose engine does not see this machine's files. Each mount is
 * replaced:
 *
 *   a path that the engine has by another name    a bind of that path
 *   the project, directories of the user          a volume, and a tree that is synchronized
 *   caches of build tools                         a volume
 *   claude's state                                memory; for shared entries links to a volume,
 *                                                 and a tree that is synchronized
 *   single files and private copies               memory; sent in the boot file
 *   hidden paths                                  nothing, or an empty file or directory on top
 *   sockets of this machine                       nothing
 *
 * A file that may contain a secret is never in a volume. */
#include "plan/build.h"

#include "base/hash.h"
#include "base/path.h"
#include "plan/caches.h"
#include "plan/claude_state.h"

#include <string.h>

enum { MODE_PRIVATE = 0600, SHORT_HEX = 8 };

#define FILES_DIR PLAN_RUN_DIR "/files"
#define DEV_NULL "/dev/null"

struct remote {
    struct builder *b;
    const char *claude; /* claude's directory inside */
    const char *staged; /* this session's private copies, on the host */
    const char *empty;  /* the empty directory, on the host */
    const char *volume; /* the prefix of the names of all volumes */
    bool has_state;     /* the volume for state is needed */
    size_t count;       /* mounts in the plan before this file adds more */
    struct strv hidden; /* targets of hidden paths */
};

static const char *short_hash(struct arena *a, const char *text)
{
    char digest[SHA256_HEX];
    struct sha256 h;

    sha256_init(&h);
    sha256_add(&h, text, strlen(text));
    sha256_hex(&h, digest);
    return arena_printf(a, "%.*s", SHORT_HEX, digest);
}

static struct plan_tree *add_tree(struct remote *r, const char *id, const char *local_path,
                                  const char *remote_path, const char *why)
{
    struct plan *p = r->b->p;

    p->remote.trees = list_grow(r->b->a, p->remote.trees, p->remote.tree_count,
                                &p->remote.tree_cap, sizeof(p->remote.trees[0]));
    p->remote.trees[p->remote.tree_count] = (struct plan_tree){.id = id,
                                                               .local_path = local_path,
                                                               .remote_path = remote_path,
                                                               .push = true,
                                                               .why = why};
    return &p->remote.trees[p->remote.tree_count++];
}

static void add_file(struct remote *r, const char *source, const char *path, const char *link,
                     const char *why)
{
    struct plan *p = r->b->p;

    p->remote.files = list_grow(r->b->a, p->remote.files, p->remote.file_count,
                                &p->remote.file_cap, sizeof(p->remote.files[0]));
    p->remote.files[p->remote.file_count++] = (struct plan_file){
        .source = source, .path = path, .link = link, .mode = MODE_PRIVATE, .why = why};
}

static void add_link(struct remote *r, const char *path, const char *target)
{
    struct plan *p = r->b->p;

    p->remote.links = list_grow(r->b->a, p->remote.links, p->remote.link_count,
                                &p->remote.link_cap, sizeof(p->remote.links[0]));
    p->remote.links[p->remote.link_count++] = (struct plan_link){path, target};
}

static void leave_out(struct remote *r, const char *what)
{
    strv_add(&r->b->p->remote.left_out, r->b->a, what);
}

static void make_dir(struct remote *r, const char *path)
{
    if (!strv_has(&r->b->p->user.dirs, path)) {
        strv_add(&r->b->p->user.dirs, r->b->a, path);
    }
}

static void into_memory(struct plan_mount *m, bool read_only)
{
    m->kind = MOUNT_TMPFS;
    m->source = "";
    m->is_dir = true;
    m->read_only = read_only;
    m->make_source = false;
    m->placeholder = m->id = NULL;
}

/* Keeps a shared entry of claude's state in a volume, where only root can replace
 * directories. */
static void share_state(struct remote *r, const struct plan_mount *m, bool locked)
{
    struct arena *a = r->b->a;
    const char *name = path_base(m->target);
    const char *remote_path;
    struct plan_tree *t;

    if (path_is_inside(m->target, path_join(a, r->claude, "projects"))) {
        name = strcmp(name, "memory") == 0 ? "memory" : "projects";
    }
    remote_path = path_join(a, PLAN_STATE_DIR, name);
    make_dir(r, remote_path);
    add_link(r, m->target, remote_path);
    t = add_tree(r, arena_printf(a, "claude-%s", name), m->source, remote_path, m->why);
    t->volume = arena_printf(a, "%s-state", r->volume);
    t->pull = !locked;
    t->make_local = !locked;
    r->has_state = true;
}

/* Replaces a mount in claude's directory, which is in memory. Returns false if m is not
 * there. */
static bool take_claude(struct remote *r, struct plan_mount *m)
{
    if (!path_is_inside(m->target, r->claude) || strcmp(m->target, r->claude) == 0) {
        return false;
    }
    if (strcmp(m->source, r->empty) == 0) {
        return true; /* the memory is empty anyway */
    }
    if (m->is_dir) {
        share_state(r, m, m->read_only);
    } else {
        leave_out(r, arena_printf(r->b->a, "claude's %s", path_base(m->target)));
    }
    return true;
}

/* Hides a path, because the volume may contain it from an earlier session. Returns false if m
 * is not a mount that hides a path. */
static bool take_hidden(struct remote *r, struct plan_mount *m)
{
    if (strcmp(m->source, r->empty) == 0) {
        strv_add(&r->hidden, r->b->a, m->target);
        into_memory(m, true);
        return true;
    }
    if (strcmp(m->source, path_join(r->b->a, r->staged, PLAN_HIDDEN)) == 0) {
        strv_add(&r->hidden, r->b->a, m->target);
        m->source = DEV_NULL; /* of the engine's machine, as an empty file */
        m->placeholder = NULL;
        return true;
    }
    return false;
}

/* Returns true if `target` contains settings or keys of programs, which are small and stay in
 * memory. */
static bool is_settings(const struct remote *r, const char *target)
{
    const char *home = r->b->f->home;

    return path_is_inside(target, home) && strncmp(target + strlen(home), "/.", 2) == 0;
}

static void take_dir(struct remote *r, struct plan_mount *m)
{
    struct builder *b = r->b;
    const char *key = short_hash(b->a, m->target);
    const char *id = arena_printf(b->a, "dir-%s", key);
    const char *suffix = arena_printf(b->a, "-%s", key);
    struct plan_tree *t;

    if (strcmp(m->target, b->f->project) == 0) {
        id = "project";
        suffix = "";
    }
    t = add_tree(r, id, m->source, m->target, m->why);
    t->pull = !m->read_only;
    t->ignores = !b->o->sync_all;
    make_dir(r, m->target);
    if (m->read_only && is_settings(r, m->target)) {
        t->ignores = false;
        into_memory(m, false);
        return;
    }
    t->volume = arena_printf(b->a, "%s%s", r->volume, suffix);
    r->has_state = true;
    m->kind = MOUNT_VOLUME;
    m->source = t->volume;
    m->read_only = m->make_source = false; /* changes in it do not come back */
    m->placeholder = m->id = NULL;
}

/* Puts a volume in the place of a cache of --caches, which this machine does not get. Returns
 * false if m is not such a mount. */
static bool take_cache(struct remote *r, struct plan_mount *m)
{
    struct arena *a = r->b->a;

    if (!path_is_inside(m->source, caches_dir(r->b->f, a))) {
        return false;
    }
    m->kind = MOUNT_VOLUME;
    m->source = arena_printf(a, "%s-cache-%s", r->volume, path_base(m->source));
    m->make_source = false;
    m->placeholder = NULL;
    make_dir(r, m->target); /* a new volume belongs to root */
    return true;
}

/* Replaces a mount. Returns true if m, which has changed, stays a mount. */
static bool take_mount(struct remote *r, struct plan_mount *m)
{
    const char *mapped;

    if (strcmp(m->target, PLAN_RUN_DIR) == 0 || strcmp(m->target, r->claude) == 0) {
        into_memory(m, false);
        return true;
    }
    if (strcmp(m->why, "--docker") == 0) {
        return true; /* its source is a path of the engine's machine already */
    }
    mapped = m->make_source || path_is_inside(m->source, r->b->p->run_dir)
                 ? NULL
                 : path_map_find(r->b, m->source, &m->read_only);
    if (mapped != NULL) {
        path_map_inner(r->b, m, m->source, r->count);
        m->source = mapped;
        m->placeholder = m->id = NULL;
        return true;
    }
    if (take_claude(r, m)) {
        return false;
    }
    if (take_hidden(r, m) || take_cache(r, m)) {
        return true;
    }
    if (m->is_dir) {
        take_dir(r, m);
        return true;
    }
    if (m->read_only) {
        add_file(r, m->source,
                 arena_printf(r->b->a, FILES_DIR "/file-%zu", r->b->p->remote.file_count),
                 m->target, m->why);
        strv_add(&r->hidden, r->b->a, m->target); /* a tree may contain it */
    } else {
        leave_out(r,
                  arena_printf(r->b->a, "%s (%s): changes to a single file would not come back",
                               m->target, m->why));
    }
    return false;
}

/* Sends the copies that no mount shows: the sandbox uses them where they are, or init copies
 * them into the home. */
static void send_copies(struct remote *r)
{
    struct plan *p = r->b->p;

    for (size_t i = 0; i < p->files.copy_count; i++) {
        struct plan_copy *s = &p->files.copies[i];
        const char *copy = path_join(r->b->a, r->staged, s->name);
        const char *path = path_join(r->b->a, FILES_DIR, s->name);
        bool sent = false;

        for (size_t k = 0; k < p->remote.file_count; k++) {
            sent = sent || strcmp(p->remote.files[k].source, copy) == 0;
        }
        if (sent || (s->kind == COPY_TEXT && !s->by_init)) {
            continue;
        }
        if (s->by_init && path_is_inside(s->target, r->claude)) {
            add_file(r, copy, s->target, NULL, s->why);
        } else {
            add_file(r, copy, path, s->by_init ? s->target : NULL, s->why);
        }
        p->remote.key_file = s->kind == COPY_API_KEY ? path : p->remote.key_file;
    }
}

/* Excludes hidden paths from the trees, even if git does not ignore them. */
static void hide(struct remote *r)
{
    for (size_t i = 0; i < r->b->p->remote.tree_count; i++) {
        struct plan_tree *t = &r->b->p->remote.trees[i];

        for (size_t k = 0; k < r->hidden.count; k++) {
            const char *target = r->hidden.v[k];

            if (path_is_inside(target, t->remote_path) && strcmp(target, t->remote_path) != 0) {
                strv_add(&t->hidden, r->b->a, target + strlen(t->remote_path) + 1);
            }
        }
    }
}

/* Excludes a tree that is inside of another tree from the outer one, because each is
 * synchronized by itself. */
static void exclude_inner_trees(struct remote *r)
{
    struct plan *p = r->b->p;

    for (size_t i = 0; i < p->remote.tree_count; i++) {
        for (size_t k = 0; k < p->remote.tree_count; k++) {
            const char *inner = p->remote.trees[k].remote_path;

            if (i != k && path_is_inside(inner, p->remote.trees[i].remote_path)) {
                strv_add(&p->remote.trees[i].hidden, r->b->a,
                         inner + strlen(p->remote.trees[i].remote_path) + 1);
            }
        }
    }
}

static void choose_directions(struct remote *r)
{
    struct plan *p = r->b->p;

    if (r->b->o->sync == OPTS_SYNC_NONE) {
        p->remote.tree_count = 0;
    }
    for (size_t i = 0; i < p->remote.tree_count; i++) {
        p->remote.trees[i].pull = p->remote.trees[i].pull && r->b->o->sync != OPTS_SYNC_PUSH;
    }
    for (size_t i = p->remote.tree_count; i > 0; i--) {
        if (!p->remote.trees[i - 1].push && !p->remote.trees[i - 1].pull) {
            for (size_t k = i; k < p->remote.tree_count; k++) {
                p->remote.trees[k - 1] = p->remote.trees[k];
            }
            p->remote.tree_count--;
        }
    }
}

void remote_build(struct builder *b)
{
    struct plan *p = b->p;
    struct remote r = {
        .b = b,
        .claude = path_join(b->a, b->f->home, ".claude"),
        .staged = path_join(b->a, p->run_dir, "files"),
        .empty = path_join(b->a, p->run_dir, PLAN_EMPTY),
        .volume = arena_printf(b->a, "cco-%s-%s", b->f->project_key, b->f->owner_key),
        .count = p->files.mount_count,
    };
    size_t kept = 0;

    make_dir(&r, FILES_DIR);
    make_dir(&r, r.claude);
    for (size_t i = 0; i < r.count; i++) {
        struct plan_mount m = p->files.mounts[i];

        if (take_mount(&r, &m)) {
            p->files.mounts[kept++] = m;
        }
    }
    for (size_t i = r.count; i < p->files.mount_count; i++) {
        p->files.mounts[kept++] = p->files.mounts[i];
    }
    p->files.mount_count = kept;
    send_copies(&r);
    hide(&r);
    exclude_inner_trees(&r);
    if (r.has_state) {
        struct plan_mount *m =
            mounts_add(b, arena_printf(b->a, "%s-state", r.volume), PLAN_STATE_DIR, true,
                       "claude's state, and the record of what was synchronized");

        m->kind = MOUNT_VOLUME;
    }
    choose_directions(&r);
    if (b->f->ssh_agent.type == FACT_OTHER) {
        leave_out(&r, "the ssh agent");
    }
    if (b->o->allow_oauth_refresh) {
        leave_out(&r, "--allow-oauth-refresh");
    }
    if (b->f->engine.own_network == NULL || b->o->network != NETWORK_AUTO) {
        leave_out(&r, "this machine's localhost");
    }
}
