/* SPDX-License-Identifier: MIT */
#include "sync/lock.h"

#include "base/clock.h"
#include "base/file.h"

#include <time.h>

enum { TRY_NS = 50000000 };

int lock_try(const char *path, int64_t deadline_ms, struct err *e)
{
    const struct timespec pause = {0, TRY_NS};
    struct err why = {0};
    int fd = file_lock(path, false, &why);

    if (fd >= 0) {
        return fd;
    }
    if (why.kind != ERR_TIMEOUT || clock_ms() > deadline_ms) {
        *e = why;
        return -1;
    }
    (void)nanosleep(&pause, NULL); /* sooner or later is the same */
    return -1;
}
