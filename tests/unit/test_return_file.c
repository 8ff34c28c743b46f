/* SPDX-License-Identifier: MIT */
#include "init/return_file.h"

#include "base/fd.h"
#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Writes to `out` what the host gets of the file `name`, which init reads as `uid`: the bytes
 * of all FILE frames. Returns false if another frame or an empty frame came. */
static bool given(const char *name, uint64_t uid, struct buf *out)
{
    const struct boot b = {.uid = uid, .gid = uid, .return_file = in_tmp(name)};
    struct buf rx;
    struct frame f = {0};
    struct err e = {0};
    struct str in;
    int fds[2];
    ssize_t got;
    pid_t pid;
    bool good = true;

    buf_reset(out);
    buf_init(&rx, 64 << 20);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
        return false;
    }
    pid = fork();
    if (pid == 0) {
        struct line l;

        line_init(&l);
        l.in = l.out = fds[1];
        (void)close(fds[0]);
        return_files(&b, &l);
        line_drain(&l, -1);
        line_close(&l);
        _exit(0);
    }
    (void)close(fds[1]);
    while ((got = fd_read(fds[0], buf_reserve(&rx, 1 << 16), 1 << 16)) > 0) {
        buf_commit(&rx, (size_t)got);
    }
    (void)close(fds[0]);
    (void)waitpid(pid, NULL, 0);
    in = buf_str(&rx);
    while (frame_next(&in, &f, &e) == 1) {
        good = good && f.type == FRAME_FILE && f.payload.len > 0;
        (void)buf_add_str(out, f.payload);
    }
    good = good && in.len == 0;
    buf_release(&rx);
    return good;
}

static void files_are_sent_whole(void)
{
    enum { LARGE = 3 << 20 };
    static char bytes[LARGE];
    struct buf out;
    FILE *f;

    buf_init(&out, 64 << 20);
    put_file(in_tmp("state"), "{\"a\":1}");
    ok(given("state", geteuid(), &out) && str_eq_c(buf_str(&out), "{\"a\":1}"),
       "a file is sent unchanged");
    memset(bytes, 'x', sizeof(bytes));
    f = fopen(in_tmp("large"), "we");
    ok(f != NULL && fwrite(bytes, 1, sizeof(bytes), f) == sizeof(bytes) && fclose(f) == 0,
       "a large file is made");
    ok(given("large", geteuid(), &out) && out.len == LARGE &&
           memcmp(buf_data(&out), bytes, LARGE) == 0,
       "a large file is sent in pieces");
    ok(given("nothing", geteuid(), &out) && out.len == 0, "nothing is sent of a missing file");
    buf_release(&out);
}

static void other_files_are_not_sent(void)
{
    struct buf out;

    buf_init(&out, 64 << 20);
    put_file(in_tmp("secret"), "root's");
    (void)chmod(in_tmp("secret"), 0600);
    (void)!symlink(in_tmp("secret"), in_tmp("link"));
    ok(given("link", geteuid(), &out) && out.len == 0, "a link is not followed");
    (void)mkfifo(in_tmp("fifo"), 0600);
    ok(given("fifo", geteuid(), &out) && out.len == 0, "a fifo is not waited for");
    (void)mkdir(in_tmp("dir"), 0700);
    ok(given("dir", geteuid(), &out) && out.len == 0, "a directory is not sent");
    put_file(in_tmp("huge"), "x");
    (void)!truncate(in_tmp("huge"), (off_t)1 << 30);
    ok(given("huge", geteuid(), &out) && out.len == 0, "a file of 1 GiB is not sent");
    if (geteuid() == 0) {
        (void)chmod(tmpdir, 0755);
        ok(given("secret", 65534, &out) && out.len == 0,
           "a file that the user cannot read is not sent");
    }
    buf_release(&out);
}

/* Copies come with their names. A copy that is missing or too large is left out. */
static void copies_are_sent_with_their_names(void)
{
    static char path[256];
    static char large[256];
    const char *list[] = {path, large, "no-blank", "missing /nonexistent/x"};
    const struct boot b = {
        .uid = geteuid(), .gid = geteuid(), .return_copies = {.v = list, .count = 4}};
    struct line l;
    struct frame f = {0};
    struct err e = {0};
    struct str in;
    size_t count = 0;
    size_t bytes = 0;
    bool named = true;

    (void)snprintf(path, sizeof(path), "settings.json %s", in_tmp("my settings"));
    (void)snprintf(large, sizeof(large), "CLAUDE.md %s", in_tmp("too large"));
    put_file(in_tmp("my settings"), "x");
    (void)!truncate(in_tmp("my settings"), 40000);
    put_file(in_tmp("too large"), "x");
    (void)!truncate(in_tmp("too large"), LIMIT_FILE_SMALL + 1);
    line_init(&l);
    return_files(&b, &l);
    in = buf_str(&l.tx);
    while (frame_next(&in, &f, &e) == 1) {
        named = named && f.type == FRAME_COPY && f.payload.len > 14 &&
                memcmp(f.payload.p, "settings.json", 14) == 0;
        count++;
        bytes += f.payload.len - 14;
    }
    ok(named && count == 3 && bytes == 40000, "each piece of a copy has the name in front");
    line_close(&l);
}

int main(void)
{
    tmpdir_make();
    copies_are_sent_with_their_names();
    files_are_sent_whole();
    other_files_are_not_sent();
    tmpdir_remove();
    return done_testing();
}
