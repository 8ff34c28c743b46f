/* SPDX-License-Identifier: MIT */
#include "host/claude_above.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/path.h"
#include "host/claude_imports.h"
#include "host/claude_rules.h"
#include "host/look.h"
#include "plan/plan.h"
#include "trust/lookup.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that is brought. */
struct taken {
    struct fact_path file;
    const char *base; /* its imports are brought from below this directory */
    unsigned depth;   /* the number of imports that lead to it */
};

struct above {
    struct arena *a;
    struct facts *f;
    size_t files; /* that are brought or noted */
    struct taken taken[CLAUDE_ABOVE_FILES];
    size_t count;
    size_t import_cap;
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
static void take(struct above *w, const char *path, const char *base, unsigned depth)
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
        w->taken[w->count++] = (struct taken){file, base, depth};
        (void)look_bring(w->a, w->f,
                         &(struct fact_brought){file, path,
                                                "claude's instructions of a "
                                                "directory above the project"});
    }
}

static void take_rules(struct above *w, const char *rules, const char *base)
{
    struct strv files = {0};
    struct stat st;

    if (lstat(rules, &st) == 0 && S_ISLNK(st.st_mode)) {
        note_link(w, rules);
    }
    claude_rules_find(w->a, rules, &files);
    for (size_t i = 0; i < files.count; i++) {
        take(w, files.v[i], base, 0);
    }
}

static bool is_known(const struct above *w, const char *at)
{
    bool known = path_is_inside(at, w->f->project);

    for (size_t i = 0; i < w->f->brought_count; i++) {
        known = known || strcmp(w->f->brought[i].target, at) == 0;
    }
    for (size_t i = 0; i < w->f->claude_import_count; i++) {
        known = known || strcmp(w->f->claude_imports[i].at, at) == 0;
    }
    return known;
}

/* Returns whether a file that instructions import may be brought. Somebody else can have made
 * the instructions, so they must not choose among all files of the user. */
static bool is_beside(const struct above *w, const struct taken *from, const char *at)
{
    const size_t len = strlen(at);

    return path_is_inside(at, from->base) && !path_is_inside(w->f->home, from->base) &&
           !path_is_inside(w->f->home_physical, from->base) && len > 3 &&
           strcmp(at + len - 3, ".md") == 0;
}

/* Brings the file that `word` names in the file `from`, or adds it to those that are only
 * named. */
static void take_import(struct above *w, const struct taken *from, const char *word)
{
    struct facts *f = w->f;
    const char *at = path_named(w->a, f->home, path_dir(w->a, from->file.path), word);
    const char *physical = at != NULL ? lookup_physical(w->a, at) : NULL;
    struct stat st;

    if (physical == NULL || is_known(w, at) || from->depth == CLAUDE_IMPORTS_DEPTH ||
        lstat(physical, &st) < 0 || !S_ISREG(st.st_mode) || project_secrets(f, at) != NULL ||
        project_secrets(f, physical) != NULL) {
        return;
    }
    if (strcmp(physical, at) == 0 && is_beside(w, from, at)) {
        take(w, at, from->base, from->depth + 1);
    } else if (f->claude_import_count < CLAUDE_IMPORTS_MAX) {
        w->import_cap = w->import_cap == 0 ? f->claude_import_count : w->import_cap;
        f->claude_imports = list_grow(w->a, f->claude_imports, f->claude_import_count,
                                      &w->import_cap, sizeof(f->claude_imports[0]));
        f->claude_imports[f->claude_import_count++] =
            (struct fact_claude_link){{at, physical, FACT_FILE}, at, true};
    }
}

static void take_imports(struct above *w, const struct taken *from)
{
    struct strv words = {0};
    struct buf text;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (look_read(w->f, &from->file, &text)) {
        claude_imports_in(buf_str(&text), w->a, &words);
    }
    buf_release(&text);
    for (size_t i = 0; i < words.count; i++) {
        take_import(w, from, words.v[i]);
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
        take(&w, path_join(a, dir, "CLAUDE.md"), dir, 0);
        take(&w, path_join(a, dir, "CLAUDE.local.md"), dir, 0);
        physical = lookup_physical(a, claude);
        if (physical == NULL || strcmp(claude, f->claude_path) == 0 ||
            strcmp(physical, f->claude_dir) == 0) {
            continue;
        }
        if (strcmp(physical, claude) != 0) {
            note_link(&w, claude);
        } else {
            take(&w, path_join(a, claude, "CLAUDE.md"), dir, 0);
            take_rules(&w, path_join(a, claude, "rules"), dir);
        }
    }
    for (size_t i = 0; i < w.count; i++) {
        take_imports(&w, &w.taken[i]); /* this may add to w.taken */
    }
}
