/* SPDX-License-Identifier: MIT */
/* Finds out what the paths of the command line resolve to. */
#include "base/file_id.h"
#include "base/path.h"
#include "host/live_sockets.h"
#include "host/places.h"
#include "host/probe.h"
#include "host/resolve.h"

#include <string.h>
#include <sys/stat.h>

static struct fact_option_path look(const char *path, struct arena *a, struct facts *f)
{
    const char *home = f->home;
    struct fact_option_path n = {.type = FACT_MISSING};
    char id[FILE_ID_SIZE];
    struct stat st;

    /* The shell does not expand "~" in "--ro=~/x". */
    if (strncmp(path, "~/", 2) == 0) {
        path = path_join(a, home, path + 2);
    }
    n.target = path_clean(a, path_join(a, f->cwd_physical, path));
    if (stat(n.target, &st) < 0) {
        n.parent = resolve_physical(a, path_dir(a, n.target));
        return n;
    }
    n.physical = resolve_physical(a, n.target);
    if (n.physical == NULL || lstat(n.physical, &st) < 0) {
        n.physical = NULL;
        return n;
    }
    /* Type and identity are from one lstat(2) of the resolved path. A link at its end can only
     * be there because another process exchanged the file for it after the path was resolved.
     * The identity of a link would not tell init which file was mounted. */
    n.type = S_ISREG(st.st_mode) ? FACT_FILE : S_ISDIR(st.st_mode) ? FACT_DIR : FACT_OTHER;
    n.by_link = S_ISLNK(st.st_mode) || (!path_is_inside(n.physical, f->cwd_physical) &&
                                        resolve_leads_through(a, n.target, f->cwd_physical));
    if (host_is_for_all(n.physical, &st)) {
        strv_add(&f->for_all, a, n.physical);
    }
    file_id_text(&st, id);
    n.id = arena_strdup(a, id);
    return n;
}

static bool is_in_run(const char *path)
{
    return path != NULL && path_is_inside(path, "/run");
}

/* Finds the sockets that the sandbox might see in the directories that it gets. */
static void find_sockets(struct arena *a, struct facts *f)
{
    bool with_run = is_in_run(f->cwd_physical) || is_in_run(f->git_common_dir);

    for (size_t i = 0; i < f->option_path_count; i++) {
        with_run = with_run || is_in_run(f->option_paths[i].physical);
    }
    host_live_sockets(a, with_run, &f->live_sockets);
}

void host_option_paths(const struct opts *o, struct arena *a, struct facts *f)
{
    f->option_paths = arena_array(a, o->path_count, sizeof(f->option_paths[0]));
    f->option_path_count = o->path_count;
    for (size_t i = 0; i < o->path_count; i++) {
        f->option_paths[i] = look(o->paths[i].path, a, f);
    }
    find_sockets(a, f);
}
