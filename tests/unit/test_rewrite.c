/* SPDX-License-Identifier: MIT */
#include "creds/rewrite.h"

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

/* Bytes that are not ours behind ours; seen twice, since the other one may write while we read.
 */
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

/* A sandbox writes as fast as it can, each time something else: none of it is lost unseen, none
 * is mixed. */
static void contended(void)
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
    ok(written > 0 && wrong == 0, "%d times ours, %zu bytes of theirs behind it", written,
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
    ok(rewrite_copy(in_tmp("f"), str_c("a longer new text"), &e) == 0, "rewritten %s", e.text);
    after = at("f");
    is_str(get_file(in_tmp("f")), "a longer new text", "it has the new text");
    ok(before.st_ino == after.st_ino, "in the same file");
    ok(after.st_mtim.tv_sec > before.st_mtim.tv_sec ||
           after.st_mtim.tv_nsec != before.st_mtim.tv_nsec,
       "with another time");
    ok(after.st_mtim.tv_sec > after.st_ctim.tv_sec ||
           (after.st_mtim.tv_sec == after.st_ctim.tv_sec &&
            after.st_mtim.tv_nsec > after.st_ctim.tv_nsec),
       "later than the write: who read in between looks again");
    ok(rewrite_copy(in_tmp("f"), str_c("short"), &e) == 0, "and a shorter one");
    is_str(get_file(in_tmp("f")), "short\n\n\n\n\n\n\n\n\n\n\n\n",
           "blanks stand where the longer one was: no reader sees an end too early");
    (void)!truncate(in_tmp("f"), (off_t)1 << 30);
    ok(rewrite_copy(in_tmp("f"), str_c("{}"), &e) == 0, "what grew without end");
    is_int(at("f").st_size, 2, "is small again");
    ok(rewrite_copy(in_tmp("none"), str_c("{}"), &e) < 0 && e.kind == ERR_NOT_FOUND,
       "a missing one is not made");
    (void)!symlink(in_tmp("f"), in_tmp("link"));
    e = (struct err){0};
    ok(rewrite_copy(in_tmp("link"), str_c("x"), &e) < 0, "a link is not followed");
    is_str(get_file(in_tmp("f")), "{}", "what it leads to stays");
    (void)mkfifo(in_tmp("fifo"), 0600);
    ok(rewrite_copy(in_tmp("fifo"), str_c("x"), &e) < 0, "a fifo is not waited for");
    e = (struct err){0};
    put_file(in_tmp("f"), "old text");
    is_int(rewrite_copy_of(in_tmp("f"), str_c("old tex"), str_c("new"), &e), 1,
           "not what was seen");
    is_int(rewrite_copy_of(in_tmp("f"), str_c("old texts"), str_c("new"), &e), 1, "nor this");
    is_int(rewrite_copy_of(in_tmp("f"), str_c("old texT"), str_c("new"), &e), 1,
           "nor this one");
    is_str(get_file(in_tmp("f")), "old text", "nothing is written");
    is_int(rewrite_copy_of(in_tmp("f"), str_c("old text"), str_c("new"), &e), 0,
           "what was seen");
    is_str(get_file(in_tmp("f")), "new\n\n\n\n\n", "is written over");
    fd = open(in_tmp("f"), O_RDONLY | O_CLOEXEC);
    is_int(rewrite_copy_of(in_tmp("f"), str_c("new\n\n\n\n\n"), str_c("newer"), &e), 0,
           "whoever keeps it open");
    (void)close(fd);
    (void)!truncate(in_tmp("f"), (off_t)1 << 30);
    is_int(rewrite_copy_of(in_tmp("f"), str_n(NULL, 0), str_c("{}"), &e), 0,
           "or has it grow without end");
    is_int(at("f").st_size, 2, "once more");
    contended();
    tmpdir_remove();
    return done_testing();
}
