/* SPDX-License-Identifier: MIT */
#include "host/project_find.h"

#include "base/file_id.h"
#include "base/path.h"
#include "host/git_top.h"
#include "host/git_worktree.h"
#include "host/project_key.h"
#include "host/trees.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *identity(struct arena *a, const char *path)
{
    char id[FILE_ID_SIZE];

    return file_id_of(path, id) ? arena_strdup(a, id) : NULL;
}

/* Returns the path from the current directory `cwd` to `dir`, which contains it. It stays right
 * even if another directory gets the path `dir`. */
static const char *way_up(struct arena *a, const char *cwd, const char *dir)
{
    const char *way = ".";

    while (strcmp(cwd, dir) != 0 && strcmp(cwd, "/") != 0) {
        cwd = path_dir(a, cwd);
        way = arena_printf(a, "%s/..", way);
    }
    return way;
}

static int find_cwd(struct arena *a, struct facts *f, struct err *e)
{
    char *cwd = getcwd(NULL, 0);

    if (cwd == NULL) {
        (void)err_sys(e, "current directory");
        return err_hint(e, "It may have been removed. Change to a directory that exists.");
    }
    f->cwd_physical = arena_strdup(a, cwd);
    free(cwd);
    if (f->cwd_physical[0] != '/') { /* Linux returns "(unreachable)..." across mounts */
        (void)err_set(e, ERR_NOT_FOUND, "current directory: not reachable from /");
        return err_hint(e, "Change to a directory that exists.");
    }
    f->cwd_id = identity(a, "."); /* "." stays right even if another directory gets this path */
    return 0;
}

/* Sets the project to the top level of the work tree, or says why it is not that. */
static void choose(struct arena *a, bool here, struct facts *f)
{
    const char *top = git_top_find(a, f->cwd_physical, f->uid).top;
    const char *limit;

    f->project = f->cwd_physical;
    if (top == NULL || strcmp(top, f->cwd_physical) == 0) {
        return;
    }
    if (here) {
        f->git_top = top;
        return;
    }
    limit = git_top_limit(a, f->state_dir, f->trees, f->cwd_physical, top);
    if (!git_top_is_own(a, f->state_dir, f->trees, top)) {
        f->git_top_why = "an agent could have made its repository";
    } else if (limit != NULL) {
        f->project = limit;
        f->git_top_why =
            "an earlier session had that directory alone, and could have removed a "
            "repository there";
    } else {
        f->project = top;
        return;
    }
    f->git_top = top;
    f->git_top_can_trust = true;
}

int project_find(const char *pwd, bool here, struct arena *a, struct facts *f, struct err *e)
{
    if (find_cwd(a, f, e) < 0 || trees_probe(pwd, a, f, e) < 0) {
        return -1;
    }
    choose(a, here, f);
    f->project_id = identity(a, way_up(a, f->cwd_physical, f->project));
    f->project_key = project_key(a, f->project);
    f->owner_key = owner_key(a, f->user, f->uid);
    trees_add_project(a, f);
    return 0;
}

void project_find_note(struct arena *a, struct facts *f)
{
    const char *line;

    if (f->git_top_why == NULL) {
        return;
    }
    line = arena_printf(a, "the sandbox gets only %s, without its git repository %s: %s",
                        f->project, f->git_top, f->git_top_why);
    if (f->git_top_can_trust) {
        strv_add(
            &f->warnings, a,
            arena_printf(a, "%s. To use it: cco trust %s", line, path_word(a, f->git_top)));
    } else {
        missing_add(&f->missing, a,
                    arena_printf(a, "git-top %s: %s", f->git_top, f->git_top_why), line);
    }
}

void project_find_claude_root(struct arena *a, struct facts *f)
{
    const char *root = git_top_find(a, f->cwd_physical, f->uid).nearest;
    const char *common;

    f->claude_root = f->cwd_physical;
    if (root == NULL || !path_is_inside(root, f->project)) {
        return;
    }
    f->claude_root = root;
    common = f->git_common_dir != NULL ? git_worktree_common_dir(a, root) : NULL;
    if (common != NULL && strcmp(common, f->git_common_dir) == 0 &&
        strcmp(path_base(common), ".git") == 0) {
        f->claude_root = path_dir(a, common);
    }
}
