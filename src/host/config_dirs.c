/* SPDX-License-Identifier: MIT */
#include "host/config_dirs.h"

#include "base/env.h"
#include "base/file.h"
#include "base/path.h"
#include "host/git_top.h"
#include "trust/ledger.h"
#include "trust/lookup.h"
#include "trust/obeyed.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* contexts/tls/HASH/docker/FILE has three levels of directories below "contexts". */
enum { CONTEXT_DEPTH = 4, CONTEXT_ENTRIES = 1024 };

struct config_file config_file(const char *name, char *const *env, struct arena *a)
{
    const char *home = env_value(env, "HOME");
    const char *physical = home != NULL ? lookup_physical(a, home) : NULL;
    const char *cwd = lookup_physical(a, ".");
    struct config_file out = {0};
    struct ledger trees = {0};
    struct err e = {0};
    const char *state;
    const char *top;
    struct obeyed o;

    if (home == NULL || home[0] != '/') {
        return out;
    }
    out.path = path_join(a, obeyed_own_dir(env, "XDG_CONFIG_HOME", home, ".config", a), name);
    if (!file_exists(out.path)) {
        return out;
    }
    state = obeyed_own_dir(env, "XDG_STATE_HOME", home, ".local/state", a);
    if (ledger_read(state, a, &trees, &e) < 0) {
        out.why = arena_printf(a, "%s. %s", e.text, e.hint);
        return out;
    }
    if (cwd == NULL) {
        out.why = "the current directory is not known";
        return out;
    }
    top = git_top_find(a, cwd, getuid()).top;
    top = top != NULL ? top : cwd;
    if (!path_is_inside(physical != NULL ? physical : home, top)) {
        ledger_add(&trees, a, top);
    }
    o = obeyed_find(a, state, &trees, out.path);
    out.physical = o.physical;
    out.sha256 = o.sha256;
    out.why = obeyed_why(a, &o);
    return out;
}

/* Returns why a path of Docker's configuration must not be used, and NULL if it may. Sets
 * *pinned if the user has accepted its present content. */
static const char *refusal(const char *path, const struct facts *f, struct arena *a,
                           bool *pinned)
{
    struct obeyed o = {0};

    if (f->state_dir != NULL && file_exists(path)) {
        o = obeyed_find(a, f->state_dir, f->trees, path);
    }
    *pinned = o.sha256 != NULL;
    return o.why != NULL ? arena_printf(a, "%s is not used: %s", path, obeyed_why(a, &o))
                         : NULL;
}

static bool path_is_link(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* Does what refusal() does for the links in the directory `dir`. Adds the other entries to
 * `below`. */
static const char *refusal_in(const char *dir, const struct facts *f, struct arena *a,
                              struct strv *below)
{
    DIR *all = opendir(dir);
    const struct dirent *entry;
    const char *why = NULL;
    size_t read = 0;
    bool pinned;

    while (all != NULL && why == NULL && (entry = readdir(all)) != NULL) {
        const char *path = path_join(a, dir, entry->d_name);

        if (read++ == CONTEXT_ENTRIES) {
            why = arena_printf(a, "%s is not used: it has too many entries", dir);
        } else if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        } else if (path_is_link(path)) {
            why = refusal(path, f, a, &pinned);
        } else {
            strv_add(below, a, path);
        }
    }
    if (all != NULL) {
        (void)closedir(all);
    }
    return why;
}

/* Does what refusal() does for the links below the directory `dir`, in CONTEXT_DEPTH levels of
 * directories below it. What else is there is where `dir` is. */
static const char *refusal_below(const char *dir, const struct facts *f, struct arena *a)
{
    struct strv level = {0};
    const char *why = NULL;

    strv_add(&level, a, dir);
    for (int depth = 0; depth <= CONTEXT_DEPTH; depth++) {
        struct strv below = {0};

        for (size_t i = 0; why == NULL && i < level.count; i++) {
            why = refusal_in(level.v[i], f, a, &below);
        }
        level = below;
    }
    return why;
}

/* Does what refusal() does for the certificates in the directory. */
static const char *refusal_of_certificates(const char *dir, const struct facts *f,
                                           struct arena *a)
{
    static const char *const parts[] = {"ca.pem", "cert.pem", "key.pem"};
    const char *why = NULL;
    bool pinned;

    for (size_t i = 0; why == NULL && i < sizeof(parts) / sizeof(parts[0]); i++) {
        why = refusal(path_clean(a, path_join(a, dir, parts[i])), f, a, &pinned);
    }
    return why;
}

const char *docker_config_dir(char *const *env, const struct facts *f, struct arena *a,
                              const char **why)
{
    static const char *const parts[] = {"", "config.json", "contexts"};
    bool pinned = false;
    const char *dir = env_value(env, "DOCKER_CONFIG");

    *why = NULL;
    if (dir == NULL || dir[0] != '/') {
        dir = f->home != NULL ? path_join(a, f->home, ".docker") : NULL;
    }
    for (size_t i = 0; dir != NULL && i < sizeof(parts) / sizeof(parts[0]); i++) {
        *why = refusal(path_clean(a, path_join(a, dir, parts[i])), f, a, &pinned);
        if (*why != NULL) {
            return NULL;
        }
        if (pinned && i == 0) {
            return dir; /* the whole directory is pinned */
        }
    }
    *why = dir != NULL ? refusal_of_certificates(dir, f, a) : NULL;
    if (dir != NULL && *why == NULL && !pinned) { /* `pinned` is that of the contexts */
        *why = refusal_below(path_join(a, dir, "contexts"), f, a);
    }
    return *why == NULL ? dir : NULL;
}
