/* SPDX-License-Identifier: MIT */
#include "creds/claude_lock.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAUSE_FIRST_MS = 2, PAUSE_MAX_MS = 50, NS_PER_MS = 1000000, MS_PER_S = 1000 };

void claude_lock_init(struct claude_lock *l)
{
    *l = (struct claude_lock){0};
}

/* Returns whether the lock is abandoned: its modification time is more than
 * CLAUDE_LOCK_STALE_MS in the past, by the clock that files use. A time that is more than that
 * in the future also counts as abandoned, so that a clock that was set back does not keep a
 * lock for ever. */
static bool is_stale(const struct stat *st)
{
    struct timespec now;
    int64_t age;

    (void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
    age = ((int64_t)now.tv_sec - (int64_t)st->st_mtim.tv_sec) * MS_PER_S +
          ((int64_t)now.tv_nsec - (int64_t)st->st_mtim.tv_nsec) / NS_PER_MS;
    return age > CLAUDE_LOCK_STALE_MS || age < -(int64_t)CLAUDE_LOCK_STALE_MS;
}

static void pause_ms(int64_t ms)
{
    const struct timespec t = {.tv_nsec = (long)ms * NS_PER_MS};

    (void)nanosleep(&t, NULL); /* if a signal ends it early, the caller just tries sooner */
}

/* Examines the lock at the path. Returns 1 if it has disappeared or was removed, 0 if it is
 * held, and -1 on error. */
static int look(const struct claude_lock *l, const char *path, struct err *e)
{
    struct stat st;

    if (lstat(path, &st) < 0) {
        return errno == ENOENT ? 1 : err_sys(e, "lock %s", path);
    }
    if (!S_ISDIR(st.st_mode)) {
        return err_set(e, ERR_REFUSED, "lock %s: not a directory; remove it", path);
    }
    if (!is_stale(&st) && !(l->alone && (st.st_mode & S_ISVTX) != 0)) {
        return 0;
    }
    if (rmdir(path) < 0 && errno != ENOENT) {
        return err_sys(e, "remove the abandoned lock %s", path);
    }
    return 1;
}

/* Records the identity of the lock that this process has made. */
static int made(struct claude_lock *l, const char *path, struct err *e)
{
    struct stat st;

    if (lstat(path, &st) < 0) {
        (void)err_sys(e, "lock %s", path);
        (void)rmdir(path); /* do not keep a lock that this process cannot identify */
        return -1;
    }
    l->path = strdup(path);
    if (l->path == NULL) {
        abort();
    }
    l->dev = st.st_dev;
    l->ino = st.st_ino;
    l->stamp = st.st_mtim;
    return 0;
}

int claude_lock_take(struct claude_lock *l, const char *path, int64_t deadline_ms,
                     struct err *e)
{
    int64_t wait = PAUSE_FIRST_MS;

    for (;;) {
        int64_t left;
        int seen;

        if (mkdir(path, CLAUDE_LOCK_MODE) == 0) {
            return made(l, path, e);
        }
        if (errno == EINTR) {
            continue;
        }
        if (errno != EEXIST) {
            return err_sys(e, "lock %s", path);
        }
        seen = look(l, path, e);
        if (seen < 0) {
            return -1;
        }
        if (seen > 0) {
            continue; /* the lock has just become free: try again without a pause */
        }
        left = deadline_ms - clock_ms();
        if (left <= 0) {
            return err_set(e, ERR_TIMEOUT, "lock %s: held by another process", path);
        }
        pause_ms(wait < left ? wait : left);
        wait = wait * 2 < PAUSE_MAX_MS ? wait * 2 : PAUSE_MAX_MS;
    }
}

void claude_lock_release(struct claude_lock *l)
{
    struct stat st;

    if (l->path == NULL) {
        return;
    }
    if (lstat(l->path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_dev == l->dev &&
        st.st_ino == l->ino && st.st_mtim.tv_sec == l->stamp.tv_sec &&
        st.st_mtim.tv_nsec == l->stamp.tv_nsec) {
        (void)rmdir(l->path); /* if it stays, it counts as abandoned after ten seconds */
    }
    free(l->path);
    claude_lock_init(l);
}

void claude_lock_sweep(const char *path)
{
    struct stat st;

    if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && (st.st_mode & S_ISVTX) != 0) {
        (void)rmdir(path); /* if it stays, it counts as abandoned after ten seconds */
    }
}
