/* SPDX-License-Identifier: MIT */
#include "plan/plan.h"

#include "base/path.h"
#include "base/str.h"
#include "plan/passed.h"
#include "trust/trust_env.h"

#include <string.h>

/* --dry-run prints fixed values. Therefore a variable whose name contains one of these words
 * must be a reference. */
static const char *const secret_words[] = {"KEY", "TOKEN", "SECRET", "PASSWORD", "AUTH_"};

static const char *const never_targets[] = {"/proc", "/sys", "/dev", PLAN_INIT_PATH};

static int broken(struct err *e, const char *what, const char *subject)
{
    return err_set(e, ERR_REFUSED, "plan: %s: %s", subject, what);
}

static bool is_clean(const char *path)
{
    size_t len = strlen(path);

    return path[0] == '/' && strstr(path, "//") == NULL && strstr(path, "/./") == NULL &&
           strstr(path, "/../") == NULL && !str_ends(str_c(path), "/..") &&
           !str_ends(str_c(path), "/.") && (len == 1 || path[len - 1] != '/');
}

static int check_target(const struct plan *p, size_t at, struct err *e)
{
    const struct plan_mount *m = &p->files.mounts[at];

    if (!is_clean(m->target) || (m->kind == MOUNT_BIND && !is_clean(m->source)) ||
        strcmp(m->target, "/") == 0) {
        return broken(e, "not a clean absolute path", m->target);
    }
    for (size_t i = 0; i < sizeof(never_targets) / sizeof(never_targets[0]); i++) {
        if (path_is_inside(m->target, never_targets[i]) ||
            path_is_inside(never_targets[i], m->target)) {
            return broken(e, "over what the sandbox needs", m->target);
        }
    }
    if (strcmp(m->target, PLAN_RUN_DIR) != 0 &&
        (path_is_inside(m->target, PLAN_RUN_DIR) || path_is_inside(PLAN_RUN_DIR, m->target))) {
        return broken(e, "over the run directory", m->target);
    }
    for (size_t i = 0; i < at; i++) {
        if (strcmp(p->files.mounts[i].target, m->target) == 0) {
            return broken(e, "mounted twice", m->target);
        }
        if (path_is_inside(p->files.mounts[i].target, m->target)) {
            return broken(e, "mounted after what lies inside it", m->target);
        }
    }
    return 0;
}

/* Returns true if `source` is this project's directory of conversations or memory, which the
 * host's claude reads as data. */
static bool is_own_state(const struct facts *f, const char *source)
{
    const char *project = f->claude_project.physical;
    const char *memory = f->claude_memory.physical;

    return (project != NULL && strcmp(source, project) == 0) ||
           (memory != NULL && strcmp(source, memory) == 0);
}

static int check_source(const struct plan_mount *m, const struct facts *f, struct err *e)
{
    bool is_project = strcmp(m->source, f->project) == 0;

    if (m->kind != MOUNT_BIND) {
        return 0;
    }
    if (!is_project && m->id == NULL && path_is_inside(m->source, f->project)) {
        return broken(e, "its source lies in the project", m->source);
    }
    if (path_is_inside(f->claude_dir, m->source)) {
        return broken(e, "shows claude's whole directory", m->source);
    }
    if (!m->read_only && path_is_inside(m->source, f->claude_dir) &&
        !is_own_state(f, m->source)) {
        return broken(e, "would let the sandbox change what the host's claude obeys",
                      m->source);
    }
    if (f->login.path != NULL && path_is_inside(f->login.path, m->source)) {
        return broken(e, "shows the login itself", m->source);
    }
    return 0;
}

/* A tree is sent from this machine, and the sandbox decides what comes back. */
static int check_tree(const struct plan *p, size_t at, const struct facts *f, struct err *e)
{
    const struct plan_tree *t = &p->remote.trees[at];

    if (!is_clean(t->local_path) || !is_clean(t->remote_path) ||
        strcmp(t->local_path, "/") == 0 || strcmp(t->remote_path, "/") == 0) {
        return broken(e, "not a clean absolute path", t->local_path);
    }
    if (path_is_inside(f->claude_dir, t->local_path) ||
        path_is_inside(f->home_physical, t->local_path)) {
        return broken(e, "would send all of claude's directory, or the home", t->local_path);
    }
    if (t->pull && path_is_inside(t->local_path, f->claude_dir) &&
        !is_own_state(f, t->local_path)) {
        return broken(e, "would let the sandbox change what the host's claude obeys",
                      t->local_path);
    }
    if (f->login.path != NULL && path_is_inside(f->login.path, t->local_path)) {
        return broken(e, "would send the login itself", t->local_path);
    }
    for (size_t i = 0; i < at; i++) {
        if (strcmp(p->remote.trees[i].id, t->id) == 0) {
            return broken(e, "is sent twice", t->local_path);
        }
    }
    return 0;
}

/* The programs that claude needs were searched for on the machine. A wrong result must not show
 * more than programs. */
static int check_programs(const struct plan *p, const struct facts *f, struct err *e)
{
    const char *own[] = {f->home,       f->home_physical, f->login.path,
                         f->claude_dir, f->data_dir,      f->runtime_dir};

    for (size_t i = 0; plan_is_native(p) && i < p->native.facts->program_count; i++) {
        const struct fact_program *m = &p->native.facts->programs[i];

        if (!is_clean(m->path)) {
            return broken(e, "not a clean absolute path", m->path);
        }
        for (size_t k = 0; !m->shared && k < sizeof(own) / sizeof(own[0]); k++) {
            if (own[k] != NULL && path_is_inside(own[k], m->path)) {
                return broken(e, "would show more than a program", m->path);
            }
        }
    }
    return 0;
}

/* A native sandbox uses nothing of an engine, and a container nothing of a native sandbox. */
static int check_native(const struct plan *p, struct err *e)
{
    if (plan_is_native(p) != (p->native.facts != NULL)) {
        return broken(e, "facts of another kind of sandbox", p->name);
    }
    if (!plan_is_native(p)) {
        return p->privileges.subids ? broken(e, "confinement of another kind", p->name) : 0;
    }
    if (p->privileges.sudo || p->image.own || p->image.ref[0] != '\0' ||
        p->network.port_count > 0 ||
        (p->network.mode != PLAN_NET_HOST && p->network.mode != PLAN_NET_NONE) ||
        (p->kind == SANDBOX_LANDLOCK_ONLY &&
         (p->privileges.allow_userns || p->network.mode == PLAN_NET_NONE))) {
        return broken(e, "needs an engine, or namespaces", p->name);
    }
    for (size_t i = 0; i < p->files.mount_count; i++) {
        if (p->files.mounts[i].kind == MOUNT_VOLUME) {
            return broken(e, "a volume needs an engine", p->files.mounts[i].target);
        }
    }
    return 0;
}

static int check_env(const struct plan *p, size_t at, struct err *e)
{
    const struct plan_var *v = &p->env.vars[at];

    if (at > 0 && strcmp(p->env.vars[at - 1].name, v->name) >= 0) {
        return broken(e, "a variable out of order or twice", v->name);
    }
    if (v->from != ENV_FIXED) {
        return v->value == NULL ? 0 : broken(e, "a value where a reference belongs", v->name);
    }
    for (size_t i = 0; i < sizeof(secret_words) / sizeof(secret_words[0]); i++) {
        if (strstr(v->name, secret_words[i]) != NULL && strcmp(v->name, "SSH_AUTH_SOCK") != 0 &&
            strncmp(v->name, PASSED_GIT_KEY, strlen(PASSED_GIT_KEY)) != 0) {
            return broken(e, "a fixed value for what may be a secret", v->name);
        }
    }
    return 0;
}

int plan_check(const struct plan *p, const struct facts *f, struct err *e)
{
    for (size_t i = 0; i < p->files.mount_count; i++) {
        if (check_target(p, i, e) < 0 || check_source(&p->files.mounts[i], f, e) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < p->remote.tree_count; i++) {
        if (check_tree(p, i, f, e) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < p->env.count; i++) {
        const struct plan_var *v = &p->env.vars[i];

        if (check_env(p, i, e) < 0) {
            return -1;
        }
        if (v->from == ENV_DOTENV && trust_state_is_safe(f->trust) &&
            trust_env_rule(str_c(v->name)) != NULL) {
            return broken(e, "a variable of a project that is not trusted", v->name);
        }
    }
    if (check_native(p, e) < 0 || check_programs(p, f, e) < 0) {
        return -1;
    }
    if (p->command.argv.count == 0 || !is_clean(p->command.workdir) ||
        !is_clean(p->user.home)) {
        return broken(e, "no command, or no place to run it", p->name);
    }
    return 0;
}
