/* SPDX-License-Identifier: MIT */
#include "host/claude_entries.h"

#include "base/path.h"
#include "host/project_find.h"
#include "plan/claude_state.h"
#include "trust/lookup.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* Drops the repository of a worktree if it is in claude's shared files or in cco's own
 * directory. An agent can make a repository there, and replace it by a link after it was
 * examined. */
static void drop_planted_repository(struct arena *a, struct facts *f)
{
    const char *data = lookup_physical(a, f->data_dir);
    bool planted;

    if (f->git_common_dir == NULL) {
        return;
    }
    planted = path_is_inside(f->git_common_dir, f->claude_dir) ||
              (data != NULL && path_is_inside(f->git_common_dir, data));
    for (size_t i = 0; i < claude_state_count; i++) {
        const char *shared = f->claude_state[i].physical;

        planted = planted || (shared != NULL && path_is_inside(f->git_common_dir, shared));
    }
    if (planted) {
        f->git_common_dir = NULL;
    }
}

/* Looks up `name` in claude's directory of projects without following it, if it is a link. */
static struct fact_state look_at_entry(struct arena *a, const struct facts *f, const char *name)
{
    struct fact_state out = {.type = FACT_OTHER};
    const char *projects = NULL;
    struct stat st;

    for (size_t i = 0; i < claude_state_count; i++) {
        if (claude_state[i].share == STATE_PROJECT) {
            projects = f->claude_state[i].physical;
        }
    }
    out.physical = path_join(
        a, projects != NULL ? projects : path_join(a, f->claude_dir, "projects"), name);
    if (lstat(out.physical, &st) < 0) {
        out.type = errno == ENOENT ? FACT_MISSING : FACT_OTHER;
    } else if (S_ISDIR(st.st_mode)) {
        out.type = FACT_DIR;
    }
    return out;
}

void claude_entries_probe(struct arena *a, struct facts *f)
{
    const char *root;

    drop_planted_repository(a, f);
    project_find_claude_root(a, f);
    f->claude_project = look_at_entry(a, f, claude_project_name(a, f->cwd_physical));
    root = claude_project_name(a, f->claude_root);
    if (strcmp(root, claude_project_name(a, f->cwd_physical)) == 0) {
        return;
    }
    f->claude_memory = look_at_entry(a, f, root);
    if (f->claude_memory.type == FACT_DIR) {
        f->claude_memory = look_at_entry(a, f, path_join(a, root, "memory"));
    } else {
        f->claude_memory.physical = path_join(a, f->claude_memory.physical, "memory");
    }
}
