/* SPDX-License-Identifier: MIT */
#include "host/project_links.h"

#include "base/dir_names.h"
#include "base/fd.h"
#include "base/path.h"
#include "trust/lookup.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

static bool is_link(int fd, const struct dirent *entry)
{
    struct stat st;

    return entry->d_type == DT_LNK ||
           (entry->d_type == DT_UNKNOWN &&
            fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode));
}

static void take(struct arena *a, struct facts *f, const char *link)
{
    /* An agent can have made the link. What it leads to is only named, so no ledger is asked.
     */
    const char *physical = lookup_physical(a, link);

    if (physical != NULL && !path_is_inside(physical, f->project)) {
        strv_add(&f->project_links, a, link);
        strv_add(&f->project_links, a, physical);
    }
}

static void examine(struct arena *a, struct facts *f, const char *dir)
{
    struct err ignored = {0}; /* a directory that cannot be read has no links for us */
    struct dir_names names = {.fd = lookup_open(dir, O_RDONLY | O_DIRECTORY, &ignored),
                              .chunk = arena_alloc(a, DIR_NAMES_CHUNK)};
    const struct dirent *entry;
    size_t seen = 0;

    while (names.fd >= 0 && seen < PROJECT_LINKS_NAMES &&
           f->project_links.count < 2 * PROJECT_LINKS_MAX &&
           (entry = dir_names_next(&names)) != NULL) {
        seen++;
        if (is_link(names.fd, entry) && strcmp(entry->d_name, ".git") != 0) {
            take(a, f, path_join(a, dir, entry->d_name));
        }
    }
    fd_close(&names.fd);
}

void project_links_probe(struct arena *a, struct facts *f)
{
    examine(a, f, f->project);
    if (strcmp(f->cwd_physical, f->project) != 0) {
        examine(a, f, f->cwd_physical);
    }
}
