/* SPDX-License-Identifier: MIT */
#include "creds/rewrite.h"

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LATER_NS = 2000000 };

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

/* A later time than the one of the write, whatever the clock's steps are. */
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

int rewrite_copy(const char *path, struct str text, struct err *e)
{
    struct stat st;
    struct buf bytes;
    int fd = file_open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0, e);
    int rc = -1;

    if (fd < 0) {
        return -1;
    }
    buf_init(&bytes, text.len + LIMIT_CREDENTIALS);
    (void)buf_reserve(&bytes, text.len + LIMIT_CREDENTIALS);
    if (fstat(fd, &st) < 0 ||
        (st.st_size > LIMIT_CREDENTIALS && ftruncate(fd, st.st_size = 0) < 0)) {
        (void)err_sys(e, "%s", path);
        goto out;
    }
    (void)buf_add_str(&bytes, text);
    while (bytes.len < (size_t)st.st_size) {
        (void)buf_add_byte(&bytes, '\n');
    }
    if (write_at_once(fd, buf_str(&bytes)) < 0 || touch_later(fd) < 0) {
        (void)err_sys(e, "%s", path);
        goto out;
    }
    rc = 0;
out:
    fd_close(&fd);
    buf_wipe(&bytes);
    return rc;
}
