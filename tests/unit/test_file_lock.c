/* SPDX-License-Identifier: MIT */
#include "base/file_lock.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void one_holder(void)
{
    const char *path = in_tmp("lock");
    struct err e = {0};
    int fd = file_lock(path, FILE_LOCK_NOW, &e);
    struct stat st;
    int status = 0;
    pid_t pid;

    ok(fd >= 0 && stat(path, &st) == 0 && (st.st_mode & 07777) == 0600, "a free lock is taken");
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        fd_close(&fd);
        _exit(file_lock(path, FILE_LOCK_NOW, &e) < 0 && e.kind == ERR_TIMEOUT ? 0 : 1);
    }
    (void)waitpid(pid, &status, 0);
    is_int(WEXITSTATUS(status), 0, "another process does not get a held lock");
    ok(file_is_locked(path), "file_is_locked() reports a held lock");
    fd_close(&fd);
    ok(!file_is_locked(path), "file_is_locked() reports a free lock");
    fd = file_lock(path, clock_ms() + 60000, &e);
    ok(fd >= 0, "a lock is free after its descriptor is closed");
    fd_close(&fd);
    (void)unlink(path);
    ok(!file_is_locked(path) && !file_exists(path), "file_is_locked() creates no file");
}

static void deadline(void)
{
    const char *path = in_tmp("tree.lock");
    struct err e = {0};
    int first = file_lock(path, clock_ms() + 1000, &e);
    int64_t before = clock_ms();
    int second;

    ok(first >= 0, "a free lock is taken immediately");
    second = file_lock(path, before + 100, &e);
    ok(second < 0 && e.kind == ERR_TIMEOUT && clock_ms() >= before + 100,
       "a held lock is waited for until the deadline: %s", e.text);
    err_reset(&e);
    second = file_lock(path, clock_ms() - 1, &e);
    ok(second < 0 && e.kind == ERR_TIMEOUT,
       "with a deadline in the past, a held lock is an error: %s", e.text);
    fd_close(&first);
    err_reset(&e);
    second = file_lock(path, clock_ms() - 1, &e);
    ok(second >= 0, "with a deadline in the past, a free lock is taken");
    fd_close(&second);
    before = clock_ms();
    second = file_lock(in_tmp("no/such/dir"), before + 60000, &e);
    ok(second < 0 && e.kind != ERR_NONE && e.kind != ERR_TIMEOUT && clock_ms() < before + 30000,
       "any other error is reported immediately: %s", e.text);
}

/* The holder removes the file while another process waits for the lock of that file. */
static void removed(void)
{
    const char *path = in_tmp("removed");
    struct err e = {0};
    int fd = file_lock(path, FILE_LOCK_NOW, &e);
    int holder = fcntl(fd, F_DUPFD_CLOEXEC, 100); /* the other process gets the number of fd */
    int64_t give_up_ms = clock_ms() + 10000;
    char link[64];
    char opened[256];
    ssize_t len = 0;
    int status = 0;
    pid_t pid;

    (void)close(fd);
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        fd_close(&holder);
        _exit(file_lock(path, clock_ms() + 60000, &e) >= 0 && file_exists(path) ? 0 : 1);
    }
    (void)snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)pid, fd);
    while (len <= 0 && clock_ms() < give_up_ms) {
        len = readlink(link, opened, sizeof(opened));
    }
    ok(len > 0 && str_eq_c(str_n(opened, (size_t)len), path),
       "another process waits for the lock of a file");
    (void)unlink(path);
    fd_close(&holder);
    (void)waitpid(pid, &status, 0);
    is_int(WEXITSTATUS(status), 0, "the file is removed, and the process locks a new one");
}

static void directories(void)
{
    struct err e = {0};
    int first = file_lock_dir(in_tmp(""), FILE_LOCK_NOW, &e);
    int second;
    int file = -1;

    ok(first >= 0, "a directory is locked");
    second = file_lock_dir(in_tmp(""), FILE_LOCK_NOW, &e);
    ok(second == -1 && e.kind == ERR_TIMEOUT, "a directory is locked only once: %s", e.text);
    fd_close(&first);
    err_reset(&e);
    second = file_lock_dir(in_tmp("lock"), FILE_LOCK_NOW, &e);
    ok(second < 0 && e.kind != ERR_NONE, "file_lock_dir() refuses a file: %s", e.text);
    err_reset(&e);
    file = file_open(in_tmp("opened"), O_RDWR | O_CREAT, 0600, &e);
    is_int(file_lock_fd(file, "opened", FILE_LOCK_NOW, &e), 0,
           "file_lock_fd() locks an open file");
    ok(file_is_locked(in_tmp("opened")), "that file is locked");
    fd_close(&file);
}

int main(void)
{
    tmpdir_make();
    one_holder();
    deadline();
    removed();
    directories();
    tmpdir_remove();
    return done_testing();
}
