/* SPDX-License-Identifier: MIT */
#include "creds/planted.h"

#include "base/fd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    DEPTH_MAX = 32,
    MODE_OWNER = 0700,
    MS_PER_S = 1000,
    NS_PER_MS = 1000000,
    PROC_NAME = 32
};

struct sweep {
    int64_t since_ms;
    size_t removed;
    struct err *e;        /* the first problem */
    DIR *open[DEPTH_MAX]; /* the directories on the way to the current one */
    int depth;
};

static void note(struct sweep *s, const char *name)
{
    if (s->e->kind == ERR_NONE) {
        (void)err_sys(s->e, "%s", name);
    }
}

static int open_dir(int dir, const char *name)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(dir, name, flags);

    /* Another process may replace the directory with a link meanwhile, so the mode changes
     * through a descriptor: proc_pid_fd(5). */
    if (fd < 0 && errno == EACCES) {
        char path[PROC_NAME];
        int at = openat(dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", at);
        if (at >= 0 && chmod(path, MODE_OWNER) == 0) {
            fd = openat(at, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        }
        fd_close(&at);
    }
    return fd;
}

/* Opens a directory, so that its entries are next. Takes over `fd`, which is -1 if it could not
 * be opened. */
static void enter(struct sweep *s, int fd, const char *name)
{
    DIR *d;

    if (fd >= 0 && s->depth == DEPTH_MAX) {
        fd_close(&fd);
        errno = ELOOP;
    }
    d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d != NULL) {
        s->open[s->depth++] = d;
        return;
    }
    if (errno != ENOENT) {
        note(s, name);
    }
    fd_close(&fd);
}

static void sweep_entry(struct sweep *s, int dir, const char *name)
{
    struct stat st;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        if (errno != ENOENT) {
            note(s, name);
        }
        return;
    }
    if (S_ISDIR(st.st_mode)) {
        enter(s, open_dir(dir, name), name);
        return;
    }
    if (S_ISREG(st.st_mode) ||
        (int64_t)st.st_ctim.tv_sec * MS_PER_S + st.st_ctim.tv_nsec / NS_PER_MS < s->since_ms) {
        return;
    }
    if (unlinkat(dir, name, 0) == 0) {
        s->removed++;
    } else if (errno != ENOENT) {
        note(s, name);
    }
}

/* Handles the next entry of the innermost open directory. */
static void step(struct sweep *s)
{
    DIR *d = s->open[s->depth - 1];
    const struct dirent *entry;

    errno = 0;
    entry = readdir(d);
    if (entry == NULL) {
        if (errno != 0) {
            note(s, "a directory");
        }
        (void)closedir(d);
        s->depth--;
    } else if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
        sweep_entry(s, dirfd(d), entry->d_name);
    }
}

int planted_remove(const char *dir, int64_t since_ms, size_t *removed, struct err *e)
{
    struct sweep s = {.since_ms = since_ms, .e = e};
    int fd = open_dir(AT_FDCWD, dir);

    if (fd >= 0 || (errno != ENOTDIR && errno != ELOOP)) {
        enter(&s, fd, dir);
    }
    while (s.depth > 0) {
        step(&s);
    }
    *removed += s.removed;
    return e->kind == ERR_NONE ? 0 : err_wrap(e, "%s", dir);
}
