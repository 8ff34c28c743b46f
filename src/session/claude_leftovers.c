/* SPDX-License-Identifier: MIT */
#include "session/claude_leftovers.h"

#include "base/file.h"
#include "base/path.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

void claude_leftovers(const char *dir, int64_t before_s, bool remove, struct arena *a,
                      struct strv *paths)
{
    int fd = openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    struct err ignored = {0};

    if (d == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return;
    }
    while ((entry = readdir(d)) != NULL) {
        const struct str name = str_c(entry->d_name);
        const char *path = path_join(a, dir, entry->d_name);
        struct stat st;

        if ((str_starts(name, CLAUDE_DOWNLOAD) || str_starts(name, CLAUDE_UNPACKED)) &&
            fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
            st.st_uid == geteuid() && (int64_t)st.st_mtime < before_s &&
            (!remove || file_remove_tree(path, &ignored) == 0)) {
            strv_add(paths, a, path);
        }
    }
    (void)closedir(d);
}
