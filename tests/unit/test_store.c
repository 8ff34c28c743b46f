/* SPDX-License-Identifier: MIT */
#include "creds/store.h"

#include "base/clock.h"
#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

static struct arena arena;

static struct store file_store(const char *name)
{
    return (struct store){.kind = STORE_FILE,
                          .dir = arena_strdup(&arena, tmpdir),
                          .path = arena_strdup(&arena, in_tmp(name))};
}

static const char *text_of(const struct store *s, struct err *e)
{
    static char text[256];
    struct buf out;

    buf_init(&out, LIMIT_CREDENTIALS);
    *e = (struct err){0};
    (void)snprintf(text, sizeof(text), "%s",
                   store_read(s, &out, e) < 0 ? "(none)" : buf_c(&out));
    buf_wipe(&out);
    return text;
}

static void files_are_replaced(void)
{
    struct store s = file_store("login");
    struct err e = {0};
    struct stat before;
    struct stat after;

    is_str(store_name(&s, &arena), in_tmp("login"), "a file is named by its path");
    is_str(text_of(&s, &e), "(none)", "a missing file cannot be read");
    is_int(e.kind, ERR_NOT_FOUND, "a missing file is not found");
    ok(store_write(&s, str_c("one"), &e) == 0 && mode_of(in_tmp("login")) == 0600,
       "a new file is made, private");
    is_str(text_of(&s, &e), "one", "the new file has the text");
    (void)chmod(in_tmp("login"), 0644);
    put_file(in_tmp("login.cco-tmp"), "left over");
    (void)chmod(in_tmp("login.cco-tmp"), 0666);
    ok(stat(in_tmp("login"), &before) == 0 && store_write(&s, str_c("two"), &e) == 0 &&
           stat(in_tmp("login"), &after) == 0 && before.st_ino != after.st_ino,
       "an existing file is replaced by another one");
    is_str(text_of(&s, &e), "two", "the file has the new text");
    ok(mode_of(in_tmp("login")) == 0600 && !file_exists(in_tmp("login.cco-tmp")),
       "the new file is private, and no temporary file is left");
    ok(symlink("login", in_tmp("link")) == 0, "a link to the file can be made");
    s = file_store("link");
    ok(store_write(&s, str_c("three"), &e) == 0 && lstat(in_tmp("link"), &after) == 0 &&
           S_ISLNK(after.st_mode),
       "a link stays a link");
    is_str(get_file(in_tmp("login")), "three", "the target of the link has the new text");
}

static void odd_files_are_refused(void)
{
    static char big[LIMIT_CREDENTIALS + 1];
    struct store s = file_store("dangling");
    struct err e = {0};
    struct buf out;

    buf_init(&out, LIMIT_CREDENTIALS);
    ok(symlink("nowhere", in_tmp("dangling")) == 0 && store_write(&s, str_c("x"), &e) < 0 &&
           e.kind == ERR_REFUSED && !file_exists(in_tmp("nowhere")),
       "a link without a target is refused: %s", e.text);
    s = file_store("fifo");
    ok(mkfifo(in_tmp("fifo"), 0600) == 0 && store_read(&s, &out, &e) < 0 &&
           e.kind == ERR_REFUSED,
       "a fifo is not read: %s", e.text);
    ok(store_write(&s, str_c("x"), &e) < 0 && e.kind == ERR_REFUSED,
       "a fifo is not replaced: %s", e.text);
    s = file_store("dir");
    ok(mkdir(in_tmp("dir"), 0700) == 0 && store_read(&s, &out, &e) < 0 &&
           store_write(&s, str_c("x"), &e) < 0 && file_is_dir(in_tmp("dir")),
       "a directory is neither read nor replaced: %s", e.text);
    s = file_store("big");
    put_file(in_tmp("big"), "");
    ok(truncate(in_tmp("big"), 1 << 30) == 0 && store_read(&s, &out, &e) < 0 &&
           e.kind == ERR_LIMIT,
       "a file of one gibibyte is refused: %s", e.text);
    s = file_store("login");
    ok(store_write(&s, str_n(big, sizeof(big)), &e) < 0 && e.kind == ERR_LIMIT,
       "a text that is too long is refused: %s", e.text);
    is_str(get_file(in_tmp("login")), "three", "the file has the old text");
    ok(mkdir(in_tmp("login.cco-tmp"), 0700) == 0 && store_write(&s, str_c("x"), &e) < 0,
       "a directory with the temporary name is an error: %s", e.text);
    is_str(get_file(in_tmp("login")), "three", "the file has the old text");
    (void)rmdir(in_tmp("login.cco-tmp"));
    s = file_store("no/such/login");
    ok(store_write(&s, str_c("x"), &e) < 0, "writing into a missing directory fails: %s",
       e.text);
    buf_wipe(&out);
}

static void keychain_items_are_read_and_written(void)
{
    char path[] = "PATH=/usr/bin:/bin";
    char *env[] = {path, NULL};
    struct store s = {.kind = STORE_KEYCHAIN,
                      .program = in_tmp("security"),
                      .service = "Claude Code-credentials",
                      .account = "ann",
                      .env = env};
    struct err e = {0};

    put_file(in_tmp("security"), "#!/bin/sh\n[ \"$1\" = -i ] && cat >/dev/null || echo '{}'\n");
    (void)chmod(in_tmp("security"), 0700);
    is_str(store_name(&s, &arena), "the Keychain item Claude Code-credentials",
           "a Keychain item is named by its service");
    is_str(text_of(&s, &e), "{}", "an item is read");
    ok(store_write(&s, str_c(" {} "), &e) == 0, "an item is written %s", e.text);
    ok(store_write(&s, str_c("[]"), &e) < 0 && strstr(e.text, "the Keychain item") != NULL,
       "the error of an item names it: %s", e.text);
}

/* Starts a child that holds the lock until it is killed. */
static pid_t holder(const struct store *s)
{
    int fds[2];
    char ready = 0;
    pid_t pid;

    (void)fflush(stdout);
    if (pipe(fds) < 0) {
        abort();
    }
    pid = fork();
    if (pid == 0) {
        struct store_lock l;
        struct err e = {0};

        if (store_lock(s, &l, &e) < 0 || write(fds[1], "x", 1) != 1) {
            _exit(1);
        }
        (void)close(fds[1]);
        for (;;) {
            (void)poll(NULL, 0, 1000);
        }
    }
    (void)close(fds[1]);
    (void)!read(fds[0], &ready, 1);
    (void)close(fds[0]);
    return pid;
}

static void store_is_locked(void)
{
    struct store s = file_store("home/claude/login");
    struct store_lock l;
    struct err e = {0};
    int64_t start;
    pid_t pid;

    s.dir = arena_strdup(&arena, in_tmp("linked"));
    ok(symlink("home/claude", in_tmp("linked")) == 0 && mkdir(in_tmp("home"), 0700) == 0 &&
           mkdir(in_tmp("home/claude"), 0700) == 0,
       "a directory behind a link can be made");
    ok(store_lock(&s, &l, &e) == 0 && file_is_dir(in_tmp("home/claude/.oauth_refresh.lock")) &&
           file_is_dir(in_tmp("home/claude.lock")) && !file_exists(in_tmp("linked.lock")),
       "claude's locks are taken beside the directory itself %s", e.text);
    store_unlock(&l);
    store_unlock(&l);
    ok(!file_exists(in_tmp("home/claude/.oauth_refresh.lock")) &&
           !file_exists(in_tmp("home/claude.lock")),
       "claude's locks are released, also by a second call");
    s.dir = arena_strdup(&arena, in_tmp("home/new/claude"));
    ok(store_lock(&s, &l, &e) == 0 && mode_of(in_tmp("home/new/claude")) == 0700,
       "a missing directory is made, private %s", e.text);
    store_unlock(&l);
    pid = holder(&s);
    start = clock_ms();
    ok(store_lock(&s, &l, &e) < 0 && e.kind == ERR_TIMEOUT && l.fd == -1,
       "a lock that another process holds is not taken: %s", e.text);
    ok(clock_ms() - start >= 9000 && clock_ms() - start < 15000,
       "the function waits ten seconds for it");
    store_lock_sweep(&s);
    ok(file_is_dir(in_tmp("home/new/claude.lock")), "locks of a living process are not swept");
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    ok(file_is_dir(in_tmp("home/new/claude.lock")), "a killed process leaves claude's locks");
    store_lock_sweep(&s);
    ok(!file_exists(in_tmp("home/new/claude/.oauth_refresh.lock")) &&
           !file_exists(in_tmp("home/new/claude.lock")),
       "locks of a killed process are swept");
    err_reset(&e);
    ok(store_lock(&s, &l, &e) == 0, "the lock of a killed process can be taken at once %s",
       e.text);
    store_unlock(&l);
    put_file(in_tmp("home/file"), "");
    s.dir = arena_strdup(&arena, in_tmp("home/file"));
    ok(store_lock(&s, &l, &e) < 0 && l.fd == -1,
       "a file instead of the directory is an error: %s", e.text);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    tmpdir_make();
    files_are_replaced();
    odd_files_are_refused();
    keychain_items_are_read_and_written();
    store_is_locked();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
