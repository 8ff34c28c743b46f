/* SPDX-License-Identifier: MIT */
#include "cli/temp_file.h"

#include "base/fd.h"
#include "cli/app.h"
#include "progress.h"
#include "tap.h"
#include "tmpdir.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/wait.h>

enum { SIZE = 300000 };

static char env[1][300];
static char *envp[] = {env[0], NULL};

static unsigned files_in(const char *dir)
{
    DIR *d = opendir(dir);
    unsigned n = 0;

    while (d != NULL && readdir(d) != NULL) {
        n++;
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    return n;
}

/* Copies data from a pipe into a temporary file, and from the file into another pipe. */
static void there_and_back(struct app *app, struct progress *progress)
{
    static unsigned char sent[SIZE];
    static unsigned char got[SIZE + 1];
    int in[2];
    int out[2];
    size_t n = 0;
    ssize_t len;
    struct err e = {0};
    int fd = temp_file_open(app, &e);

    ok(fd >= 0, "a temporary file is opened %s", e.text);
    is_int(files_in(in_tmp("tmp")), 2, "it has no name");
    for (size_t i = 0; i < SIZE; i++) {
        sent[i] = (unsigned char)(i * 7 + i / 251);
    }
    if (fd_pipe(in, &e) < 0 || fd_pipe(out, &e) < 0) {
        abort();
    }
    if (fork() == 0) {
        (void)close(in[0]);
        (void)fd_write_all(in[1], sent, SIZE, &e);
        _exit(0);
    }
    (void)close(in[1]);
    is_int(temp_file_in(app, in[0], fd, progress, &e), 0,
           "all data of a pipe is copied into the file");
    if (fork() == 0) {
        (void)close(out[0]);
        _exit(temp_file_out(app, fd, out[1], progress, &e) == 0 ? 0 : 1);
    }
    (void)close(out[1]);
    while ((len = fd_read(out[0], got + n, sizeof(got) - n)) > 0) {
        n += (size_t)len;
    }
    is_mem(got, n, sent, SIZE, "the same data is copied out of it");
    (void)close(in[0]);
    (void)close(out[0]);
    (void)close(fd);
    while (wait(NULL) > 0) {
    }
}

/* No process reads from the pipe, and a signal ends the copy. */
static void canceled(struct app *app, struct progress *progress)
{
    static const char zeros[SIZE];
    int out[2];
    struct err e = {0};
    int fd = temp_file_open(app, &e);

    if (fd < 0 || fd_pipe(out, &e) < 0 || fd_write_all(fd, zeros, SIZE, &e) < 0) {
        abort();
    }
    if (fork() == 0) {
        (void)usleep(100000); /* until the copy blocks; an earlier signal is right, too */
        (void)kill(getppid(), SIGINT);
        _exit(0);
    }
    ok(temp_file_out(app, fd, out[1], progress, &e) < 0 && e.kind == ERR_CANCELED,
       "a signal ends a copy that no process reads: %s", e.text);
    (void)close(out[0]);
    err_reset(&e);
    ok(temp_file_out(app, fd, out[1], progress, &e) < 0 && e.kind == ERR_SYS,
       "a pipe without a reader is an error: %s", e.text);
    (void)close(out[1]);
    (void)close(fd);
    while (wait(NULL) > 0) {
    }
}

static void full(struct app *app, struct progress *progress)
{
    struct err e = {0};
    int in = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    int to = open("/dev/full", O_RDWR | O_CLOEXEC);

    ok(temp_file_in(app, in, to, progress, &e) < 0 && strstr(e.hint, "TMPDIR") != NULL,
       "a full file system is an error with a hint: %s (%s)", e.text, e.hint);
    (void)close(in);
    (void)close(to);
    (void)snprintf(env[0], sizeof(env[0]), "TMPDIR=%s", in_tmp("none"));
    err_reset(&e);
    ok(temp_file_open(app, &e) < 0, "a missing directory is an error: %s", e.text);
}

int main(void)
{
    static struct app app;
    struct noted noted;
    struct err e = {0};

    app.env = envp;
    tmpdir_make();
    (void)mkdir(in_tmp("tmp"), 0700);
    (void)snprintf(env[0], sizeof(env[0]), "TMPDIR=%s", in_tmp("tmp"));
    noted_init(&noted);
    ok(sig_open(&app.sig, &e) == 0, "signals are blocked %s", e.text);
    there_and_back(&app, &noted.progress);
    canceled(&app, &noted.progress);
    full(&app, &noted.progress);
    sig_close(&app.sig);
    buf_release(&noted.text);
    arena_release(&app.arena);
    tmpdir_remove();
    return done_testing();
}
