/* SPDX-License-Identifier: MIT */
#include "host/fetched_claude.h"

#include "base/file.h"
#include "base/path.h"
#include "wire/version.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENTRIES_MAX = 1000 }; /* of the directory that are examined */

const char *fetched_claude_dir(const struct facts *f, struct arena *a)
{
    return path_join(a, f->data_dir, "claude-code");
}

static bool is_complete(int dir, const char *version, struct arena *a)
{
    struct version v;
    struct stat of_dir;
    struct stat st;

    return version_parse(str_c(version), &v) &&
           fstatat(dir, version, &of_dir, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISDIR(of_dir.st_mode) &&
           fstatat(dir, path_join(a, version, FETCHED_CLAUDE), &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           S_ISREG(st.st_mode) && (st.st_mode & S_IXUSR) != 0 && st.st_size > 0 &&
           (st.st_uid == geteuid() || st.st_uid == 0);
}

static int newest_first(const void *a, const void *b)
{
    struct version one = {0};
    struct version two = {0};

    (void)version_parse(str_c(*(const char *const *)a), &one);
    (void)version_parse(str_c(*(const char *const *)b), &two);
    return version_cmp(&two, &one);
}

void fetched_claude_list(const char *dir, struct arena *a, struct strv *out)
{
    int fd = openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    const size_t before = out->count;
    const struct dirent *entry;
    int examined = 0;

    if (d == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return;
    }
    while (examined++ < ENTRIES_MAX && (entry = readdir(d)) != NULL) {
        if (is_complete(fd, entry->d_name, a)) {
            strv_add(out, a, arena_strdup(a, entry->d_name));
        }
    }
    (void)closedir(d);
    if (out->count > before) {
        qsort(out->v + before, out->count - before, sizeof(out->v[0]), newest_first);
    }
}

const char *fetched_claude_choose(const char *dir, const char *pinned, struct arena *a)
{
    struct strv all = {0};
    const char *wanted = pinned;

    fetched_claude_list(dir, a, &all);
    if (pinned == NULL) {
        wanted = file_first_line(a, path_join(a, dir, FETCHED_CURRENT));
    }
    if (wanted != NULL && strv_has(&all, wanted)) {
        return wanted;
    }
    return pinned == NULL && all.count > 0 ? all.v[0] : NULL;
}
