/* SPDX-License-Identifier: MIT */
/* Facts for a sandbox that uses this machine's own files. */
#include "base/env.h"
#include "host/probe.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/list.h"
#include "base/path.h"
#include "base/proc.h"
#include "host/fetched_claude.h"
#include "host/user.h"
#include "trust/lookup.h"
#include "trust/obeyed.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LINK_MAX = 256,  /* bytes of the target of a link */
    HEAD_SIZE = 256, /* bytes read of a script */
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The directories in / that contain programs or their configuration. Some can be links. */
static const char *const tops[] = {"bin",    "etc", "gnu", "lib",  "lib32", "lib64",
                                   "libx32", "nix", "opt", "sbin", "snap",  "usr"};

/* Links in /run through which PATH leads on NixOS and Guix. */
static const char *const run_links[] = {"booted-system", "current-system", "opengl-driver"};

/* Returns those of the names that exist in `dir`, as links or, unless links_only, as
 * directories. */
static struct fact_top *look_at(struct arena *a, const char *dir, const char *const *names,
                                size_t count, bool links_only, size_t *found)
{
    struct fact_top *out = arena_array(a, count, sizeof(*out));

    *found = 0;
    for (size_t i = 0; i < count; i++) {
        const char *path = path_join(a, dir, names[i]);
        char link[LINK_MAX];
        struct stat st;
        ssize_t len;

        if (lstat(path, &st) < 0) {
            continue;
        }
        len = S_ISLNK(st.st_mode) ? readlink(path, link, sizeof(link)) : -1;
        if (len > 0 && (size_t)len < sizeof(link)) {
            out[(*found)++] = (struct fact_top){.name = names[i],
                                                .link = arena_str(a, str_n(link, (size_t)len))};
        } else if (S_ISDIR(st.st_mode) && !links_only) {
            out[(*found)++] = (struct fact_top){.name = names[i]};
        }
    }
    return out;
}

/* Returns true if /etc/passwd has the user with this name and home. */
static bool is_known(struct arena *a, const struct facts *f)
{
    struct user_entry u = {0};

    return user_find(f->uid, a, &u) && u.home != NULL && strcmp(u.name, f->user) == 0 &&
           strcmp(u.home, f->home) == 0;
}

/* Returns true if `path` is in one of the shared directories. If `links`, the links among them,
 * such as /bin -> usr/bin, count as well. */
static bool is_below_top(const struct fact_native *n, struct arena *a, const char *path,
                         bool links)
{
    for (size_t i = 0; i < n->top_count; i++) {
        if ((links || n->tops[i].link == NULL) &&
            path_is_inside(path, path_join(a, "/", n->tops[i].name))) {
            return true;
        }
    }
    return false;
}

static bool is_shared(const struct fact_native *n, struct arena *a, const char *physical)
{
    return is_below_top(n, a, physical, false);
}

/* The search for claude and the programs that it needs. */
struct finder {
    char *const *env; /* a PATH without what an agent could write */
    struct arena *a;
    struct fact_native *n;
    const char *home; /* physical */
    struct fact_program *programs;
    size_t count, cap;
};

/* Returns true if `dir`, which contains bin/node, seems to be the directory of a node that was
 * unpacked or that a version manager installed: it has "node" in its path below the home. A
 * home or ~/.local can contain bin/node as well, but also much that must not be shared. */
static bool is_of_node(const struct finder *f, const char *dir)
{
    const char *below = path_is_inside(dir, f->home) ? dir + strlen(f->home) : dir;

    return !path_is_inside(f->home, dir) && strstr(below, "node") != NULL;
}

/* Returns the path that must be shared for a program: the directory of its npm package or npm
 * scope, because the packages of a scope need each other; node's whole directory; or the file
 * itself. */
static const char *what_goes_along(struct finder *f, const char *physical, bool *is_dir)
{
    static const char modules[] = "/node_modules/";
    const char *at = strstr(physical, modules);
    const char *dir = path_dir(f->a, physical);

    *is_dir = true;
    if (at != NULL) {
        const char *name = at + sizeof(modules) - 1;
        const char *end = strchr(name, '/');

        return end == NULL ? dir : arena_str(f->a, str_n(physical, (size_t)(end - physical)));
    }
    if (strcmp(path_base(dir), "bin") == 0 && strcmp(path_base(physical), "node") == 0 &&
        is_of_node(f, path_dir(f->a, dir))) {
        return path_dir(f->a, dir);
    }
    *is_dir = false;
    return physical;
}

static void add_program(struct finder *f, const char *found, const char *physical)
{
    struct fact_program p = {.path = physical, .shared = is_shared(f->n, f->a, physical)};

    if (!p.shared) {
        p.path = what_goes_along(f, physical, &p.is_dir);
    }
    if (strcmp(found, physical) != 0 && !is_below_top(f->n, f->a, found, true)) {
        p.link = found;
        p.target = physical;
    }
    if (p.shared && p.link == NULL) {
        return;
    }
    f->programs = list_grow(f->a, f->programs, f->count, &f->cap, sizeof(f->programs[0]));
    f->programs[f->count++] = p;
}

/* Returns the path of a script's interpreter: "/home/ann/bin/node" for "#!/home/ann/bin/node",
 * and node as found in PATH for "#!/usr/bin/env node". Returns NULL if the file is not a script
 * or if the interpreter is not in PATH. */
static const char *interpreter(struct finder *f, const char *physical)
{
    struct err ignored = {0};
    char head[HEAD_SIZE];
    int fd = file_open(physical, O_RDONLY, 0, &ignored);
    ssize_t got = fd < 0 ? -1 : fd_read(fd, head, sizeof(head));
    struct str line = {0};
    struct str word = {0};
    struct str rest;

    fd_close(&fd);
    rest = str_n(head, got > 0 ? (size_t)got : 0);
    if (!str_starts(rest, "#!")) {
        return NULL;
    }
    rest = str_drop(rest, 2);
    (void)str_cut(&rest, '\n', &line);
    line = str_trim(line);
    (void)str_cut(&line, ' ', &word);
    if (str_eq_c(word, "/usr/bin/env") || str_eq_c(word, "/bin/env")) {
        line = str_trim(line);
        (void)str_cut(&line, ' ', &word);
        return proc_find(arena_str(f->a, word), f->env, f->a);
    }
    return arena_str(f->a, word);
}

/* Returns an environment with PATH only, without the directories to which the way leads through
 * a tree that an agent could write: an agent would decide which claude gets the login. */
static char *const *safe_path(char *const *env, struct arena *a, const struct facts *facts)
{
    struct str rest = str_c(env_value(env, "PATH"));
    struct strv dirs = {0};
    char **out = arena_array(a, 2, sizeof(*out));

    while (rest.len > 0) {
        struct str dir = {0};
        const char *text;

        (void)str_cut(&rest, ':', &dir);
        text = arena_str(a, dir);
        if (text[0] == '/' && lookup_is_safe(a, facts->trees, text)) {
            strv_add(&dirs, a, text);
        }
    }
    out[0] = arena_printf(a, "PATH=%s", strv_join(&dirs, ":", a));
    return out;
}

/* Finds claude in PATH, or where its installers put it, because these directories may not be in
 * PATH yet. */
static const char *find_claude(struct finder *f, const char *home)
{
    static const char *const usual[] = {".local/bin/claude", ".claude/local/claude",
                                        ".npm-global/bin/claude", ".bun/bin/claude"};
    const char *found = proc_find("claude", f->env, f->a);

    for (size_t i = 0; found == NULL && i < sizeof(usual) / sizeof(usual[0]); i++) {
        const char *path = path_join(f->a, home, usual[i]);

        found = access(path, X_OK) == 0 ? path : NULL;
    }
    return found;
}

/* Returns the text of fact_native.claude_why. */
static const char *unused_claude(char *const *env, struct arena *a, const struct facts *facts)
{
    const char *path = proc_find("claude", env, a);
    const char *why = path != NULL ? obeyed_find_unpinned(a, facts->trees, path).why : NULL;

    return why != NULL ? arena_printf(a, "%s is not used: %s", path, why) : NULL;
}

/* Uses the claude that cco has fetched (host/fetched_claude.h). Its directory is added to PATH.
 * Returns its physical path, or NULL if cco has fetched none, or must not use it. */
static const char *use_fetched(struct finder *f, const struct facts *facts)
{
    const char *dir = fetched_claude_dir(facts, f->a);
    const char *version = fetched_claude_choose(dir, facts->claude_pin, f->a);
    const char *path = NULL;

    if (version == NULL) {
        return NULL;
    }
    path = path_join(f->a, path_join(f->a, dir, version), FETCHED_CLAUDE);
    if (!lookup_is_safe(f->a, facts->trees, path)) {
        return NULL;
    }
    f->n->claude = path;
    f->n->fetched = version;
    f->n->path_env = arena_printf(
        f->a, "%s:%s", f->n->path_env != NULL ? f->n->path_env : "/usr/local/bin:/usr/bin:/bin",
        path_dir(f->a, path));
    return lookup_physical(f->a, path);
}

static void find_programs(char *const *env, struct arena *a, const struct facts *facts,
                          struct fact_native *n)
{
    const char *real = lookup_physical(a, facts->home);
    struct finder f = {.env = safe_path(env, a, facts),
                       .a = a,
                       .n = n,
                       .home = real != NULL ? real : facts->home};
    const char *physical;
    const char *node;

    n->claude = find_claude(&f, facts->home);
    physical = n->claude == NULL || !lookup_is_safe(a, facts->trees, n->claude)
                   ? NULL
                   : lookup_physical(a, n->claude);
    if (physical == NULL) {
        n->claude = NULL;
        n->claude_why = unused_claude(env, a, facts);
        physical = use_fetched(&f, facts);
    }
    if (physical == NULL) {
        n->claude = NULL;
        return;
    }
    add_program(&f, n->claude, physical);
    strv_add(&n->needed, a, physical);
    node = interpreter(&f, physical);
    if (node != NULL && lookup_is_safe(a, facts->trees, node) &&
        lookup_physical(a, node) != NULL) {
        add_program(&f, node, lookup_physical(a, node));
        strv_add(&n->needed, a, lookup_physical(a, node));
    }
    n->programs = f.programs;
    n->program_count = f.count;
}

void host_native_claude(char *const *env, struct arena *a, struct facts *f)
{
    f->native.path_env = env_value(env, "PATH");
    f->native.needed = (struct strv){0};
    f->native.fetched = NULL;
    find_programs(env, a, f, &f->native);
}

void host_native(char *const *env, struct arena *a, struct facts *f)
{
    struct fact_native *n = &f->native;
    const char *resolv = lookup_physical(a, "/etc/resolv.conf");

    *n = (struct fact_native){0};
    n->tops = look_at(a, "/", tops, COUNT(tops), false, &n->top_count);
    n->run_links = look_at(a, "/run", run_links, COUNT(run_links), true, &n->run_link_count);
    n->adds_user =
        !is_known(a, f) && file_is_regular("/etc/passwd") && file_is_regular("/etc/group");
    if (resolv != NULL && !is_shared(n, a, resolv)) {
        n->resolv_conf = resolv;
    }
    host_native_claude(env, a, f);
}
