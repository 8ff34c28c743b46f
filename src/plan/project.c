/* SPDX-License-Identifier: MIT */
/* Decides which directories can be a project. */
#include "plan/build.h"

#include "base/path.h"
#include "plan/claude_state.h"

#include <string.h>

/* The sandbox has its own directories at these paths. A project may be inside of most of them
 * (/usr/src/x), but must not replace them. */
static const char *const system_dirs[] = {
    "/bin",      "/boot",      "/dev",     "/etc",     "/lib",       "/lib64",
    "/opt",      "/proc",      "/root",    "/run",     "/sbin",      "/srv",
    "/sys",      "/usr",       "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin",
    "/usr/sbin", "/usr/share", "/var",     "/var/lib", "/var/run",
};

/* A project cannot be in these directories, because the kernel and the engine provide their
 * content. */
static const char *const taken_dirs[] = {"/proc", "/sys", "/dev", PLAN_RUN_DIR};

static int refuse(struct err *e, const char *project, const char *why)
{
    (void)err_set(e, ERR_REFUSED, "%s cannot be the project: %s", project, why);
    return err_hint(e, "Change to the directory of one project and run cco there.");
}

static bool holds(const char *project, const char *path)
{
    return path != NULL && path_is_inside(path, project);
}

/* Returns true if a link in the project leads to `path`, which is a path of the facts. An agent
 * could change that link. */
static bool found_by(const struct facts *f, const char *path)
{
    return path != NULL && strv_has(&f->by_project, path);
}

/* Returns the first of claude's files that this machine's claude obeys and that is in the
 * project or reached through it, or NULL. */
static const char *obeyed_in(const struct builder *b)
{
    const struct facts *f = b->f;

    for (size_t i = 0; i < claude_state_count; i++) {
        const char *path = path_join(b->a, f->claude_dir, claude_state[i].name);

        if (claude_state[i].share != STATE_SHARED &&
            (found_by(f, path) || holds(f->cwd_physical, f->claude_state[i].physical))) {
            return path;
        }
    }
    return NULL;
}

static bool lies_in(const char *project, const char *dir)
{
    return dir != NULL && path_is_inside(project, dir);
}

bool project_is_system(const char *path)
{
    for (size_t i = 0; i < sizeof(system_dirs) / sizeof(system_dirs[0]); i++) {
        if (strcmp(path, system_dirs[i]) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof(taken_dirs) / sizeof(taken_dirs[0]); i++) {
        if (path_is_inside(path, taken_dirs[i])) {
            return true;
        }
    }
    return false;
}

int project_check(const struct builder *b, struct err *e)
{
    const struct facts *f = b->f;
    const char *dir = f->cwd_physical;
    const char *obeyed;

    if (strcmp(dir, "/") == 0) {
        return refuse(e, dir, "the agent would get the whole machine");
    }
    if (strcmp(dir, f->home_physical) == 0 || strcmp(dir, f->home) == 0) {
        return refuse(e, dir, "it is your home, with all your keys and settings");
    }
    if (holds(dir, f->home_physical) || holds(dir, f->home)) {
        return refuse(e, dir, "your home is inside it");
    }
    if (holds(dir, f->claude_dir) || holds(dir, f->claude_json.physical) ||
        holds(dir, f->login.path)) {
        return refuse(e, dir, "claude's configuration or login is inside it");
    }
    if (found_by(f, f->claude_dir) || found_by(f, f->claude_json.path) ||
        found_by(f, f->login.path)) {
        return refuse(e, dir, "a link in it leads to claude's configuration or login");
    }
    obeyed = obeyed_in(b);
    if (obeyed != NULL) {
        return refuse(
            e, dir,
            arena_printf(b->a, "%s, which this machine's claude obeys, leads into it", obeyed));
    }
    if (lies_in(dir, f->claude_dir)) {
        return refuse(
            e, dir, "it is part of claude's configuration, which this machine's claude obeys");
    }
    if (holds(dir, f->data_dir) || holds(dir, f->runtime_dir) || lies_in(dir, f->data_dir) ||
        lies_in(dir, f->runtime_dir) || holds(dir, f->config_dir) ||
        lies_in(dir, f->config_dir) || found_by(f, f->config_dir) || found_by(f, f->data_dir) ||
        found_by(f, f->state_dir) || found_by(f, f->runtime_dir)) {
        return refuse(e, dir, "cco keeps its own data there");
    }
    for (size_t i = 0; i < sizeof(system_dirs) / sizeof(system_dirs[0]); i++) {
        if (strcmp(dir, system_dirs[i]) == 0) {
            return refuse(e, dir, "the sandbox has its own system directories");
        }
    }
    for (size_t i = 0; i < sizeof(taken_dirs) / sizeof(taken_dirs[0]); i++) {
        if (lies_in(dir, taken_dirs[i])) {
            return refuse(e, dir, "it belongs to the system");
        }
    }
    return 0;
}
