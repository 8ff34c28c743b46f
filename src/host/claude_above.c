/* SPDX-License-Identifier: MIT */
#include "host/claude_above.h"

#include "base/dir_names.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "host/look.h"
#include "plan/plan.h"
#include "trust/lookup.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RULE_NAMES = 512, RULE_DEPTH = 4 };

struct above {
    struct arena *a;
    struct facts *f;
    size_t files;
    size_t names; /* that were seen in directories of rules */
    char *chunk;  /* for dir_names_next(); NULL: not needed yet */
};

/* Says that a link is not followed. It can come from a repository or an archive of somebody
 * else, and lead to any file of the user. */
static void note_link(struct above *w, const char *path)
{
    if (w->files == CLAUDE_ABOVE_FILES || lookup_physical(w->a, path) == NULL) {
        return;
    }
    w->files++;
    missing_add(
        &w->f->missing, w->a, arena_printf(w->a, "above %s", path),
        arena_printf(w->a,
                     "%s is a link, and cco follows none above the project: claude does "
                     "not get these instructions inside. Put the text in its place",
                     path));
}

/* Brings the file `path`, whose directory is without links. */
static void take(struct above *w, const char *path)
{
    struct fact_path file;
    struct stat st;

    if (w->files == CLAUDE_ABOVE_FILES || lstat(path, &st) < 0 ||
        (st.st_uid != w->f->uid && st.st_uid != 0) || project_secrets(w->f, path) != NULL) {
        return;
    }
    if (S_ISLNK(st.st_mode)) {
        note_link(w, path);
        return;
    }
    if (!S_ISREG(st.st_mode) || st.st_size > LIMIT_FILE_SMALL || access(path, R_OK) < 0) {
        return;
    }
    file = look_obeyed(w->a, w->f, path);
    if (file.physical == NULL || strcmp(file.physical, path) != 0) {
        return; /* it was exchanged meanwhile */
    }
    if (file.type == FACT_FILE) {
        w->files++;
        (void)look_bring(w->a, w->f,
                         &(struct fact_brought){file, path,
                                                "claude's instructions of a "
                                                "directory above the project"});
    }
}

/* Adds the Markdown files of a directory of rules to `files`, and its directories, which are no
 * links, to `dirs`. */
static void list_rules(struct above *w, const char *dir, struct strv *files, struct strv *dirs)
{
    struct dir_names names = {0};
    const struct dirent *entry;
    struct stat st;
    struct err ignored = {0}; /* what cannot be read has no rules for us */
    int fd = lookup_open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC, &ignored);

    if (fd < 0) {
        return;
    }
    w->chunk = w->chunk != NULL ? w->chunk : arena_alloc(w->a, DIR_NAMES_CHUNK);
    names.fd = fd;
    names.chunk = w->chunk;
    while (w->names < RULE_NAMES && (entry = dir_names_next(&names)) != NULL) {
        const char *name = entry->d_name;
        const char *path = path_join(w->a, dir, name);
        const size_t len = strlen(name);

        w->names++;
        if (len > 3 && strcmp(name + len - 3, ".md") == 0) {
            strv_add(files, w->a, path);
        } else if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode)) {
            strv_add(dirs, w->a, path);
        }
    }
    fd_close(&fd);
}

static void take_rules(struct above *w, const char *rules)
{
    struct strv level = {0};
    struct stat st;

    if (lstat(rules, &st) == 0 && S_ISLNK(st.st_mode)) {
        note_link(w, rules);
    }
    strv_add(&level, w->a, rules);
    for (int depth = 0; depth < RULE_DEPTH; depth++) {
        struct strv files = {0};
        struct strv dirs = {0};

        for (size_t i = 0; i < level.count; i++) {
            list_rules(w, level.v[i], &files, &dirs);
        }
        strv_sort(&files);
        for (size_t i = 0; i < files.count; i++) {
            take(w, files.v[i]);
        }
        level = dirs;
    }
}

void claude_above_probe(struct arena *a, struct facts *f)
{
    struct above w = {.a = a, .f = f};
    const char *dir = f->project;

    while (strcmp(dir, "/") != 0) {
        const char *physical;
        const char *claude;

        dir = path_dir(a, dir);
        claude = path_join(a, dir, ".claude");
        take(&w, path_join(a, dir, "CLAUDE.md"));
        take(&w, path_join(a, dir, "CLAUDE.local.md"));
        physical = lookup_physical(a, claude);
        if (physical == NULL || strcmp(claude, f->claude_path) == 0 ||
            strcmp(physical, f->claude_dir) == 0) {
            continue;
        }
        if (strcmp(physical, claude) != 0) {
            note_link(&w, claude);
        } else {
            take(&w, path_join(a, claude, "CLAUDE.md"));
            take_rules(&w, path_join(a, claude, "rules"));
        }
    }
}
