/* SPDX-License-Identifier: MIT */
#include "sync/content.h"

#include "base/fd.h"
#include "base/hash.h"
#include "sync/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    PIECE = 256 << 10, /* bytes of a DATA message at most */
    STAT_BLOCK = 512,  /* unit of st_blocks; inode(7) */
    /* The kernel stamps files with a clock that advances every 10 ms at most. This is longer.
     */
    TICK_NS = 20000000,
    SECOND_NS = 1000000000
};

/* Calls fstat(2). If the file was changed less than TICK_NS ago, waits first, because another
 * change within the same step of the kernel's clock would leave the file with the same time. */
static int settled_stat(int fd, struct stat *st)
{
    const struct timespec tick = {0, TICK_NS};
    struct timespec now;
    int64_t age;

    if (fstat(fd, st) < 0 || clock_gettime(CLOCK_REALTIME, &now) < 0) {
        return -1;
    }
    age = (int64_t)now.tv_sec - st->st_mtim.tv_sec;
    if (age < -1 || age > 1) {
        return 0;
    }
    age = age * SECOND_NS + now.tv_nsec - st->st_mtim.tv_nsec;
    if (age < -TICK_NS || age >= TICK_NS) {
        return 0;
    }
    (void)nanosleep(&tick, NULL); /* if a signal ends it early, a change may be missed */
    return fstat(fd, st);
}

int content_open(struct dirs *d, struct str path, struct sync_entry *entry, struct err *e)
{
    char name[DIRS_NAME];
    struct stat st;
    int parent = dirs_parent(d, path, name, e);
    int fd;

    if (parent < 0) {
        return -1;
    }
    /* O_NONBLOCK, because the file may have been replaced by a fifo. */
    fd = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 || settled_stat(fd, &st) < 0) {
        (void)err_sys(e, "%s", name);
        fd_close(&fd);
        return -1;
    }
    *entry = walk_entry(&st);
    if (entry->type != SYNC_FILE) {
        fd_close(&fd);
        return err_set(e, ERR_REFUSED, "%s: not a regular file any more", name);
    }
    return fd;
}

/* Sends the bytes of fd from *at to `end` as DATA messages, and advances *at. *at is less than
 * `end` afterwards if the file is shorter or cannot be read. */
static int send_range(struct talk *t, int fd, uint64_t *at, uint64_t end, struct err *e)
{
    while (*at < end) {
        uint64_t left = end - *at;
        size_t len = left < PIECE ? (size_t)left : (size_t)PIECE;
        size_t start = t->out.len;
        char *p = buf_reserve(&t->out, SYNC_HEAD + len);
        ssize_t got;

        if (p == NULL) {
            return talk_flush(t, e); /* returns the error: t->out has overflowed */
        }
        do {
            got = pread(fd, p + SYNC_HEAD, len, (off_t)*at);
        } while (got < 0 && errno == EINTR);
        if (got <= 0) {
            return 0;
        }
        sync_msg_head(p, SYNC_MSG_DATA, (size_t)got);
        buf_commit(&t->out, SYNC_HEAD + (size_t)got);
        *at += (uint64_t)got;
        if (t->out.len > start && talk_pace(t, e) < 0) {
            return -1;
        }
    }
    return 0;
}

/* Sets *begin and *end to the next range of data at or behind `at`, or both to `size` if only a
 * hole follows. If the file system cannot tell, the range is the rest of the file. */
static void next_data(int fd, uint64_t at, uint64_t size, uint64_t *begin, uint64_t *end)
{
    off_t data = lseek(fd, (off_t)at, SEEK_DATA);
    off_t hole;

    if (data < 0) {
        *begin = errno == ENXIO ? size : at;
        *end = size;
        return;
    }
    hole = lseek(fd, data, SEEK_HOLE);
    *begin = (uint64_t)data < size ? (uint64_t)data : size;
    *end = hole < 0 || (uint64_t)hole > size ? size : (uint64_t)hole;
}

static bool is_as_it_was(int fd, const struct sync_entry *entry)
{
    struct stat st;
    struct sync_entry now;

    if (fstat(fd, &st) < 0) {
        return false;
    }
    now = walk_entry(&st);
    return sync_same(&now, entry);
}

/* Returns true if the file may have holes: it has fewer blocks than its size needs. This saves
 * lseek(2) calls for all other files. */
static bool has_holes(int fd, const struct sync_entry *entry)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (uint64_t)st.st_blocks * STAT_BLOCK < entry->size;
}

int content_send(struct talk *t, int fd, const struct sync_entry *entry, bool *whole,
                 struct err *e)
{
    bool holes = has_holes(fd, entry);
    uint64_t at = 0;
    uint64_t begin = 0;
    uint64_t end = entry->size;

    *whole = true;
    while (at < entry->size && *whole) {
        if (holes) {
            next_data(fd, at, entry->size, &begin, &end);
        }
        if (begin > at) {
            sync_msg_add_number(&t->out, SYNC_MSG_HOLE, begin - at);
            at = begin;
        }
        if (send_range(t, fd, &at, end, e) < 0) {
            return -1;
        }
        begin = at;
        *whole = at == end;
    }
    *whole = *whole && is_as_it_was(fd, entry);
    sync_msg_add_byte(&t->out, SYNC_MSG_DONE, *whole ? 1 : 0);
    return talk_pace(t, e);
}

static void tell_busy(struct talk *t, uint64_t at, struct err *e)
{
    if (t != NULL && at % SYNC_BUSY == 0) {
        sync_msg_add(&t->out, SYNC_MSG_BUSY, str_c(""));
        (void)talk_flush(t, e); /* after an error, the next call that sends fails as well */
    }
}

int content_hash(struct talk *t, int fd, const struct sync_entry *entry,
                 char out[SYNC_DIGEST + 1], struct err *e)
{
    struct sha256 h;
    uint64_t at = 0;
    char *p = malloc(PIECE);
    ssize_t got = 1;

    if (p == NULL) {
        abort();
    }
    sha256_init(&h);
    while (got > 0) {
        got = pread(fd, p, PIECE, (off_t)at);
        if (got > 0) {
            sha256_add(&h, p, (size_t)got);
            at += (uint64_t)got;
            tell_busy(t, at, e);
        } else if (got < 0 && errno == EINTR) {
            got = 1;
        }
    }
    free(p);
    if (got < 0) {
        return err_sys(e, "read");
    }
    if (at != entry->size || !is_as_it_was(fd, entry)) {
        return err_set(e, ERR_REFUSED, "it changed while it was read");
    }
    sha256_hex(&h, out);
    return 0;
}
