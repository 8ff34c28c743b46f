/* SPDX-License-Identifier: MIT */
#include "base/rewrite.h"

#include "base/clock.h"
#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static struct stat at(const char *name)
{
    struct stat st = {0};

    (void)stat(in_tmp(name), &st);
    return st;
}

/* Reads the file and rewrites it if it has not changed. Returns whether it was rewritten. */
static bool one_of_ours(void)
{
    struct err e = {0};
    struct buf seen;
    bool ours;

    buf_init(&seen, LIMIT_CREDENTIALS);
    ours = file_read(in_tmp("c"), &seen, &e) == 0 &&
           rewrite_copy_of(in_tmp("c"), buf_str(&seen), str_c("[\"ours\"]"), &e) == 0;
    buf_release(&seen);
    return ours;
}

/* Returns the number of bytes of the other process behind our text. The file is read twice,
 * because the other process may write while this one reads. */
static size_t mixed(void)
{
    struct err e = {0};
    struct buf text[2];
    size_t wrong = 0;

    for (size_t i = 0; i < 2; i++) {
        buf_init(&text[i], LIMIT_CREDENTIALS);
        (void)file_read(in_tmp("c"), &text[i], &e);
    }
    if (str_eq(buf_str(&text[0]), buf_str(&text[1])) && text[0].len > 0 &&
        buf_data(&text[0])[0] == '[') {
        for (size_t i = sizeof("[\"ours\"]") - 1; i < text[0].len; i++) {
            wrong += buf_data(&text[0])[i] != '\n';
        }
    }
    buf_release(&text[0]);
    buf_release(&text[1]);
    return wrong;
}

/* A sandbox writes other texts as fast as it can. None of them is overwritten without having
 * been read, and none is mixed with ours. */
static void concurrent_writes_are_not_lost(void)
{
    int64_t deadline = clock_ms() + 10000;
    size_t wrong = 0;
    int written = 0;
    const struct timespec pause = {.tv_nsec = 200000};
    pid_t pid;

    put_file(in_tmp("c"), "0");
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        for (unsigned i = 1;; i++) {
            char text[1000];
            int len = snprintf(text, sizeof(text), "%0*u", 1 + (int)(i % 999), i % 10);
            int fd = open(in_tmp("c"), O_WRONLY | O_TRUNC | O_CLOEXEC);

            if (fd < 0 || write(fd, text, (size_t)len) != len || close(fd) < 0) {
                _exit(1);
            }
            (void)nanosleep(&pause, NULL);
        }
    }
    while (written < 300 && clock_ms() < deadline) {
        written += one_of_ours();
        wrong += mixed();
    }
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    ok(written > 0 && wrong == 0,
       "our text was written %d times, with %zu bytes of the other process behind it", written,
       wrong);
}

int main(void)
{
    int fd;
    struct err e = {0};
    struct stat before;
    struct stat after;

    tmpdir_make();
    put_file(in_tmp("f"), "old text");
    before = at("f");
    ok(rewrite_copy(in_tmp("f"), str_c("a longer new text"), &e) == 0, "a file is rewritten %s",
       e.text);
    after = at("f");
    is_str(get_file(in_tmp("f")), "a longer new text", "the file has the new text");
    ok(before.st_ino == after.st_ino, "the file is the same inode");
    ok(after.st_mtim.tv_sec > before.st_mtim.tv_sec ||
           after.st_mtim.tv_nsec != before.st_mtim.tv_nsec,
       "the file has another modification time");
    ok(after.st_mtim.tv_sec > after.st_ctim.tv_sec ||
           (after.st_mtim.tv_sec == after.st_ctim.tv_sec &&
            after.st_mtim.tv_nsec > after.st_ctim.tv_nsec),
       "the time is later than the write, so that a process that read during it reads again");
    ok(rewrite_copy(in_tmp("f"), str_c("short"), &e) == 0, "a shorter text is written");
    is_str(get_file(in_tmp("f")), "short\n\n\n\n\n\n\n\n\n\n\n\n",
           "newlines fill the file up to its old size");
    (void)!truncate(in_tmp("f"), (off_t)1 << 30);
    ok(rewrite_copy(in_tmp("f"), str_c("{}"), &e) == 0,
       "a file that is too large is rewritten");
    is_int(at("f").st_size, 2, "the file that was too large is small again");
    ok(rewrite_copy(in_tmp("none"), str_c("{}"), &e) < 0 && e.kind == ERR_NOT_FOUND,
       "a missing file is not made");
    (void)!symlink(in_tmp("f"), in_tmp("link"));
    e = (struct err){0};
    ok(rewrite_copy(in_tmp("link"), str_c("x"), &e) < 0, "a link is not followed");
    is_str(get_file(in_tmp("f")), "{}", "the target of the link is unchanged");
    (void)mkfifo(in_tmp("fifo"), 0600);
    ok(rewrite_copy(in_tmp("fifo"), str_c("x"), &e) < 0, "a fifo is refused without waiting");
    e = (struct err){0};
    put_file(in_tmp("f"), "old text");
    is_int(rewrite_copy_of(in_tmp("f"), str_c("old tex"), str_c("new"), &e), 1,
           "a file with more text than was seen is not rewritten");
    is_int(rewrite_copy_of(in_tmp("f"), str_c("old texts"), str_c("new"), &e), 1,
           "a file with less text than was seen is not rewritten");
    is_int(rewrite_copy_of(in_tmp("f"), str_c("old texT"), str_c("new"), &e), 1,
           "a file with another text than was seen is not rewritten");
    is_str(get_file(in_tmp("f")), "old text", "the file is unchanged");
    is_int(rewrite_copy_of(in_tmp("f"), str_c("old text"), str_c("new"), &e), 0,
           "a file with the text that was seen is rewritten");
    is_str(get_file(in_tmp("f")), "new\n\n\n\n\n", "the file has the new text and newlines");
    fd = open(in_tmp("f"), O_RDONLY | O_CLOEXEC);
    is_int(rewrite_copy_of(in_tmp("f"), str_c("new\n\n\n\n\n"), str_c("newer"), &e), 0,
           "a file that another process keeps open is rewritten without a lease");
    (void)close(fd);
    (void)!truncate(in_tmp("f"), (off_t)1 << 30);
    is_int(rewrite_copy_of(in_tmp("f"), str_n(NULL, 0), str_c("{}"), &e), 0,
           "a file that is too large is rewritten in any case");
    is_int(at("f").st_size, 2, "that file is small again");
    concurrent_writes_are_not_lost();
    tmpdir_remove();
    return done_testing();
}
