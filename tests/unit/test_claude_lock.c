/* SPDX-License-Identifier: MIT */
#include "creds/claude_lock.h"

#include "base/clock.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>

/* Stamps it `seconds` ago. */
static void age(const char *path, long seconds)
{
    struct timespec now;
    struct timespec times[2];

    (void)clock_gettime(CLOCK_REALTIME, &now);
    times[0] = times[1] = (struct timespec){now.tv_sec - seconds, now.tv_nsec};
    (void)utimensat(AT_FDCWD, path, times, 0);
}

static int take(struct claude_lock *l, const char *name, int64_t wait_ms, struct err *e)
{
    claude_lock_init(l);
    err_reset(e);
    return claude_lock_take(l, in_tmp(name), clock_ms() + wait_ms, e);
}

static void one_holder(void)
{
    struct claude_lock a;
    struct claude_lock b;
    struct err e = {0};
    int64_t start;

    ok(take(&a, "f.lock", 0, &e) == 0 && file_is_dir(in_tmp("f.lock")), "a free one");
    start = clock_ms();
    ok(take(&b, "f.lock", 60, &e) < 0 && e.kind == ERR_TIMEOUT && clock_ms() - start >= 60,
       "one that is held is waited for: %s", e.text);
    ok(strstr(e.text, in_tmp("f.lock")) != NULL, "and named");
    claude_lock_release(&b);
    ok(file_is_dir(in_tmp("f.lock")), "who does not hold it does not remove it");
    claude_lock_release(&a);
    ok(!file_exists(in_tmp("f.lock")), "it is gone");
    claude_lock_release(&a);
    ok(take(&a, "none/f.lock", 0, &e) < 0 && e.kind == ERR_SYS, "no directory for it: %s",
       e.text);
}

static void abandoned(void)
{
    struct claude_lock a;
    struct claude_lock b;
    struct err e = {0};

    (void)mkdir(in_tmp("f.lock"), 0700);
    age(in_tmp("f.lock"), 8);
    ok(take(&a, "f.lock", 0, &e) < 0 && e.kind == ERR_TIMEOUT, "one that is renewed in time");
    age(in_tmp("f.lock"), 11);
    ok(take(&a, "f.lock", 1000, &e) == 0, "an abandoned one: %s", e.text);
    age(in_tmp("f.lock"), 11);
    ok(take(&b, "f.lock", 1000, &e) == 0, "and what its new holder abandons");
    claude_lock_release(&a);
    ok(file_is_dir(in_tmp("f.lock")), "is not removed by that one");
    claude_lock_release(&b);
    ok(!file_exists(in_tmp("f.lock")), "but by the last");
    (void)mkdir(in_tmp("f.lock"), 0700);
    age(in_tmp("f.lock"), -3600);
    ok(take(&a, "f.lock", 1000, &e) == 0, "one from the future does not stay for ever");
    claude_lock_release(&a);
    (void)mkdir(in_tmp("f.lock"), 0700);
    put_file(in_tmp("f.lock/x"), "");
    age(in_tmp("f.lock"), 11);
    ok(take(&a, "f.lock", 1000, &e) < 0 && e.kind == ERR_SYS, "one with something in it: %s",
       e.text);
    (void)unlink(in_tmp("f.lock/x"));
    (void)rmdir(in_tmp("f.lock"));
}

static void planted(void)
{
    struct claude_lock a;
    struct err e = {0};

    put_file(in_tmp("f.lock"), "");
    age(in_tmp("f.lock"), 11);
    ok(take(&a, "f.lock", 1000, &e) < 0 && e.kind == ERR_REFUSED &&
           strstr(e.text, in_tmp("f.lock")) != NULL,
       "a file in its place: %s", e.text);
    ok(file_exists(in_tmp("f.lock")), "stays");
    (void)unlink(in_tmp("f.lock"));
    (void)mkdir(in_tmp("d"), 0700);
    age(in_tmp("d"), 11);
    (void)symlink(in_tmp("d"), in_tmp("f.lock"));
    ok(take(&a, "f.lock", 1000, &e) < 0 && e.kind == ERR_REFUSED && file_is_dir(in_tmp("d")),
       "a link is not followed: %s", e.text);
    (void)unlink(in_tmp("f.lock"));
    (void)mkfifo(in_tmp("f.lock"), 0600);
    ok(take(&a, "f.lock", 1000, &e) < 0 && e.kind == ERR_REFUSED, "a fifo: %s", e.text);
    (void)unlink(in_tmp("f.lock"));
    ok(take(&a, "f.lock", 0, &e) == 0 && rmdir(in_tmp("f.lock")) == 0, "one that is taken");
    put_file(in_tmp("f.lock"), "mine");
    claude_lock_release(&a);
    ok(file_exists(in_tmp("f.lock")), "and replaced by a file: not ours to remove");
    (void)unlink(in_tmp("f.lock"));
}

enum { WORKERS = 4, ROUNDS = 50 };

/* A number in a file, read and written by several: no step is lost. */
static void contended(void)
{
    struct err e = {0};
    int failed = 0;

    put_file(in_tmp("n"), "0");
    (void)fflush(stdout);
    for (int i = 0; i < WORKERS; i++) {
        if (fork() != 0) {
            continue;
        }
        for (int k = 0; k < ROUNDS; k++) {
            struct claude_lock l;
            char text[16];
            int n = 0;

            if (take(&l, "f.lock", 60000, &e) < 0) {
                _exit(1);
            }
            n = (int)strtol(get_file(in_tmp("n")), NULL, 10);
            (void)snprintf(text, sizeof(text), "%d", n + 1);
            put_file(in_tmp("n"), text);
            claude_lock_release(&l);
        }
        _exit(0);
    }
    for (int i = 0; i < WORKERS; i++) {
        int status = 0;

        (void)wait(&status);
        failed += status != 0 ? 1 : 0;
    }
    is_int(failed, 0, "everybody gets it in the end");
    is_str(get_file(in_tmp("n")), "200", "one at a time");
}

/* Whoever knows that no other cco is there need not wait for what a killed one left. */
static void of_the_dead(void)
{
    struct claude_lock dead;
    struct claude_lock l;
    struct err e = {0};

    claude_lock_init(&dead);
    claude_lock_init(&l);
    ok(claude_lock_take(&dead, in_tmp("dead.lock"), clock_ms(), &e) == 0, "one that is left");
    ok(claude_lock_take(&l, in_tmp("dead.lock"), clock_ms(), &e) < 0 && e.kind == ERR_TIMEOUT,
       "is held as far as others know");
    e = (struct err){0};
    l.alone = true;
    ok(claude_lock_take(&l, in_tmp("dead.lock"), clock_ms(), &e) == 0,
       "but not for who is alone %s", e.text);
    claude_lock_release(&l);
    claude_lock_release(&dead);
    ok(claude_lock_take(&dead, in_tmp("dead.lock"), clock_ms(), &e) == 0, "another one");
    claude_lock_sweep(in_tmp("dead.lock"));
    ok(!file_exists(in_tmp("dead.lock")), "is swept");
    claude_lock_sweep(in_tmp("dead.lock"));
    (void)mkdir(in_tmp("claude.lock"), 0700);
    claude_lock_sweep(in_tmp("claude.lock"));
    ok(file_is_dir(in_tmp("claude.lock")), "what has no mark stays");
    l.alone = true;
    ok(claude_lock_take(&l, in_tmp("claude.lock"), clock_ms(), &e) < 0, "claude's own counts");
    (void)rmdir(in_tmp("claude.lock"));
    claude_lock_release(&dead);
}

int main(void)
{
    tmpdir_make();
    one_holder();
    abandoned();
    planted();
    contended();
    of_the_dead();
    tmpdir_remove();
    return done_testing();
}
