/* SPDX-License-Identifier: MIT */
#include "creds/part_files.h"

#include "base/fd.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>

static int from, to;

static void set_time(const char *path, time_t s)
{
    const struct timespec times[2] = {{s, 0}, {s, 0}};

    (void)utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

static bool copied(const char *name, bool to_host)
{
    struct part_files f = {0};

    part_copy(&f, from, to, name, to_host);
    return f.bytes > 0;
}

static void count(void *ctx, const char *name)
{
    (void)name;
    ++*(int *)ctx;
}

static void what_is_copied(void)
{
    struct part_files f = {0};
    struct stat st;

    put_file(in_tmp("from/a@v1"), "one");
    set_time(in_tmp("from/a@v1"), 1000);
    ok(copied("a@v1", true), "a file that is missing on the other side is copied");
    is_str(get_file(in_tmp("to/a@v1")), "one", "with its content");
    ok(stat(in_tmp("to/a@v1"), &st) == 0 && st.st_mtime == 1000, "and its time");
    ok(mode_of(in_tmp("to/a@v1")) == 0600, "the copy has mode 0600");
    ok(!copied("a@v1", true), "a file that is not newer is not copied");
    put_file(in_tmp("from/a@v1"), "two");
    ok(copied("a@v1", false), "a newer file is copied");
    is_str(get_file(in_tmp("to/a@v1")), "two", "it replaces the older one");
    put_file(in_tmp("to/.cco-left.tmp"), "torn");
    put_file(in_tmp("from/left"), "whole");
    ok(copied("left", true), "what a killed cco has left is no obstacle");
    is_str(get_file(in_tmp("to/left")), "whole", "and is not used");
    put_file(in_tmp("from/b"), "b");
    f.since = (struct timespec){time(NULL) + 1000, 0};
    part_copy(&f, from, to, "b", true);
    ok(!file_exists(in_tmp("to/b")), "to the host only files go that have changed");
    part_copy(&f, from, to, "b", false);
    ok(file_exists(in_tmp("to/b")), "from the host all files come");
}

static void what_is_left_out(void)
{
    put_file(in_tmp("secret"), "secret");
    (void)symlink(in_tmp("secret"), in_tmp("from/link"));
    (void)mkfifo(in_tmp("from/fifo"), 0600);
    (void)mkdir(in_tmp("from/dir"), 0700);
    (void)link(in_tmp("secret"), in_tmp("from/hard"));
    put_file(in_tmp("from/a b"), "x");
    put_file(in_tmp("from/a\nb"), "x");
    ok(!copied("link", true) && !copied("link", false), "a link is not followed");
    ok(!copied("fifo", true) && !copied("dir", true), "a fifo is not opened, nor a directory");
    ok(!copied("hard", true), "a file with several names does not go to the host");
    ok(!copied("a b", true) && !copied("a\nb", true) && !copied("../secret", true) &&
           !copied("..", true) && !copied("", true),
       "names with other characters are left out");
    put_file(in_tmp("from/c"), "c");
    (void)symlink(in_tmp("secret"), in_tmp("to/c"));
    ok(!copied("c", true), "a link of the host is not replaced");
    ok(copied("c", false), "a link in cco's directory is replaced");
    is_str(get_file(in_tmp("secret")), "secret", "and not followed");
    put_file(in_tmp("from/big"), "");
    (void)truncate(in_tmp("from/big"), (65 << 20));
    ok(!copied("big", true), "a huge file is left out");
}

static void directories(void)
{
    char text[4];
    int n = 0;
    int fd;

    (void)symlink(in_tmp("from"), in_tmp("to/linked"));
    ok(part_open_dir(to, "linked") < 0 && part_make_dir(to, "linked") < 0,
       "a link to a directory is not opened");
    fd = part_make_dir(to, "made");
    ok(fd >= 0 && part_is_empty(fd) && mode_of(in_tmp("to/made")) == 0700,
       "a missing directory is made, with mode 0700");
    put_file(in_tmp("to/made/x"), "123456");
    ok(!part_is_empty(fd), "a directory with a file is not empty");
    part_list(fd, count, &n);
    is_int(n, 1, "each entry is listed");
    is_int(part_tail(fd, "x", text, sizeof(text)), 4, "the end of a file is read");
    is_mem(text, 4, "3456", 4, "it is the end");
    (void)symlink("x", in_tmp("to/made/y"));
    is_int(part_tail(fd, "y", text, sizeof(text)), -1, "not through a link");
    fd_close(&fd);
}

int main(void)
{
    tmpdir_make();
    (void)mkdir(in_tmp("from"), 0700);
    (void)mkdir(in_tmp("to"), 0700);
    from = part_open_dir(AT_FDCWD, in_tmp("from"));
    to = part_open_dir(AT_FDCWD, in_tmp("to"));
    what_is_copied();
    what_is_left_out();
    directories();
    fd_close(&from);
    fd_close(&to);
    tmpdir_remove();
    return done_testing();
}
