/* SPDX-License-Identifier: MIT */
#include "cli/temp_file.h"

#include "base/env.h"
#include "base/fd.h"
#include "base/file.h"
#include "cli/app.h"
#include "engine/progress.h"
#include "net/wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A pipe that poll(2) reports as ready accepts AT_ONCE bytes. A larger write could block in the
 * kernel, and no signal would interrupt it there, because the signals of this process are
 * blocked. BLOCK is the size of the buffer, TEMPLATE_LEN the number of X that mkostemp(3)
 * replaces. */
enum { AT_ONCE = 4096, BLOCK = 64 << 10, TEMPLATE_LEN = 6 };

static int open_in(struct app *app, const char *dir, struct err *e)
{
    char *path = arena_printf(&app->arena, "%s/cco.%*s", dir, TEMPLATE_LEN, "");
    int fd = openat(AT_FDCWD, dir, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);

    if (fd >= 0) {
        return fd;
    }
    memset(path + strlen(path) - TEMPLATE_LEN, 'X', TEMPLATE_LEN);
    fd = mkostemp(path, O_CLOEXEC); /* the file system does not support O_TMPFILE */
    if (fd < 0) {
        return err_sys(e, "%s", dir);
    }
    (void)unlink(path);
    return fd;
}

int temp_file_open(struct app *app, struct err *e)
{
    const char *dir = env_value(app->env, "TMPDIR");

    if (dir == NULL || dir[0] != '/') {
        dir = access("/var/tmp", W_OK) == 0 ? "/var/tmp" : "/tmp";
    }
    return open_in(app, dir, e);
}

static int write_temp_file(int fd, const char *p, size_t len, struct err *e)
{
    if (fd_write_all(fd, p, len, e) == 0) {
        return 0;
    }
    (void)err_wrap(e, "temporary file");
    return e->errnum == ENOSPC || e->errnum == EDQUOT
               ? err_hint(e, "Set TMPDIR to a directory with more free space.")
               : -1;
}

int temp_file_in(struct app *app, int from, int to, struct progress *progress, struct err *e)
{
    const struct net_wait w = {.deadline_ms = -1, .sig = &app->sig};
    char *block = arena_alloc(&app->arena, BLOCK);
    uint64_t done = 0;
    ssize_t n;

    do {
        if (net_wait(&w, from, POLLIN, e) < 0) {
            return -1;
        }
        n = fd_read(from, block, BLOCK);
        if (n < 0) {
            return err_sys(e, "standard input");
        }
        if (write_temp_file(to, block, (size_t)n, e) < 0) {
            return -1;
        }
        done += (uint64_t)n;
        progress->transfer(progress, str_c("reading"), done, 0);
    } while (n > 0);
    return 0;
}

static int write_out(const struct net_wait *w, int to, bool is_file, struct str bytes,
                     struct err *e)
{
    while (bytes.len > 0) {
        size_t want = is_file || bytes.len < AT_ONCE ? bytes.len : AT_ONCE;
        ssize_t n;

        if (net_wait(w, to, POLLOUT, e) < 0) {
            return -1;
        }
        n = fd_write(to, bytes.p, want);
        if (n < 0 && errno != EAGAIN) {
            return err_sys(e, "standard output");
        }
        bytes = str_drop(bytes, n > 0 ? (size_t)n : 0);
    }
    return 0;
}

int temp_file_out(struct app *app, int from, int to, struct progress *progress, struct err *e)
{
    const struct net_wait w = {.deadline_ms = -1, .sig = &app->sig};
    char *block = arena_alloc(&app->arena, BLOCK);
    off_t total = lseek(from, 0, SEEK_END);
    bool is_file = false;
    struct stat st;
    uint64_t done = 0;
    ssize_t n;

    if (total < 0 || lseek(from, 0, SEEK_SET) < 0) {
        return err_sys(e, "temporary file");
    }
    is_file = fstat(to, &st) == 0 && S_ISREG(st.st_mode);
    do {
        n = fd_read(from, block, BLOCK);
        if (n < 0) {
            return err_sys(e, "temporary file");
        }
        if (write_out(&w, to, is_file, str_n(block, (size_t)n), e) < 0) {
            return -1;
        }
        done += (uint64_t)n;
        progress->transfer(progress, str_c("writing"), done, (uint64_t)total);
    } while (n > 0);
    return 0;
}
