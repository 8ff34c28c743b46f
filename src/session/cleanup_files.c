/* SPDX-License-Identifier: MIT */
#include "session/cleanup_files.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/path.h"
#include "base/str.h"
#include "host/fetched_claude.h"
#include "plan/caches.h"
#include "plan/untrusted.h"
#include "session/claude_leftovers.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_old_temp(int dir, const char *name, int64_t now_s)
{
    struct str s = str_c(name);
    struct stat st;

    return (str_ends(s, ".tmp") || str_ends(s, ".cco-tmp")) &&
           fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
           st.st_uid == geteuid() && now_s - (int64_t)st.st_mtime >= CLEANUP_TEMP_AGE_S;
}

/* Works on one directory. Looks names up in the open directory, so that it does not matter if
 * another process replaces a component of its path meanwhile. */
static void sweep_dir(const char *path, int64_t now_s, bool remove, struct arena *a,
                      struct strv *paths)
{
    int fd = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (d == NULL) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return;
    }
    while ((entry = readdir(d)) != NULL) {
        if (is_old_temp(fd, entry->d_name, now_s) &&
            (!remove || unlinkat(fd, entry->d_name, 0) == 0)) {
            strv_add(paths, a, path_join(a, path, entry->d_name));
        }
    }
    (void)closedir(d);
}

/* Works on what an interrupted fetch of Claude Code left, unless another process fetches. */
static void sweep_claude(const struct facts *f, bool remove, struct arena *a,
                         struct strv *paths)
{
    const char *dir = fetched_claude_dir(f, a);
    struct err busy = {0};
    int lock;

    if (untrusted_why(f, f->data_dir) != NULL || !file_is_dir(dir)) {
        return;
    }
    lock = file_lock(path_join(a, dir, CLAUDE_FETCH_LOCK), FILE_LOCK_NOW, &busy);
    if (lock >= 0) {
        claude_leftovers(dir, f->now_ms / 1000 - CLEANUP_TEMP_AGE_S, remove, a, paths);
    }
    fd_close(&lock);
}

void cleanup_temps(const struct facts *f, bool remove, struct arena *a, struct strv *paths)
{
    static const char *const in_state[] = {"", "reports", "images"};
    static const char *const in_data[] = {"", "backups"};

    for (size_t i = 0; i < sizeof(in_state) / sizeof(in_state[0]); i++) {
        if (untrusted_why(f, f->state_dir) == NULL) {
            sweep_dir(path_clean(a, path_join(a, f->state_dir, in_state[i])), f->now_ms / 1000,
                      remove, a, paths);
        }
    }
    for (size_t i = 0; i < sizeof(in_data) / sizeof(in_data[0]); i++) {
        if (untrusted_why(f, f->data_dir) == NULL) {
            sweep_dir(path_clean(a, path_join(a, f->data_dir, in_data[i])), f->now_ms / 1000,
                      remove, a, paths);
        }
    }
    sweep_claude(f, remove, a, paths);
    strv_sort(paths);
}

/* Adds the directories of this user in a directory, sorted. */
static void list_dirs(const char *path, struct arena *a, struct strv *out)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    struct stat st;

    if (d == NULL) {
        fd_close(&fd);
        return;
    }
    while ((entry = readdir(d)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode) &&
            st.st_uid == geteuid()) {
            strv_add(out, a, path_join(a, path, entry->d_name));
        }
    }
    (void)closedir(d);
    strv_sort(out);
}

int cleanup_caches(const struct facts *f, bool remove, struct arena *a, struct strv *paths,
                   struct err *e)
{
    const char *dir = caches_of_all(f, a);
    struct strv found = {0};
    int rc = 0;

    if (untrusted_why(f, f->data_dir) == NULL) {
        list_dirs(dir, a, &found);
    }
    for (size_t i = 0; i < found.count; i++) {
        struct err own = {0};

        if (!remove || file_remove_tree(found.v[i], &own) == 0) {
            strv_add(paths, a, found.v[i]);
        } else if (rc == 0) {
            *e = own;
            rc = -1;
        }
    }
    return rc;
}
