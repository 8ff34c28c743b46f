/* SPDX-License-Identifier: MIT */
#include "host/shell_setup.h"

#include "base/path.h"
#include "base/str.h"

#include <dirent.h>
#include <string.h>

static bool has_entries(const char *path)
{
    DIR *d = opendir(path);
    const struct dirent *entry = NULL;
    bool found = false;

    while (d != NULL && !found && (entry = readdir(d)) != NULL) {
        found = entry->d_name[0] != '.';
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    return found;
}

void shell_setup_probe(const char *path, struct arena *a, struct facts *f)
{
    struct str rest = str_c(path);
    struct str part = {0};

    while (rest.len > 0 && f->program_dirs.count < SHELL_SETUP_DIRS) {
        const char *dir;

        (void)str_cut(&rest, ':', &part);
        dir = path_clean(a, arena_str(a, part));
        if (path_is_inside(dir, f->home) && strcmp(dir, f->home) != 0 &&
            !strv_has(&f->program_dirs, dir) && has_entries(dir)) {
            strv_add(&f->program_dirs, a, dir);
        }
    }
}
