/* SPDX-License-Identifier: MIT */
#include "creds/part_files.h"

#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_LEN_MAX = 200, ENTRIES_MAX = 100000, FILE_MAX = 64 << 20, CHUNK = 4096 };

#define ALL_MAX ((size_t)1 << 30)

int part_open_dir(int dir, const char *name)
{
    return openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

int part_make_dir(int dir, const char *name)
{
    (void)mkdirat(dir, name, 0700); /* opening it reports the error */
    return part_open_dir(dir, name);
}

static bool is_entry(const char *name)
{
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static void stop_at_first(void *ctx, const char *name)
{
    (void)name;
    *(bool *)ctx = false;
}

bool part_is_empty(int dir)
{
    bool empty = true;

    part_list(dir, stop_at_first, &empty);
    return empty;
}

void part_list(int dir, void (*each)(void *ctx, const char *name), void *ctx)
{
    int fd = part_open_dir(dir, ".");
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    size_t count = 0;

    if (d == NULL) {
        fd_close(&fd);
        return;
    }
    while (count++ < ENTRIES_MAX && (entry = readdir(d)) != NULL) {
        if (is_entry(entry->d_name)) {
            each(ctx, entry->d_name);
        }
    }
    (void)closedir(d);
}

static bool is_plain(const char *name)
{
    const size_t len = strlen(name);

    for (size_t i = 0; i < len; i++) {
        const char c = name[i];

        if (!(str_is_alnum(c) || c == '@' || c == '.' || c == '_' || c == '-')) {
            return false;
        }
    }
    return len > 0 && len <= NAME_LEN_MAX && is_entry(name);
}

/* Opens a regular file for reading. Returns -1 if it is missing or something else. */
static int open_regular(int dir, const char *name, struct stat *st)
{
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd >= 0 && (fstat(fd, st) < 0 || !S_ISREG(st->st_mode))) {
        fd_close(&fd);
    }
    return fd;
}

ssize_t part_tail(int dir, const char *name, char *out, size_t max)
{
    struct stat st;
    int fd = open_regular(dir, name, &st);
    ssize_t len = -1;

    if (fd >= 0) {
        const off_t room = (off_t)max;

        len = pread(fd, out, max, st.st_size > room ? st.st_size - room : 0);
    }
    fd_close(&fd);
    return len;
}

static bool is_before(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

/* Decides whether the file has to be copied. */
static bool is_due(const struct part_files *f, int from, int to, const char *name, bool to_host)
{
    struct stat a;
    struct stat b;

    if (!is_plain(name) || fstatat(from, name, &a, AT_SYMLINK_NOFOLLOW) < 0 ||
        !S_ISREG(a.st_mode) || a.st_size > FILE_MAX || f->bytes > ALL_MAX) {
        return false;
    }
    if (to_host && (a.st_nlink != 1 || is_before(a.st_ctim, f->since))) {
        return false;
    }
    if (fstatat(to, name, &b, AT_SYMLINK_NOFOLLOW) < 0) {
        return errno == ENOENT;
    }
    return S_ISREG(b.st_mode) ? is_before(b.st_mtim, a.st_mtim)
                              : !to_host && !S_ISDIR(b.st_mode);
}

/* Copies the bytes, up to FILE_MAX. Returns -1 with errno on error. */
static int copy_bytes(struct part_files *f, int in, int out)
{
    char text[CHUNK];
    struct err e = {0};
    size_t all = 0;
    ssize_t len;

    while ((len = fd_read(in, text, sizeof(text))) > 0) {
        all += (size_t)len;
        if (all > FILE_MAX) {
            errno = EFBIG;
            return -1;
        }
        if (fd_write_all(out, text, (size_t)len, &e) < 0) {
            errno = e.errnum;
            return -1;
        }
    }
    f->bytes += all;
    return len < 0 ? -1 : 0;
}

static int copy(struct part_files *f, int in, int to, const char *name, const struct stat *st)
{
    const struct timespec times[2] = {st->st_mtim, st->st_mtim};
    char temp[NAME_LEN_MAX + 16];
    int rc = -1;
    int out;

    (void)snprintf(temp, sizeof(temp), ".cco-%s.tmp", name);
    (void)unlinkat(to, temp, 0); /* of a killed cco */
    out = openat(to, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (out >= 0 && copy_bytes(f, in, out) == 0 && futimens(out, times) == 0 &&
        renameat(to, temp, to, name) == 0) {
        rc = 0;
    } else if (out >= 0) {
        const int saved = errno;

        (void)unlinkat(to, temp, 0);
        errno = saved;
    }
    fd_close(&out);
    return rc;
}

void part_copy(struct part_files *f, int from, int to, const char *name, bool to_host)
{
    struct stat st;
    int in;

    if (!is_due(f, from, to, name, to_host)) {
        return;
    }
    in = open_regular(from, name, &st);
    if (in >= 0 && copy(f, in, to, name, &st) < 0) {
        f->errnum = f->failed == 0 ? errno : f->errnum;
        f->failed++;
    }
    fd_close(&in);
}
