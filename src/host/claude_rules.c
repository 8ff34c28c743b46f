/* SPDX-License-Identifier: MIT */
#include "host/claude_rules.h"

#include "base/dir_names.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/str.h"
#include "trust/lookup.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

void claude_rules_find(struct arena *a, const char *dir, struct strv *out)
{
    char *chunk = arena_alloc(a, DIR_NAMES_CHUNK);
    struct strv dirs = {0};
    size_t seen = 0;

    strv_add(&dirs, a, dir);
    for (size_t i = 0; i < dirs.count; i++) {
        struct err ignored = {0}; /* a directory that cannot be read has no rules for us */
        struct dir_names names = {
            .fd = lookup_open(dirs.v[i], O_RDONLY | O_DIRECTORY, &ignored), .chunk = chunk};
        const struct dirent *entry;
        struct stat st;

        while (names.fd >= 0 && seen < CLAUDE_RULES_NAMES &&
               (entry = dir_names_next(&names)) != NULL) {
            seen++;
            if (str_ends(str_c(entry->d_name), ".md")) {
                strv_add(out, a, path_join(a, dirs.v[i], entry->d_name));
            } else if (fstatat(names.fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
                       S_ISDIR(st.st_mode)) {
                strv_add(&dirs, a, path_join(a, dirs.v[i], entry->d_name));
            }
        }
        fd_close(&names.fd);
    }
    strv_sort(out);
}
