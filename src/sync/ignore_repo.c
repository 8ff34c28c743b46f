/* SPDX-License-Identifier: MIT */
#include "sync/ignore_repo.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "sync/ignore_config.h"

#include <stdio.h>
#include <string.h>

enum { INCLUDE_DEPTH = 10, INCLUDE_FILES = 100 };

/* A configuration file that is being read. */
struct open_file {
    const char *path;
    struct buf text;
    struct ignore_config config;
};

struct reader {
    struct ignore_place *place;
    struct arena *a;
    const char *dir;      /* the repository's own directory: .git, or the directory it names */
    const char *common;   /* see struct ignore_repo */
    const char *excludes; /* core.excludesFile; "": set to no file; NULL: not set */
    bool nocase, sha256, worktree_config;
    bool own;          /* the configuration of the repository itself is being read */
    size_t files_left; /* number of files that may still be included */
};

/* Returns the path in a file whose only line is `prefix` and a path, as a clean path. A
 * relative path is relative to `from`. Returns NULL if the file has another form. */
static const char *read_link_file(struct arena *a, const char *path, const char *prefix,
                                  const char *from)
{
    struct str line = file_text(path, LIMIT_FILE_SMALL, a);

    if (line.p == NULL || !str_starts(line, prefix)) {
        return NULL;
    }
    line = str_trim(str_drop(line, strlen(prefix)));
    if (line.len == 0 || str_index(line, '\0') < line.len) {
        return NULL;
    }
    return path_clean(a, path_join(a, from, arena_str(a, line)));
}

/* Finds the directories of the repository. Returns false if git would not accept them as a
 * repository, or if place->within does not permit them. */
static bool find_dirs(struct reader *r)
{
    const struct ignore_place *place = r->place;
    const char *dot_git = path_join(r->a, place->top, ".git");

    r->dir = dot_git;
    if (!file_is_dir(dot_git)) {
        r->dir = read_link_file(r->a, dot_git, "gitdir: ", place->top);
        if (r->dir == NULL ||
            (place->within != NULL && !path_is_inside(r->dir, place->within) &&
             !path_is_inside(r->dir, place->or_within))) {
            return false;
        }
    }
    r->common = read_link_file(r->a, path_join(r->a, r->dir, "commondir"), "", r->dir);
    if (r->common == NULL) {
        r->common = r->dir;
    }
    return file_exists(path_join(r->a, r->dir, "HEAD")) &&
           file_is_dir(path_join(r->a, r->common, "objects"));
}

/* Expands a path of the configuration: "~/x" is relative to the home directory, and a relative
 * path to `from`. Returns NULL for "~/x" without a home directory and for "~user". */
static const char *expand(const struct reader *r, const char *value, const char *from)
{
    if (value[0] == '~') {
        return r->place->home != NULL && value[1] == '/'
                   ? path_join(r->a, r->place->home, value + 2)
                   : NULL;
    }
    return path_join(r->a, from, value);
}

/* Stores the value of a variable that matters here. Returns the path of a file if the variable
 * includes one, otherwise NULL. */
static const char *take_variable(struct reader *r, const struct open_file *f)
{
    const struct ignore_config *c = &f->config;
    struct str value = buf_str(&c->value);
    bool is_path = value.len > 0 && str_index(value, '\0') == value.len;

    if (strcmp(c->name, "include.path") == 0 && is_path) {
        return expand(r, arena_str(r->a, value), path_dir(r->a, f->path));
    }
    if (strcmp(c->name, "core.excludesfile") == 0) {
        const char *path = is_path ? expand(r, arena_str(r->a, value), r->place->top) : NULL;

        r->excludes = path != NULL ? path : ""; /* it is set, although to no file */
    } else if (strcmp(c->name, "core.ignorecase") == 0) {
        r->nocase = ignore_config_bool(c, r->nocase);
    } else if (strcmp(c->name, "extensions.objectformat") == 0 && r->own) {
        r->sha256 = str_eq_nocase(value, "sha256");
    } else if (strcmp(c->name, "extensions.worktreeconfig") == 0 && r->own) {
        r->worktree_config = ignore_config_bool(c, false);
    }
    return NULL;
}

/* Opens a configuration file. Returns false if it cannot be read. */
static bool open_config(struct open_file *f, const char *path)
{
    struct err ignored = {0};

    f->path = path;
    buf_init(&f->text, LIMIT_FILE_SMALL);
    if (file_read(path, &f->text, &ignored) < 0) {
        buf_release(&f->text);
        return false;
    }
    ignore_config_init(&f->config, buf_str(&f->text));
    return true;
}

/* Reads a configuration file. An included file is read at the place of its include.path. */
static void read_config(struct reader *r, const char *path)
{
    static const struct open_file none;
    struct open_file files[INCLUDE_DEPTH] = {none};
    size_t depth = open_config(&files[0], path) ? 1 : 0;

    while (depth > 0) {
        struct open_file *f = &files[depth - 1];
        const char *include;

        if (!ignore_config_next(&f->config)) {
            ignore_config_release(&f->config);
            buf_release(&f->text);
            depth--;
            continue;
        }
        include = take_variable(r, f);
        if (include != NULL && depth < INCLUDE_DEPTH && r->files_left > 0) {
            r->files_left--;
            depth += open_config(&files[depth], include) ? 1 : 0;
        }
    }
}

/* Returns the directory with the user's git settings: $XDG_CONFIG_HOME/git or ~/.config/git.
 * Returns NULL if neither is known. */
static const char *user_dir(const struct reader *r)
{
    if (r->place->config != NULL && r->place->config[0] != '\0') {
        return path_join(r->a, r->place->config, "git");
    }
    return r->place->home != NULL ? path_join(r->a, r->place->home, ".config/git") : NULL;
}

static void read_configs(struct reader *r)
{
    const char *user = user_dir(r);

    read_config(r, "/etc/gitconfig");
    if (user != NULL) {
        read_config(r, path_join(r->a, user, "config"));
    }
    if (r->place->home != NULL) {
        read_config(r, path_join(r->a, r->place->home, ".gitconfig"));
    }
    r->own = true;
    read_config(r, path_join(r->a, r->common, "config"));
    if (r->worktree_config) {
        read_config(r, path_join(r->a, r->dir, "config.worktree"));
    }
    if (r->excludes == NULL && user != NULL) {
        r->excludes = path_join(r->a, user, "ignore");
    }
}

static void read_patterns(const struct reader *r, const char *path, struct ignore *out)
{
    struct str text = file_text(path, LIMIT_FILE_SMALL, r->a);

    if (text.p != NULL) {
        ignore_parse(out, text, r->nocase, r->a);
    }
}

/* Reads one file of the index. Returns true if it could be read, or if it does not exist and
 * `may_lack` is true. */
static bool read_index_file(const struct reader *r, struct ignore_index *ix, const char *path,
                            bool may_lack)
{
    struct err e = {0};
    struct buf file;
    bool good = false;

    buf_init(&file, r->place->budget);
    if (file_read(path, &file, &e) < 0) {
        good = may_lack && e.kind == ERR_NOT_FOUND;
    } else {
        r->place->budget -= file.len;
        good = ignore_index_read(ix, buf_str(&file),
                                 r->sha256 ? GIT_SHA256_SIZE : GIT_SHA1_SIZE, &e) == 0;
    }
    buf_release(&file);
    return good;
}

static bool read_index(const struct reader *r, struct ignore_index *ix)
{
    char hex[2 * GIT_SHA256_SIZE + 1];
    size_t size = r->sha256 ? GIT_SHA256_SIZE : GIT_SHA1_SIZE;

    if (!read_index_file(r, ix, path_join(r->a, r->dir, "index"), true)) {
        return false;
    }
    if (ix->split) {
        for (size_t i = 0; i < size; i++) {
            (void)snprintf(hex + 2 * i, 3, "%02x", ix->shared[i]);
        }
        if (!read_index_file(r, ix, arena_printf(r->a, "%s/sharedindex.%s", r->dir, hex),
                             false)) {
            return false;
        }
    }
    ignore_index_sort(ix);
    return true;
}

struct ignore_repo *ignore_repo_read(struct ignore_place *place, struct arena *a)
{
    struct reader r = {.place = place, .a = a, .files_left = INCLUDE_FILES};
    struct ignore_repo *repo;

    if (!find_dirs(&r)) {
        return NULL;
    }
    read_configs(&r);
    repo = arena_alloc(a, sizeof(*repo));
    repo->common = path_clean(a, r.common);
    repo->nocase = r.nocase;
    read_patterns(&r, path_join(a, r.common, "info/exclude"), &repo->exclude);
    if (r.excludes != NULL && r.excludes[0] != '\0') {
        read_patterns(&r, r.excludes, &repo->user);
    }
    ignore_index_init(&repo->index, r.nocase);
    repo->all_tracked = !read_index(&r, &repo->index);
    return repo;
}

void ignore_repo_release(struct ignore_repo *r)
{
    ignore_index_release(&r->index);
}
