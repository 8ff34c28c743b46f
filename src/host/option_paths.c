/* SPDX-License-Identifier: MIT */
/* Finds out what the paths of the command line resolve to. */
#include "base/path.h"
#include "host/live_sockets.h"
#include "host/look.h"
#include "host/places.h"
#include "host/probe.h"
#include "trust/ledger.h"
#include "trust/lookup.h"

#include <string.h>
#include <sys/stat.h>

static struct fact_option_path look(const struct opts_path *o, struct arena *a, struct facts *f)
{
    const char *home = f->home;
    const char *path = o->path;
    struct fact_option_path n = {.type = FACT_MISSING};
    struct lookup l;
    struct stat st;

    /* The shell does not expand "~" in "--ro=~/x". */
    if (strncmp(path, "~/", 2) == 0) {
        path = path_join(a, home, path + 2);
    }
    n.target = path_clean(a, path_join(a, f->cwd_physical, path));
    l = lookup_path(a, f->trees, n.target, LOOKUP_NAMED);
    if (l.physical == NULL) {
        l = lookup_path(a, f->trees, path_dir(a, n.target), LOOKUP_NAMED);
        n.parent = l.physical;
        n.link = l.link;
        return n;
    }
    n.physical = l.physical;
    n.link = l.link;
    n.type = S_ISREG(l.id.mode) ? FACT_FILE : S_ISDIR(l.id.mode) ? FACT_DIR : FACT_OTHER;
    n.id = arena_printf(a, "%llu:%llu", (unsigned long long)l.id.device,
                        (unsigned long long)l.id.inode);
    if (o->access == ACCESS_WRITE) {
        n.leads_to = look_through(a, f, n.physical);
    }
    st = (struct stat){.st_mode = l.id.mode};
    if (host_is_for_all(n.physical, &st)) {
        strv_add(&f->for_all, a, n.physical);
    }
    return n;
}

static bool is_in_run(const char *path)
{
    return path != NULL && path_is_inside(path, "/run");
}

/* Finds the sockets that the sandbox might see in the directories that it gets. */
static void find_sockets(struct arena *a, struct facts *f)
{
    bool with_run = is_in_run(f->project) || is_in_run(f->git_common_dir);

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
        f->option_paths[i] = look(&o->paths[i], a, f);
    }
    find_sockets(a, f);
}
