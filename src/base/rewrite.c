/* SPDX-License-Identifier: MIT */
#include "base/rewrite.h"

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LATER_NS = 2000000, PAUSE_NS = 1000000, HOLD_TRIES = 200 };

static int write_at_once(int fd, struct str bytes)
{
    size_t done = 0;

    while (done < bytes.len) {
        ssize_t n = pwrite(fd, bytes.p + done, bytes.len - done, (off_t)done);

        if (n < 0 && errno != EINTR) {
            return -1;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* Sets the modification time to a time that is later than that of the write, even though file
 * systems take times from a clock with coarse steps. */
static int touch_later(int fd)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}};

    if (clock_gettime(CLOCK_REALTIME, &times[1]) < 0) {
        return -1;
    }
    times[1].tv_nsec += LATER_NS;
    if (times[1].tv_nsec >= 1000000000) {
        times[1].tv_sec++;
        times[1].tv_nsec -= 1000000000;
    }
    return futimens(fd, times);
}

/* Takes a lease: while it is held, an open(2) by another process waits until this descriptor is
 * closed. No lease is taken if the file system does not support leases, or if another process
 * has kept the file open for the whole time of the attempts. The kernel reports a waiting
 * process by SIGIO, which would kill this process. F_SETSIG selects SIGURG instead, which is
 * ignored by default. fcntl(2), "Leases". */
static void hold(int fd)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    if (fcntl(fd, F_SETSIG, SIGURG) < 0) {
        return;
    }
    for (int i = 0; i < HOLD_TRIES && fcntl(fd, F_SETLEASE, F_WRLCK) < 0; i++) {
        if (errno != EAGAIN) {
            return;
        }
        (void)nanosleep(&pause, NULL);
    }
}

/* Returns whether the file, which has `size` bytes, contains exactly `seen`. */
static bool holds(int fd, size_t size, struct str seen)
{
    struct buf now;
    size_t done = 0;
    bool same = false;

    buf_init(&now, seen.len + 1);
    if (size == seen.len) {
        char *p = buf_reserve(&now, seen.len + 1);
        ssize_t n = 1;

        while (n > 0 && done < seen.len) {
            n = pread(fd, p + done, seen.len - done, (off_t)done);
            n = n < 0 && errno == EINTR ? 1 : n;
            done += n > 0 ? (size_t)n : 0;
        }
        buf_commit(&now, done);
        same = str_eq(buf_str(&now), seen);
    }
    buf_wipe(&now);
    return same;
}

/* Returns 0 on success, 1 if the file no longer contains `seen` (nothing is written), -1 on
 * error. */
static int put(int fd, const struct str *seen, struct str text, struct buf *bytes)
{
    struct stat st;

    if (fstat(fd, &st) < 0) {
        return -1;
    }
    if (st.st_size > LIMIT_CREDENTIALS) { /* too large: cco does not read it as a login */
        if (ftruncate(fd, 0) < 0) {
            return -1;
        }
        st.st_size = 0;
    } else if (seen != NULL && !holds(fd, (size_t)st.st_size, *seen)) {
        return 1;
    }
    (void)buf_add_str(bytes, text);
    while (bytes->len < (size_t)st.st_size) {
        (void)buf_add_byte(bytes, '\n');
    }
    return write_at_once(fd, buf_str(bytes)) < 0 || touch_later(fd) < 0 ? -1 : 0;
}

static int rewrite_open(int fd, const char *path, const struct str *seen, struct str text,
                        struct err *e)
{
    struct stat st;
    struct buf bytes;
    int rc = -1;

    buf_init(&bytes, text.len + LIMIT_CREDENTIALS);
    (void)buf_reserve(&bytes, text.len + LIMIT_CREDENTIALS);
    if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
        (void)err_set(e, ERR_REFUSED, "%s: not a regular file", path);
        goto out;
    }
    if (seen != NULL) {
        hold(fd);
    }
    rc = put(fd, seen, text, &bytes);
    if (rc < 0) {
        (void)err_sys(e, "%s", path);
    }
out:
    buf_wipe(&bytes);
    return rc;
}

static int rewrite(const char *path, const struct str *seen, struct str text, struct err *e)
{
    int fd = file_open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0, e);
    int rc = fd < 0 ? -1 : rewrite_open(fd, path, seen, text, e);

    fd_close(&fd);
    return rc;
}

int rewrite_fd(int fd, const char *path, struct str text, struct err *e)
{
    return rewrite_open(fd, path, NULL, text, e);
}

int rewrite_copy(const char *path, struct str text, struct err *e)
{
    return rewrite(path, NULL, text, e);
}

int rewrite_copy_of(const char *path, struct str seen, struct str text, struct err *e)
{
    return rewrite(path, &seen, text, e);
}
