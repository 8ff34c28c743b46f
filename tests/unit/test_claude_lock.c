/* SPDX-License-Identifier: MIT */
#include "creds/claude_lock.h"

#include "base/clock.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <time.h>

/* Sets the modification time to `seconds` ago. */
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

static void lock_has_one_holder(void)
{
    struct claude_lock a;
    struct claude_lock b;
    struct err e = {0};
    int64_t start;

    ok(take(&a, "f.lock", 0, &e) == 0 && file_is_dir(in_tmp("f.lock")), "a free lock is taken");
    start = clock_ms();
    ok(take(&b, "f.lock", 60, &e) < 0 && e.kind == ERR_TIMEOUT && clock_ms() - start >= 60,
       "the function waits for a lock that is held: %s", e.text);
    ok(strstr(e.text, in_tmp("f.lock")) != NULL, "the error names the lock");
    claude_lock_release(&b);
    ok(file_is_dir(in_tmp("f.lock")),
       "a process that does not hold the lock does not remove it");
    claude_lock_release(&a);
    ok(!file_exists(in_tmp("f.lock")), "a released lock is removed");
    claude_lock_release(&a);
    ok(take(&a, "none/f.lock", 0, &e) < 0 && e.kind == ERR_SYS,
       "a lock in a directory that does not exist fails: %s", e.text);
}

static void abandoned_lock_is_taken(void)
{
    struct claude_lock a;
    struct claude_lock b;
    struct err e = {0};

    (void)mkdir(in_tmp("f.lock"), 0700);
    age(in_tmp("f.lock"), 8);
    ok(take(&a, "f.lock", 0, &e) < 0 && e.kind == ERR_TIMEOUT,
       "a lock that was renewed eight seconds ago is held");
    age(in_tmp("f.lock"), 11);
    ok(take(&a, "f.lock", 1000, &e) == 0,
       "a lock that was not renewed for eleven seconds is taken: %s", e.text);
    age(in_tmp("f.lock"), 11);
    ok(take(&b, "f.lock", 1000, &e) == 0,
       "the lock of its new holder can be abandoned as well");
    claude_lock_release(&a);
    ok(file_is_dir(in_tmp("f.lock")),
       "the former holder does not remove the lock of its successor");
    claude_lock_release(&b);
    ok(!file_exists(in_tmp("f.lock")), "the last holder removes the lock");
    (void)mkdir(in_tmp("f.lock"), 0700);
    age(in_tmp("f.lock"), -3600);
    ok(take(&a, "f.lock", 1000, &e) == 0, "a lock with a time in the future is abandoned");
    claude_lock_release(&a);
    (void)mkdir(in_tmp("f.lock"), 0700);
    put_file(in_tmp("f.lock/x"), "");
    age(in_tmp("f.lock"), 11);
    ok(take(&a, "f.lock", 1000, &e) < 0 && e.kind == ERR_SYS,
       "an abandoned lock that is not empty is an error: %s", e.text);
    (void)unlink(in_tmp("f.lock/x"));
    (void)rmdir(in_tmp("f.lock"));
}

static void other_files_in_its_place_are_refused(void)
{
    struct claude_lock a;
    struct err e = {0};

    put_file(in_tmp("f.lock"), "");
    age(in_tmp("f.lock"), 11);
    ok(take(&a, "f.lock", 1000, &e) < 0 && e.kind == ERR_REFUSED &&
           strstr(e.text, in_tmp("f.lock")) != NULL,
       "a file with the lock's name is refused: %s", e.text);
    ok(file_exists(in_tmp("f.lock")), "that file stays");
    (void)unlink(in_tmp("f.lock"));
    (void)mkdir(in_tmp("d"), 0700);
    age(in_tmp("d"), 11);
    (void)symlink(in_tmp("d"), in_tmp("f.lock"));
    ok(take(&a, "f.lock", 1000, &e) < 0 && e.kind == ERR_REFUSED && file_is_dir(in_tmp("d")),
       "a link is not followed: %s", e.text);
    (void)unlink(in_tmp("f.lock"));
    (void)mkfifo(in_tmp("f.lock"), 0600);
    ok(take(&a, "f.lock", 1000, &e) < 0 && e.kind == ERR_REFUSED,
       "a fifo with the lock's name is refused: %s", e.text);
    (void)unlink(in_tmp("f.lock"));
    ok(take(&a, "f.lock", 0, &e) == 0 && rmdir(in_tmp("f.lock")) == 0,
       "a lock that this process holds is removed by another");
    put_file(in_tmp("f.lock"), "mine");
    claude_lock_release(&a);
    ok(file_exists(in_tmp("f.lock")), "a file that replaced the lock is not removed");
    (void)unlink(in_tmp("f.lock"));
}

enum { WORKERS = 4, ROUNDS = 50 };

/* Several processes increment a number in a file; no increment is lost. */
static void processes_exclude_each_other(void)
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
    is_int(failed, 0, "every process gets the lock in the end");
    is_str(get_file(in_tmp("n")), "200", "only one process at a time holds the lock");
}

/* A process that knows that no other cco can hold the lock does not wait for a killed one. */
static void locks_of_a_killed_cco_are_removed(void)
{
    struct claude_lock dead;
    struct claude_lock l;
    struct err e = {0};

    claude_lock_init(&dead);
    claude_lock_init(&l);
    ok(claude_lock_take(&dead, in_tmp("dead.lock"), clock_ms(), &e) == 0,
       "a lock of a cco that is killed then");
    ok(claude_lock_take(&l, in_tmp("dead.lock"), clock_ms(), &e) < 0 && e.kind == ERR_TIMEOUT,
       "other processes wait for it");
    e = (struct err){0};
    l.alone = true;
    ok(claude_lock_take(&l, in_tmp("dead.lock"), clock_ms(), &e) == 0,
       "a process that is alone takes it at once %s", e.text);
    claude_lock_release(&l);
    claude_lock_release(&dead);
    ok(claude_lock_take(&dead, in_tmp("dead.lock"), clock_ms(), &e) == 0,
       "another lock of a killed cco");
    claude_lock_sweep(in_tmp("dead.lock"));
    ok(!file_exists(in_tmp("dead.lock")), "a lock with cco's mark is swept");
    claude_lock_sweep(in_tmp("dead.lock"));
    (void)mkdir(in_tmp("claude.lock"), 0700);
    claude_lock_sweep(in_tmp("claude.lock"));
    ok(file_is_dir(in_tmp("claude.lock")), "a lock without cco's mark is not swept");
    l.alone = true;
    ok(claude_lock_take(&l, in_tmp("claude.lock"), clock_ms(), &e) < 0,
       "a process that is alone waits for claude's own lock");
    (void)rmdir(in_tmp("claude.lock"));
    claude_lock_release(&dead);
}

int main(void)
{
    tmpdir_make();
    lock_has_one_holder();
    abandoned_lock_is_taken();
    other_files_in_its_place_are_refused();
    processes_exclude_each_other();
    locks_of_a_killed_cco_are_removed();
    tmpdir_remove();
    return done_testing();
}
