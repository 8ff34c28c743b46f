/* SPDX-License-Identifier: MIT */
#include "sync/content.h"

#include "base/fd.h"
#include "base/hash.h"
#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>

/* Keeps the bytes that are sent. */
struct sink {
    struct sync_io io;
    struct buf bytes;
    const char *changes; /* a file that is changed at the first send; NULL: none */
};

static int sink_send(struct sync_io *io, struct str data, struct err *e)
{
    struct sink *s = (struct sink *)io;

    (void)e;
    if (s->changes != NULL &&
        truncate(s->changes, 1 << 20) == 0) { /* the same length, but a later time */
        s->changes = NULL;
    }
    return buf_add_str(&s->bytes, data);
}

static struct sink sink = {{NULL, sink_send}, {0}, NULL};

/* Sends the file, and counts the bytes that arrive as data and as holes. Returns -1 if DONE is
 * not 1. */
static int send_file(struct dirs *d, const char *name, uint64_t *data, uint64_t *holes)
{
    struct sync_entry entry = {0};
    struct err e = {0};
    struct talk t;
    struct sync_msg m = {SYNC_MSG_NONE, {0}};
    struct str in;
    bool whole = false;
    int fd = content_open(d, str_c(name), &entry, &e);

    *data = *holes = 0;
    buf_reset(&sink.bytes);
    talk_init(&t, &sink.io);
    if (fd < 0 || content_send(&t, fd, &entry, &whole, &e) < 0 || talk_flush(&t, &e) < 0) {
        whole = false;
    }
    fd_close(&fd);
    in = buf_str(&sink.bytes);
    while (sync_msg_next(&in, &m, &e) == 1) {
        uint64_t n = m.payload.len;

        if (m.type == SYNC_MSG_HOLE) {
            (void)sync_msg_number(m, &n, &e);
            *holes += n;
        } else if (m.type == SYNC_MSG_DATA) {
            *data += n;
        }
    }
    talk_release(&t);
    return whole && m.type == SYNC_MSG_DONE && m.payload.p[0] == 1 ? 0 : -1;
}

/* Returns true if a file that is written again at once, with the same length, has another time.
 */
static bool later_writes_show(struct dirs *d)
{
    bool shown = true;

    for (int i = 0; i < 20 && shown; i++) {
        struct sync_entry before = {0};
        struct stat st;
        struct err e = {0};
        int fd;

        put_file(in_tmp("busy"), "before");
        fd = content_open(d, str_c("busy"), &before, &e);
        put_file(in_tmp("busy"), "after!");
        shown =
            fd >= 0 && fstat(fd, &st) == 0 &&
            (st.st_mtim.tv_sec != before.mtime || st.st_mtim.tv_nsec != (long)before.mtime_ns);
        fd_close(&fd);
    }
    return shown;
}

int main(void)
{
    struct sync_entry entry = {0};
    struct dirs d;
    struct err e = {0};
    struct sha256 h;
    char got[SYNC_DIGEST + 1];
    char want[SHA256_HEX];
    uint64_t data;
    uint64_t holes;
    int root;
    int fd;

    tmpdir_make();
    root = open(tmpdir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    dirs_init(&d, root);
    buf_init(&sink.bytes, 8 << 20);
    put_file(in_tmp("file"), "12345");
    put_file(in_tmp("empty"), "");
    (void)symlink("file", in_tmp("link"));
    (void)mkfifo(in_tmp("pipe"), 0600);
    fd = content_open(&d, str_c("file"), &entry, &e);
    ok(fd >= 0 && entry.type == SYNC_FILE && entry.size == 5, "a file is opened");
    sha256_init(&h);
    sha256_add(&h, "12345", 5);
    sha256_hex(&h, want);
    ok(content_hash(NULL, fd, &entry, got, &e) == 0 && strcmp(got, want) == 0,
       "its digest is computed");
    put_file(in_tmp("file"), "123456");
    ok(content_hash(NULL, fd, &entry, got, &e) < 0, "a file that changed has no digest");
    fd_close(&fd);
    ok(content_open(&d, str_c("link"), &entry, &e) < 0 && e.errnum == ELOOP,
       "a link is not opened");
    ok(content_open(&d, str_c("pipe"), &entry, &e) < 0,
       "a fifo is not opened, without blocking");
    ok(content_open(&d, str_c("none"), &entry, &e) < 0 && e.errnum == ENOENT,
       "a missing file is ENOENT");
    ok(send_file(&d, "file", &data, &holes) == 0 && data == 6 && holes == 0, "a file is sent");
    ok(send_file(&d, "empty", &data, &holes) == 0 && data == 0, "an empty file is sent");
    ok(later_writes_show(&d), "a write after content_open() changes the time of the file");
    put_file(in_tmp("file"), "");
    ok(truncate(in_tmp("file"), 1 << 20) == 0 &&
           utimensat(AT_FDCWD, in_tmp("file"), (const struct timespec[2]){{1, 1}, {1, 1}}, 0) ==
               0,
       "a file of 1 MiB is made");
    fd = open(in_tmp("file"), O_RDWR | O_CLOEXEC);
    for (off_t at = 0; at < 1 << 20; at += 4096) {
        (void)!pwrite(fd, "x", 1, at);
    }
    (void)close(fd);
    sink.changes = in_tmp("file");
    ok(send_file(&d, "file", &data, &holes) < 0 && sink.changes == NULL,
       "a file that changes while it is sent is reported");
    fd = open(in_tmp("sparse"), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    ok(pwrite(fd, "x", 1, 1 << 20) == 1 && ftruncate(fd, 5LL << 30) == 0,
       "a sparse file of 5 GiB is made");
    ok(send_file(&d, "sparse", &data, &holes) == 0 && data + holes == 5ULL << 30 &&
           data < 1 << 20,
       "its holes are sent as holes (%llu bytes of data)", (unsigned long long)data);
    (void)close(fd);
    buf_release(&sink.bytes);
    dirs_release(&d);
    (void)close(root);
    tmpdir_remove();
    return done_testing();
}
