/* SPDX-License-Identifier: MIT */
#include "engine/ssh_sweep.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/path.h"
#include "engine/ssh_args.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

enum { YOUNG_S = 60 }; /* the age up to which a TUNNEL_FRESH directory is left alone */

/* Returns whether a directory may still be in the making. A directory with its first name is
 * not locked yet. */
static bool is_young(const char *dir)
{
    struct stat st;

    return lstat(dir, &st) < 0 || !S_ISDIR(st.st_mode) ||
           st.st_mtim.tv_sec + YOUNG_S > clock_wall();
}

static void sweep_one(const char *dir, bool fresh, struct arena *a)
{
    const char *lock = path_join(a, dir, TUNNEL_LOCK);
    struct err ignored = {0};

    if (!(fresh && is_young(dir)) && !(file_exists(lock) && file_is_locked(lock))) {
        (void)file_remove_tree(dir, &ignored);
    }
}

static bool begins(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

void tunnel_sweep(const char *runtime_dir)
{
    struct arena a = {0};
    const struct dirent *entry;
    DIR *d = opendir(runtime_dir);

    while (d != NULL && (entry = readdir(d)) != NULL) {
        bool fresh = begins(entry->d_name, TUNNEL_FRESH);

        if (fresh || begins(entry->d_name, TUNNEL_PREFIX)) {
            sweep_one(path_join(&a, runtime_dir, entry->d_name), fresh, &a);
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    arena_release(&a);
}
