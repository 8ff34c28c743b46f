/* SPDX-License-Identifier: MIT */
#include "sync/place.h"

#include "base/fd.h"
#include "base/limits.h"
#include "sync/sync.h"
#include "sync/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 64 << 10, TEMP_DIGITS = 16 };

bool sync_is_temporary(const char *name)
{
    static const char prefix[] = ".cco-sync.";
    size_t at = sizeof(prefix) - 1;

    return strncmp(name, prefix, at) == 0 && strlen(name + at) == TEMP_DIGITS &&
           strspn(name + at, "0123456789abcdef") == TEMP_DIGITS;
}

bool place_is(int dir, const char *name, const struct sync_entry *expected, struct err *e)
{
    char target[LIMIT_PATH];
    struct sync_entry found = {.type = SYNC_GONE};
    struct stat st;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        found = walk_entry(&st);
    } else if (errno != ENOENT) {
        (void)err_sys(e, "%s", name);
        return false;
    }
    if (found.type == SYNC_LINK) {
        ssize_t len = readlinkat(dir, name, target, sizeof(target));

        found.target = str_n(target, len < 0 ? 0 : (size_t)len);
    }
    if (sync_same(&found, expected)) {
        return true;
    }
    (void)err_set(e, ERR_REFUSED, "it changed meanwhile");
    return false;
}

static bool same_bytes(int a, int b, char *p, char *q)
{
    ssize_t got;

    do {
        got = fd_read(a, p, PIECE);
        for (ssize_t at = 0; at < got;) {
            ssize_t other = fd_read(b, q, (size_t)(got - at));

            if (other <= 0 || memcmp(p + at, q, (size_t)other) != 0) {
                return false;
            }
            at += other;
        }
    } while (got > 0);
    return got == 0;
}

bool place_has(int dir, const char *name, int other_dir, const char *other)
{
    const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    int a = openat(dir, name, flags);
    int b = a < 0 ? -1 : openat(other_dir, other, flags);
    struct stat x;
    struct stat y;
    bool same = false;
    char *p = NULL;

    if (a >= 0 && b >= 0 && fstat(a, &x) == 0 && fstat(b, &y) == 0 && S_ISREG(x.st_mode) &&
        S_ISREG(y.st_mode) && x.st_size == y.st_size) {
        p = malloc(2 * (size_t)PIECE);
        same = p != NULL && same_bytes(a, b, p, p + PIECE);
    }
    free(p);
    fd_close(&a);
    fd_close(&b);
    return same;
}

int place_set(int dir, const char *name, const struct sync_entry *entry, struct sync_entry *now)
{
    const struct timespec times[2] = {{0, UTIME_OMIT}, {entry->mtime, entry->mtime_ns}};
    /* Use a descriptor, because fchmodat(2) follows a link, which may have just been made. */
    int fd = openat(dir, name,
                    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
                        (entry->type == SYNC_DIR ? O_DIRECTORY : 0));
    struct stat st;
    int rc = -1;

    if (fd >= 0 && fchmod(fd, entry->mode) == 0 && futimens(fd, times) == 0 &&
        fstat(fd, &st) == 0) {
        rc = 0;
        if (now != NULL) {
            *now = walk_entry(&st);
        }
    }
    fd_close(&fd);
    return rc;
}

int place_soft(const struct err *e)
{
    bool hard = e->kind == ERR_SYS && (e->errnum == ENOSPC || e->errnum == EDQUOT ||
                                       e->errnum == EIO || e->errnum == EROFS);

    return hard ? -1 : 1;
}

void place_conflict_name(const char *name, unsigned number, char out[DIRS_NAME])
{
    char suffix[32] = ".cco-conflict";
    size_t len = strlen(name);
    size_t room;

    if (number > 1) {
        (void)snprintf(suffix, sizeof(suffix), ".cco-conflict-%u", number);
    }
    room = DIRS_NAME - 1 - strlen(suffix);
    if (len > room) {
        /* Do not cut within a UTF-8 sequence: some file systems refuse such a name. */
        len = room - str_utf8_cut(str_n(name, room));
    }
    (void)snprintf(out, DIRS_NAME, "%.*s%s", (int)len, name, suffix);
}
