/* SPDX-License-Identifier: MIT */
#include "host/claude_above.h"

#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "host/claude_rules.h"
#include "host/look.h"
#include "plan/plan.h"
#include "trust/lookup.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct above {
    struct arena *a;
    struct facts *f;
    size_t files;
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

static void take_rules(struct above *w, const char *rules)
{
    struct strv files = {0};
    struct stat st;

    if (lstat(rules, &st) == 0 && S_ISLNK(st.st_mode)) {
        note_link(w, rules);
    }
    claude_rules_find(w->a, rules, &files);
    for (size_t i = 0; i < files.count; i++) {
        take(w, files.v[i]);
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
