/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "base/path.h"
#include "plan/claude_state.h"
#include "plan/untrusted.h"

#include <string.h>

enum { MODE_PRIVATE = 0600 };

#define DOCKER_SOCKET "/var/run/docker.sock"

/* The maximum size of claude's directory, which is in memory. */
static const uint64_t claude_dir_size = 128U << 20;

struct plan_mount *mounts_add(struct builder *b, const char *source, const char *target,
                              bool is_dir, const char *why)
{
    struct plan *p = b->p;

    p->files.mounts = list_grow(b->a, p->files.mounts, p->files.mount_count,
                                &p->files.mount_cap, sizeof(p->files.mounts[0]));
    p->files.mounts[p->files.mount_count] = (struct plan_mount){
        .source = source,
        .target = target,
        .is_dir = is_dir,
        .why = why,
    };
    return &p->files.mounts[p->files.mount_count++];
}

struct plan_copy *mounts_add_copy(struct builder *b, enum plan_copy_kind kind,
                                  const char *source, const char *name, const char *why)
{
    struct plan *p = b->p;

    p->files.copies = list_grow(b->a, p->files.copies, p->files.copy_count, &p->files.copy_cap,
                                sizeof(p->files.copies[0]));
    p->files.copies[p->files.copy_count] = (struct plan_copy){
        .kind = kind,
        .source = source,
        .name = name,
        .target = arena_printf(b->a, "%s/files/%s", plan_inner_dir(p), name),
        .mode = MODE_PRIVATE,
        .sha256 = untrusted_pin(b->f, source),
        .why = why,
    };
    return &p->files.copies[p->files.copy_count++];
}

struct plan_mount *mounts_show_copy(struct builder *b, const struct plan_copy *s,
                                    const char *target)
{
    const char *copy = arena_printf(b->a, "%s/files/%s", b->p->run_dir, s->name);

    return mounts_add(b, copy, target, false, s->why);
}

/* Lets init copy a private copy to `target`, where the sandbox may change it. The changes end
 * with the session. */
static void copy_by_init(struct plan_copy *s, const char *target)
{
    s->by_init = true;
    s->target = target;
}

static void add_project(struct builder *b)
{
    const struct facts *f = b->f;

    mounts_add(b, f->project, f->project, true, "the project")->of_user = true;
    if (f->git_common_dir != NULL && !path_is_inside(f->git_common_dir, f->project)) {
        mounts_add(b, f->git_common_dir, f->git_common_dir, true,
                   "the repository to which this git worktree belongs")
            ->of_user = true;
    }
    for (size_t i = 0; i < f->git_outside.count && !b->p->trust.safe; i++) {
        const struct git_outside_dir *dir = &f->git_outside.v[i];
        struct plan_mount *m = mounts_add(b, dir->path, dir->path, true,
                                          dir->writable ? "the project's git directory"
                                                        : "objects of another git repository");

        m->of_user = dir->writable;
        m->read_only = !dir->writable;
        m->id = dir->id;
    }
}

static enum plan_copy_kind copy_kind(const struct state_entry *s, enum plan_copy_kind usual)
{
    return strcmp(s->name, "settings.json") == 0 ? COPY_SETTINGS : usual;
}

/* Puts an empty file or directory in place of an entry that the host does not have, or has as
 * another type. */
static void add_stand_in(struct builder *b, const struct state_entry *s, const char *target)
{
    if (s->share == STATE_COPIED) {
        struct plan_copy *copy =
            mounts_add_copy(b, copy_kind(s, COPY_TEXT), NULL, s->name, s->why);

        copy->text = s->stub;
        copy_by_init(copy, target);
        return;
    }
    mounts_add(b, path_join(b->a, b->p->run_dir, PLAN_EMPTY), target, true, s->why)->read_only =
        true;
}

void mounts_add_kept(struct builder *b, const char *source, const char *target, bool is_dir,
                     const char *why)
{
    struct plan_mount *m = mounts_add(b, source, target, is_dir, why);

    m->make_source = true;
    m->placeholder = source;
}

static void add_state_entry(struct builder *b, size_t i, const char *inside, const char *own)
{
    const struct state_entry *s = &claude_state[i];
    const struct fact_state *fact = &b->f->claude_state[i];
    const enum fact_type wanted = s->is_dir ? FACT_DIR : FACT_FILE;
    const char *target = path_join(b->a, inside, s->name);

    if (s->share == STATE_PROJECT) {
        conversations_build(b, s->why, target, own);
        return;
    }
    if (s->share == STATE_PARTS) {
        mounts_add_kept(b, path_join(b->a, own, s->name), target, s->is_dir, s->why);
        return;
    }
    if (s->share == STATE_KEPT) {
        if (b->p->kind != SANDBOX_REMOTE_CONTAINER) {
            mounts_add_kept(b, path_join(b->a, own, s->name), target, s->is_dir, s->why);
        }
        return;
    }
    if (fact->type != wanted) {
        add_stand_in(b, s, target);
        return;
    }
    if (unshared_note(b, fact->physical, path_join(b->a, b->f->claude_dir, s->name))) {
        return;
    }
    if (s->share == STATE_COPIED) {
        copy_by_init(
            mounts_add_copy(b, copy_kind(s, COPY_FILE), fact->physical, s->name, s->why),
            target);
        return;
    }
    mounts_add(b, fact->physical, target, s->is_dir, s->why)->read_only = true;
}

/* Adds the copy of the login. If the sandbox may renew it, the copy is a file of this machine,
 * so that a renewed login is not lost with the sandbox. Without namespaces it is one as well:
 * init, which nothing confines there, must not write in a directory of the command. Without a
 * login on the host, a login that is made inside is kept. */
static void add_login(struct builder *b, const char *inside, const char *own)
{
    const struct fact_login *login = &b->f->login;
    const char *target = path_join(b->a, inside, ".credentials.json");
    struct plan_copy *s;

    if ((login->source != LOGIN_FILE && login->source != LOGIN_KEYCHAIN) || login->broken) {
        if (b->p->kind != SANDBOX_REMOTE_CONTAINER) {
            mounts_add_kept(b, path_join(b->a, own, ".credentials.json"), target, false,
                            "a login that is made inside, because this machine has none");
        }
        return;
    }
    s = mounts_add_copy(b, COPY_LOGIN, login->path, "credentials.json",
                        b->p->login.with_refresh ? "the login, with its refresh token"
                                                 : "the login, without its refresh token");
    if (b->p->login.with_refresh || b->p->kind == SANDBOX_LANDLOCK_ONLY) {
        (void)mounts_show_copy(b, s, target);
        return;
    }
    copy_by_init(s, target);
    b->p->login.inside = target;
}

static void add_claude(struct builder *b)
{
    const struct facts *f = b->f;
    const char *inside = path_join(b->a, b->p->user.home, ".claude");
    const char *own = path_join(b->a, path_join(b->a, f->data_dir, "claude"), f->project_key);
    struct plan_copy *s;
    struct plan_mount *m;

    m = mounts_add(b, "", inside, true, "claude's directory, in memory");
    m->kind = MOUNT_TMPFS;
    m->size = claude_dir_size;
    strv_add(&b->p->user.dirs, b->a, inside);
    for (size_t i = 0; i < claude_state_count; i++) {
        add_state_entry(b, i, inside, own);
    }
    if (f->login.source == LOGIN_HELPER && !f->login.broken) {
        (void)mounts_add_copy(b, COPY_API_KEY, NULL, PLAN_API_KEY,
                              "the output of apiKeyHelper");
    }
    add_login(b, inside, own);
    s = mounts_add_copy(b, COPY_CLAUDE_JSON,
                        f->claude_json.type == FACT_FILE ? f->claude_json.physical : NULL,
                        "claude.json", "claude's own state: a private copy");
    copy_by_init(s, path_join(b->a, b->p->user.home, ".claude.json"));
}

/* Returns the copy of this file if it is already in the plan, or NULL. */
static const struct plan_copy *find_copy(const struct plan *p, const char *source)
{
    for (size_t i = 0; i < p->files.copy_count; i++) {
        const struct plan_copy *s = &p->files.copies[i];

        if (s->kind == COPY_FILE && s->source != NULL && strcmp(s->source, source) == 0) {
            return s;
        }
    }
    return NULL;
}

/* Most of these variables name the same file, so a single copy serves all of them. */
static void add_cas(struct builder *b)
{
    const struct facts *f = b->f;

    for (size_t i = 0; i < f->ca_count; i++) {
        const struct fact_path *ca = &f->ca_files[i];
        const char *name = arena_printf(b->a, "ca-%zu.pem", i);
        const struct plan_copy *s;

        if (ca->type != FACT_FILE) {
            continue;
        }
        s = find_copy(b->p, ca->physical);
        if (s == NULL) {
            s = mounts_add_copy(b, COPY_FILE, ca->physical, name,
                                "certificates that the host trusts");
        }
        env_fixed(b, f->ca_names[i], s->target);
    }
}

/* Mounts the engine's socket, and adds the group that may use it. */
static void add_docker(struct builder *b)
{
    const struct fact_engine *en = &b->f->engine;

    if (!b->o->docker) {
        return;
    }
    (void)mounts_add(b, en->socket != NULL ? en->socket : DOCKER_SOCKET, DOCKER_SOCKET, false,
                     "--docker");
    if (!en->rootless && !en->desktop) {
        /* The group of a remote engine's socket is known only inside, so init finds it out. */
        strv_add(&b->p->user.groups, b->a,
                 b->p->kind == SANDBOX_REMOTE_CONTAINER
                     ? DOCKER_SOCKET
                     : arena_printf(b->a, "%llu", (unsigned long long)en->socket_gid));
    }
    strv_add(&b->p->warnings, b->a,
             en->rootless
                 ? "--docker: with the engine's socket the agent can do everything on the "
                   "engine's machine that you can"
                 : "--docker: with the engine's socket the agent can become root on the "
                   "engine's machine");
}

/* Returns true if `path` is the target of a mount, or below one. */
static bool is_mounted(const struct plan *p, const char *path)
{
    for (size_t i = 0; i < p->files.mount_count; i++) {
        if (path_is_inside(path, p->files.mounts[i].target)) {
            return true;
        }
    }
    return false;
}

/* Adds the directories between the home and `target` to those that init gives to the user,
 * because the engine creates them as root when it creates mount points. */
static void add_parents(struct builder *b, const char *target)
{
    const char *dir = path_dir(b->a, target);
    struct strv chain = {0};

    if (!path_is_inside(dir, b->p->user.home)) {
        return;
    }
    while (strcmp(dir, b->p->user.home) != 0 && strcmp(dir, "/") != 0) {
        if (!is_mounted(b->p, dir)) {
            strv_add(&chain, b->a, dir);
        }
        dir = path_dir(b->a, dir);
    }
    for (size_t i = chain.count; i > 0; i--) {
        if (!strv_has(&b->p->user.dirs, chain.v[i - 1])) {
            strv_add(&b->p->user.dirs, b->a, chain.v[i - 1]);
        }
    }
}

static void add_dirs(struct builder *b)
{
    if (b->p->native.temp_dir != NULL) {
        strv_add(&b->p->user.dirs, b->a, b->p->native.temp_dir);
    }
    for (size_t i = 0; i < b->p->files.mount_count; i++) {
        add_parents(b, b->p->files.mounts[i].target);
    }
    for (size_t i = 0; i < b->p->files.copy_count; i++) {
        if (b->p->files.copies[i].by_init) {
            add_parents(b, b->p->files.copies[i].target);
        }
    }
    for (size_t i = 0; i < b->p->remote.file_count; i++) {
        if (b->p->remote.files[i].link != NULL) {
            add_parents(b, b->p->remote.files[i].link);
        }
    }
}

/* Sorts parents before children, which the engine needs. A parent moves in front of the first
 * of its children; otherwise the order stays. */
static void sort_mounts(struct plan *p)
{
    for (size_t i = 1; i < p->files.mount_count; i++) {
        struct plan_mount m = p->files.mounts[i];
        size_t at = 0;

        while (at < i && !path_is_inside(p->files.mounts[at].target, m.target)) {
            at++;
        }
        for (size_t k = i; k > at; k--) {
            p->files.mounts[k] = p->files.mounts[k - 1];
        }
        p->files.mounts[at] = m;
    }
}

/* Without namespaces nothing can be mounted, and init makes links, which need no placeholder.
 * They cannot be in cco's own directory for claude's state, so that state is in an ordinary
 * directory of the home. */
static void make_links(struct builder *b)
{
    struct plan *p = b->p;
    const char *claude = path_join(b->a, p->user.home, ".claude");
    size_t kept = 0;

    for (size_t i = 0; i < p->files.mount_count; i++) {
        struct plan_mount *m = &p->files.mounts[i];

        if (m->placeholder != NULL && strcmp(m->placeholder, m->source) != 0) {
            m->placeholder = NULL; /* nothing is mounted there */
        }
        if (strcmp(m->target, claude) != 0) {
            p->files.mounts[kept++] = *m;
        }
    }
    p->files.mount_count = kept;
}

/* A directory of the session for temporary files, because /tmp is the host's. */
static void set_temp_dir(struct builder *b)
{
    const char *dir = path_join(b->a, b->p->run_dir, "tmp");

    b->p->native.temp_dir = dir;
    env_fixed(b, "TMPDIR", dir);
    env_fixed(b, "CLAUDE_CODE_TMPDIR", dir);
}

/* Lists what the agent can write of the user's, on every engine. */
static void list_writable(struct builder *b)
{
    for (size_t i = 0; i < b->p->files.mount_count; i++) {
        const struct plan_mount *m = &b->p->files.mounts[i];

        if (m->of_user && !m->read_only) {
            strv_add(&b->p->files.writable, b->a, m->source);
        } else if (m->kind == MOUNT_BIND && m->is_dir && !m->read_only) {
            strv_add(&b->p->files.kept, b->a, m->source);
        }
    }
}

int mounts_build(struct builder *b, struct err *e)
{
    if (project_check(b, e) < 0) {
        return -1;
    }
    if (b->o->ssh_keys && b->f->ssh_dir.type != FACT_DIR) {
        (void)err_set(e, ERR_USAGE, "--ssh-keys: %s does not exist", b->f->ssh_dir.path);
        return err_hint(e, "Make a key with ssh-keygen, or leave the option out.");
    }
    if (b->p->kind != SANDBOX_LANDLOCK_ONLY) {
        mounts_add(b, b->p->run_dir, PLAN_RUN_DIR, true, "init's boot file and private copies")
            ->read_only = true;
    }
    add_project(b);
    add_claude(b);
    cloud_copies_build(b);
    ide_build(b);
    claude_setup_build(b);
    git_ssh_build(b);
    gnupg_build(b);
    terminfo_build(b);
    add_cas(b);
    add_docker(b);
    if (paths_build(b, e) < 0 || sockets_hide(b, e) < 0) {
        return -1;
    }
    home_links_build(b);
    list_writable(b);
    caches_build(b); /* the audit does not walk through caches, so they are in no list */
    if (b->p->kind == SANDBOX_REMOTE_CONTAINER) {
        remote_build(b);
    }
    if (b->p->kind == SANDBOX_LANDLOCK_ONLY) {
        make_links(b);
        if (native_check_mounts(b, e) < 0) {
            return -1;
        }
        set_temp_dir(b);
    }
    sort_mounts(b->p);
    add_dirs(b);
    return 0;
}
