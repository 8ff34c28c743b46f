/* SPDX-License-Identifier: MIT */
#include "host/audit.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "host/audit_table.h"
#include "host/audit_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static const char git_dir[] = ".git/";
enum { GIT_DIR_LEN = sizeof(git_dir) - 1 };

/* Returns the directory that core.hooksPath names, relative to the project, and NULL if it is
 * outside of the project. A relative value is relative to the project, also in a worktree.
 * git-config(1). */
static const char *hooks_path_in(struct arena *a, const char *project, const char *named)
{
    const char *path = named != NULL ? path_clean(a, path_join(a, project, named)) : NULL;
    size_t len = strlen(project);

    if (path == NULL || strlen(path) > LIMIT_PATH || !path_is_inside(path, project)) {
        return NULL;
    }
    if (strcmp(project, "/") == 0) {
        return path[1] != '\0' ? path + 1 : ".";
    }
    return path[len] == '/' ? path + len + 1 : ".";
}

/* Reads core.hooksPath from one configuration file of git. If it is set there, it overrides
 * *named. */
static void read_hooks_path(struct audit_walk *w, const char *config, const char **named)
{
    struct buf text;
    const char *found = NULL;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (audit_walk_read(w, config, &text) == 0) {
        found = audit_hooks_path(buf_str(&text), w->a);
    }
    *named = found != NULL ? found : *named;
    buf_release(&text);
}

/* Returns the rules with a '*', or those without one. For a common directory, returns only the
 * rules about .git. */
static struct audit_items rules_for(const struct audit_walk *w, bool in_common, bool with_star)
{
    struct audit_items items = {0};
    const char *hooks = w->out->hooks_path;

    for (unsigned i = 0; i < audit_rule_count; i++) {
        const char *pattern = audit_rules[i].pattern;

        if (in_common && strncmp(pattern, git_dir, GIT_DIR_LEN) != 0) {
            continue;
        }
        pattern += in_common ? GIT_DIR_LEN : 0;
        if (i == audit_hooks_rule() && hooks != NULL) {
            pattern = strcmp(hooks, ".") == 0 ? "*" : arena_printf(w->a, "%s/*", hooks);
        }
        if (pattern[0] != '\0' && (strchr(pattern, '*') != NULL) == with_star) {
            audit_items_add(&items, w->a, i, 0, pattern);
        }
    }
    return items;
}

static int by_path(const void *a, const void *b)
{
    const struct audit_entry *x = a;
    const struct audit_entry *y = b;
    int order = strcmp(x->path, y->path);

    return order != 0 ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

/* Sorts by path and keeps one entry of each path: that of the first rule. */
static void sort_entries(struct audit *s)
{
    size_t kept = 0;

    if (s->count == 0) {
        return;
    }
    qsort(s->entries, s->count, sizeof(s->entries[0]), by_path);
    for (size_t i = 1; i < s->count; i++) {
        if (strcmp(s->entries[i].path, s->entries[kept].path) != 0) {
            s->entries[++kept] = s->entries[i];
        }
    }
    s->count = kept + 1;
}

/* Opens one of the two directories. Returns its descriptor, and -1 if it is missing or cannot
 * be opened. Only the latter is an error: it sets *failed and *e. */
static int open_root(const char *path, int flags, bool *failed, struct err *e)
{
    struct err reason = {0};
    int fd = file_open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | flags, 0, &reason);

    if (fd < 0 && reason.errnum != ENOENT && reason.errnum != ENOTDIR) {
        *e = reason;
        *failed = true;
    }
    return fd;
}

int audit_take(const char *project, const char *git_common_dir, struct arena *a,
               struct audit *out, struct err *e)
{
    struct audit_walk w = {
        .a = a, .out = out, .names_left = AUDIT_NAMES_MAX, .hash_left = AUDIT_HASH_TOTAL};
    const char *named = NULL;
    const char *prefix = NULL;
    bool failed = false;
    int roots[2] = {-1, -1};

    *out = (struct audit){0};
    roots[0] = open_root(project, 0, &failed, e);
    if (git_common_dir != NULL && !failed) {
        prefix = path_join(a, git_common_dir, "");
        roots[1] = open_root(git_common_dir, O_NOFOLLOW, &failed, e);
    }
    if (roots[1] >= 0) {
        w.root = roots[1];
        read_hooks_path(&w, "config", &named);
    }
    if (roots[0] >= 0) {
        w.root = roots[0];
        read_hooks_path(&w, ".git/config", &named);
        read_hooks_path(&w, ".git/config.worktree", &named);
    }
    out->hooks_path = hooks_path_in(a, project, named);
    /* Rules without a '*' come first, for both directories, so that files that match other
     * rules cannot use up the limits. */
    for (unsigned i = 0; i < 4 && !failed; i++) {
        bool in_common = i % 2 == 1;

        w.root = roots[i % 2];
        w.prefix = in_common ? prefix : "";
        if (w.root >= 0) {
            audit_walk(&w, rules_for(&w, in_common, i >= 2));
        }
    }
    sort_entries(out);
    if (w.fatal != 0 && !failed) {
        errno = w.fatal;
        failed = true;
        (void)err_sys(e, "audit of %s", project);
    }
    if (failed) {
        *out = (struct audit){0};
    }
    fd_close(&roots[0]);
    fd_close(&roots[1]);
    return failed ? -1 : 0;
}
