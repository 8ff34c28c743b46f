/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_MORE = 4 << 10 };

int file_open(const char *path, int flags, mode_t mode, struct err *e)
{
    int fd;

    do {
        fd = openat(AT_FDCWD, path, flags | O_CLOEXEC, mode);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) {
        (void)err_sys(e, "%s", path);
        if (errno == ENOENT) {
            e->kind = ERR_NOT_FOUND;
        }
    }
    return fd;
}

int file_read_fd(int fd, const char *path, size_t size, struct buf *b, struct err *e)
{
    /* One byte more than expected finds the end of the file. A larger reserve would be costly:
     * malloc(3) maps memory for it and unmaps it again, which takes longer than the reading of
     * a small file. */
    size_t more = size > 0 ? 1 : READ_MORE;

    for (size_t left = size;;) {
        size_t room = buf_room(b);
        size_t want = left < room && room - left > more ? left + more : room;
        char extra;
        char *p = room > 0 ? buf_reserve(b, want) : &extra;
        ssize_t got = fd_read(fd, p, room > 0 ? want : 1);

        if (got < 0) {
            return err_sys(e, "%s", path);
        }
        if (got == 0) {
            return 0;
        }
        if (room == 0) {
            return err_set(e, ERR_LIMIT, "%s: larger than %zu bytes", path, b->max);
        }
        buf_commit(b, (size_t)got);
        if ((size_t)got > left) { /* the file is longer than expected */
            more = READ_MORE;
        }
        left -= left < (size_t)got ? left : (size_t)got;
    }
}

int file_read(const char *path, struct buf *b, struct err *e)
{
    struct stat st;
    int fd = file_open(path, O_RDONLY | O_NONBLOCK, 0, e); /* opening a fifo could block */
    int rc = -1;

    if (fd < 0) {
        return -1;
    }
    if (fstat(fd, &st) < 0) {
        (void)err_sys(e, "%s", path);
    } else if (!S_ISREG(st.st_mode)) {
        (void)err_set(e, ERR_REFUSED, "%s: not a regular file", path);
    } else {
        rc = file_read_fd(fd, path, (size_t)st.st_size, b, e);
    }
    fd_close(&fd);
    return rc;
}

struct str file_text(const char *path, size_t max, struct arena *a)
{
    struct err ignored = {0}; /* the result does not contain the reason */
    struct str text = {0};
    struct buf b;

    buf_init(&b, max);
    if (file_read(path, &b, &ignored) == 0) {
        text = str_n(arena_str(a, buf_str(&b)), b.len);
    }
    buf_release(&b);
    return text;
}

const char *file_first_line(struct arena *a, const char *path)
{
    struct err ignored = {0};
    struct buf text;
    struct str rest;
    struct str line = {0};
    const char *copy = NULL;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, &ignored) == 0) {
        rest = buf_str(&text);
        (void)str_cut(&rest, '\n', &line);
        line = str_trim(line);
        copy = line.len > 0 ? arena_str(a, line) : NULL;
    }
    buf_release(&text);
    return copy;
}

int file_sha256(const char *path, char out[SHA256_HEX], struct err *e)
{
    struct sha256 h;
    char bytes[READ_MORE];
    int fd = file_open(path, O_RDONLY, 0, e);
    ssize_t got;

    if (fd < 0) {
        return -1;
    }
    sha256_init(&h);
    while ((got = fd_read(fd, bytes, sizeof(bytes))) > 0) {
        sha256_add(&h, bytes, (size_t)got);
    }
    if (got < 0) {
        (void)err_sys(e, "%s", path);
    } else {
        sha256_hex(&h, out);
    }
    fd_close(&fd);
    return got < 0 ? -1 : 0;
}

/* Sets the mode, writes `data`, syncs the file if `durable` is set, and closes fd in any case.
 * After an error, the file is removed. */
static int fill(int fd, const char *path, struct str data, mode_t mode, bool durable,
                struct err *e)
{
    int rc = -1;

    if (fchmod(fd, mode) < 0 || (data.len > 0 && fd_write_all(fd, data.p, data.len, e) < 0) ||
        (durable && fsync(fd) < 0)) {
        if (e->kind == ERR_NONE) {
            (void)err_sys(e, "%s", path);
        } else {
            (void)err_wrap(e, "%s", path);
        }
    } else {
        rc = 0;
    }
    fd_close(&fd);
    if (rc < 0) {
        (void)unlink(path);
    }
    return rc;
}

static int write_new(const char *path, struct str data, mode_t mode, bool durable,
                     struct err *e)
{
    struct err own = {0};
    int fd = file_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode & 0600, e);

    if (fd < 0) {
        return -1;
    }
    if (fill(fd, path, data, mode, durable, &own) < 0) {
        *e = own;
        return -1;
    }
    return 0;
}

int file_write_new(const char *path, struct str data, mode_t mode, struct err *e)
{
    return write_new(path, data, mode, false, e);
}

/* Syncs a directory in which a file was replaced. Some file systems cannot do that. The error
 * is ignored, because it only means that the old file can reappear after a power failure. */
static void sync_dir(const char *dir)
{
    struct err ignored = {0};
    int fd = file_open(dir, O_RDONLY | O_DIRECTORY, 0, &ignored);

    if (fd >= 0) {
        (void)fsync(fd);
    }
    fd_close(&fd);
}

/* Writes the file `temp`, which must not exist, and renames it to `path`. */
static int replace(const char *path, const char *temp, struct str data, mode_t mode,
                   struct err *e)
{
    struct arena a = {0};

    if (write_new(temp, data, mode, true, e) < 0) {
        return -1;
    }
    if (rename(temp, path) < 0) {
        (void)err_sys(e, "%s", path);
        (void)unlink(temp);
        return -1;
    }
    sync_dir(path_dir(&a, path));
    arena_release(&a);
    return 0;
}

int file_write_atomic(const char *path, struct str data, mode_t mode, struct err *e)
{
    struct arena a = {0};
    char digits[17];
    int rc;

    if (random_hex(digits, sizeof(digits) - 1, e) < 0) {
        return -1;
    }
    rc = replace(path, arena_printf(&a, "%s.%s.tmp", path, digits), data, mode, e);
    arena_release(&a);
    return rc;
}

int file_replace(const char *path, const char *temp, struct str data, mode_t mode,
                 struct err *e)
{
    if (unlink(temp) < 0 && errno != ENOENT) {
        return err_sys(e, "%s", temp);
    }
    return replace(path, temp, data, mode, e);
}

int file_mkdirs(const char *path, mode_t mode, struct err *e)
{
    struct arena a = {0};
    struct stat st;
    char *copy;
    int failed;
    int rc = 0;

    if (file_is_dir(path)) { /* the usual case */
        return 0;
    }
    copy = arena_strdup(&a, path);
    for (char *at = copy; rc == 0; at++) {
        if (*at != '/' && *at != '\0') {
            continue;
        }
        char keep = *at;

        *at = '\0';
        failed = copy[0] != '\0' && mkdir(copy, mode) < 0 ? errno : 0;
        if (failed != 0 && failed != EEXIST && failed != EISDIR && stat(copy, &st) < 0) {
            errno = failed;
            rc = err_sys(e, "%s", copy);
        }
        *at = keep;
        if (keep == '\0') {
            break;
        }
    }
    if (rc == 0 && (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))) {
        errno = ENOTDIR;
        rc = err_sys(e, "%s", path);
    }
    arena_release(&a);
    return rc;
}

int file_private_dir(const char *path, struct err *e)
{
    struct stat st;

    if (mkdir(path, 0700) < 0 && errno != EEXIST) {
        return err_sys(e, "%s", path);
    }
    if (lstat(path, &st) < 0) {
        return err_sys(e, "%s", path);
    }
    if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid()) {
        (void)err_set(e, ERR_REFUSED, "%s: not a directory that belongs to this user", path);
        return err_hint(e, "Remove it, or set XDG_RUNTIME_DIR to a directory of your own.");
    }
    if ((st.st_mode & 077) != 0 && chmod(path, 0700) < 0) {
        return err_sys(e, "%s", path);
    }
    return 0;
}

bool file_exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

bool file_is_dir(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_is_regular(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}
