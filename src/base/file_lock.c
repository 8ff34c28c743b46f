/* SPDX-License-Identifier: MIT */
#include "base/file_lock.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

enum { REPLACED_TRIES = 16, PROBE_MS = 10, PAUSE_NS = 2000000 };

int file_lock_fd(int fd, const char *name, int64_t deadline_ms, struct err *e)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};
    int64_t probe_ms = clock_ms() + PROBE_MS;
    int64_t last_ms = deadline_ms > probe_ms ? deadline_ms : probe_ms;

    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return err_sys(e, "lock %s", name);
        }
        if (clock_ms() >= last_ms) {
            (void)err_set(e, ERR_TIMEOUT, "lock %s: another cco holds it", name);
            return err_hint(e, "Try again in a moment.");
        }
        (void)nanosleep(&pause, NULL);
    }
    return 0;
}

/* Returns true if `path` still names the open file. Another process may have removed or
 * replaced it between open(2) and flock(2). */
static bool still_there(int fd, const char *path)
{
    struct stat mine;
    struct stat named;

    return fstat(fd, &mine) == 0 && lstat(path, &named) == 0 && mine.st_dev == named.st_dev &&
           mine.st_ino == named.st_ino;
}

int file_lock(const char *path, int64_t deadline_ms, struct err *e)
{
    for (int tries = 0; tries < REPLACED_TRIES; tries++) {
        int fd = file_open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600, e);
        bool locked = fd >= 0 && file_lock_fd(fd, path, deadline_ms, e) == 0;

        if (locked && still_there(fd, path)) {
            return fd;
        }
        fd_close(&fd);
        if (!locked) {
            return -1;
        }
    }
    return err_set(e, ERR_TIMEOUT, "lock %s: another process keeps removing this file", path);
}

int file_lock_dir(const char *dir, int64_t deadline_ms, struct err *e)
{
    int fd = file_open(dir, O_RDONLY | O_DIRECTORY, 0, e);

    if (fd >= 0 && file_lock_fd(fd, dir, deadline_ms, e) < 0) {
        fd_close(&fd);
    }
    return fd;
}

bool file_is_locked(const char *path)
{
    int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    bool held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;

    fd_close(&fd);
    return held;
}
