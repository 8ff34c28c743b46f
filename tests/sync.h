/* SPDX-License-Identifier: MIT */
/* Two trees in a private directory (tmpdir.h), local/ and remote/, and runs that synchronize
 * them over a socket pair. The remote end is a child process, as in a container. The content of
 * a tree is read by code that shares nothing with that of the product. */
#ifndef TESTS_SYNC_H
#define TESTS_SYNC_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hash.h"
#include "sync/sync.h"
#include "tmpdir.h"

enum { SYNC_TEST_WAIT_MS = 60000 };

/* A sync_io over a socket. */
struct line {
    struct sync_io io;
    int fd;
    long calls_left; /* calls until the process kills itself; -1: it never does */
};

static void line_count(struct line *l)
{
    if (l->calls_left >= 0 && l->calls_left-- == 0) {
        (void)kill(getpid(), SIGKILL);
    }
}

static int line_fill(struct sync_io *io, struct buf *in, struct err *e)
{
    struct line *l = (struct line *)io;
    struct pollfd p = {l->fd, POLLIN, 0};
    size_t len = buf_room(in) < 65536 ? buf_room(in) : 65536;
    char *to = buf_reserve(in, len);
    ssize_t got;

    line_count(l);
    if (poll(&p, 1, SYNC_TEST_WAIT_MS) <= 0) {
        return err_set(e, ERR_TIMEOUT, "nothing comes");
    }
    got = read(l->fd, to, len);
    if (got <= 0) {
        return got < 0 && errno != ECONNRESET ? err_sys(e, "read")
                                              : err_set(e, ERR_EOF, "the line is cut");
    }
    buf_commit(in, (size_t)got);
    return 0;
}

static int line_send(struct sync_io *io, struct str data, struct err *e)
{
    struct line *l = (struct line *)io;

    while (data.len > 0) {
        ssize_t put;

        line_count(l);
        put = send(l->fd, data.p, data.len < 50000 ? data.len : 50000, MSG_NOSIGNAL);
        if (put <= 0) {
            return err_sys(e, "send");
        }
        data = str_drop(data, (size_t)put);
    }
    return 0;
}

__attribute__((unused)) static struct line line_on(int fd)
{
    return (struct line){{line_fill, line_send}, fd, -1};
}

/* The settings of a run. All zeros mean a usual run in both directions. */
struct sync_run {
    bool push_only, pull_only, look, git;
    struct sync_filter *filter;
    /* The end is killed in this call of its sync_io, counted from 1; 0: never. */
    long kill_remote, kill_lead;
    uint64_t uid, gid;
};

static struct arena sync_arena;
static struct sync_job sync_last;

/* Makes a run. Returns the result of sync_lead(), and -2 if the local end was killed.
 * *remote_status, if not NULL, becomes the exit status of the remote end. */
__attribute__((unused)) static int sync_run(const struct sync_run *r, struct err *e,
                                            int *remote_status)
{
    static char local[128];
    static char remote[128];
    static char base[128];
    static char remote_base[128];
    static struct sync_tree tree;
    int fds[2];
    int status = 0;
    int rc;
    pid_t child;
    pid_t lead = 0;

    (void)snprintf(local, sizeof(local), "%s/local", tmpdir);
    (void)snprintf(remote, sizeof(remote), "%s/remote", tmpdir);
    (void)snprintf(base, sizeof(base), "%s/base", tmpdir);
    (void)snprintf(remote_base, sizeof(remote_base), "%s/remote-base", tmpdir);
    (void)mkdir(local, 0755);
    (void)mkdir(base, 0700);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
        abort();
    }
    child = fork();
    if (child == 0) {
        struct line l = line_on(fds[1]);
        struct err why = {0};

        l.calls_left = r->kill_remote > 0 ? r->kill_remote - 1 : -1;
        (void)close(fds[0]);
        rc = sync_serve(&l.io, &why);
        arena_release(&sync_arena);
        _exit(rc == 0 ? 0 : why.kind == ERR_EOF ? 3 : 4);
    }
    (void)close(fds[1]);
    if (r->kill_lead > 0) {
        lead = fork();
    }
    if (lead == 0) {
        struct line l = line_on(fds[0]);

        l.calls_left = r->kill_lead > 0 ? r->kill_lead - 1 : -1;
        tree = (struct sync_tree){.id = "tree",
                                  .local_path = local,
                                  .remote_path = remote,
                                  .push = !r->pull_only,
                                  .pull = !r->push_only,
                                  .filter = r->filter,
                                  .git = r->git};
        sync_last = (struct sync_job){.trees = &tree,
                                      .tree_count = 1,
                                      .base_dir = base,
                                      .remote_base_dir = remote_base,
                                      .uid = r->uid,
                                      .gid = r->gid,
                                      .arena = &sync_arena,
                                      .look = r->look};
        rc = sync_lead(&l.io, &sync_last, e);
        if (r->kill_lead > 0) {
            arena_release(&sync_arena);
            _exit(rc == 0 ? 0 : 1);
        }
    } else {
        (void)close(fds[0]);
        (void)waitpid(lead, &status, 0);
        rc = WIFEXITED(status) ? -WEXITSTATUS(status) : -2;
        fds[0] = -1;
    }
    if (fds[0] >= 0) {
        (void)close(fds[0]);
    }
    (void)waitpid(child, &status, 0);
    if (remote_status != NULL) {
        *remote_status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    return rc;
}

/* Makes a usual run. Returns true if it succeeds, otherwise prints the error. */
__attribute__((unused)) static bool sync_both(void)
{
    const struct sync_run r = {0};
    struct err e = {0};
    int rc = sync_run(&r, &e, NULL);

    if (rc != 0) {
        (void)printf("# %s\n", e.text);
    }
    return rc == 0;
}

/* Writes the SHA-256 of a file as hex digits. Holes are read as zeros. */
static void tree_content(int fd, char out[SHA256_HEX])
{
    static char bytes[1 << 16];
    struct sha256 h;
    ssize_t got;

    sha256_init(&h);
    while ((got = read(fd, bytes, sizeof(bytes))) > 0) {
        sha256_add(&h, bytes, (size_t)got);
    }
    sha256_hex(&h, out);
}

static int tree_by_name(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;

    return strcmp(*x, *y);
}

static void tree_text(struct buf *out, int dir, const char *prefix, bool times);

static void tree_entry(struct buf *out, int dir, const char *prefix, const char *name,
                       bool times)
{
    char hex[SHA256_HEX] = "";
    char target[4096] = "";
    struct stat st;
    int fd;

    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
        abort();
    }
    (void)buf_addf(out, "%s%s", prefix, name);
    if (S_ISDIR(st.st_mode)) {
        char *below = malloc(strlen(prefix) + strlen(name) + 2);

        (void)buf_addf(out, " dir %o", st.st_mode & 07777);
        if (times) {
            (void)buf_addf(out, " %lld.%09ld", (long long)st.st_mtim.tv_sec,
                           st.st_mtim.tv_nsec);
        }
        (void)buf_addf(out, "\n");
        (void)sprintf(below, "%s%s/", prefix, name);
        fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        tree_text(out, fd, below, times);
        (void)close(fd);
        free(below);
        return;
    }
    if (S_ISLNK(st.st_mode)) {
        ssize_t len = readlinkat(dir, name, target, sizeof(target) - 1);

        target[len < 0 ? 0 : len] = '\0';
        (void)buf_addf(out, " link %s\n", target);
        return;
    }
    if (!S_ISREG(st.st_mode)) {
        (void)buf_addf(out, " special\n");
        return;
    }
    fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        tree_content(fd, hex);
        (void)close(fd);
    }
    (void)buf_addf(out, " file %o %lld %s %lld.%09ld\n", st.st_mode & 07777,
                   (long long)st.st_size, hex, (long long)st.st_mtim.tv_sec,
                   st.st_mtim.tv_nsec);
}

static void tree_text(struct buf *out, int dir, const char *prefix, bool times)
{
    DIR *d = fdopendir(dup(dir));
    const struct dirent *entry;
    char **names = NULL;
    size_t count = 0;

    if (d == NULL) {
        abort();
    }
    rewinddir(d);
    while ((entry = readdir(d)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            names = realloc(names, (count + 1) * sizeof(*names));
            names[count++] = strdup(entry->d_name);
        }
    }
    (void)closedir(d);
    if (count > 0) {
        qsort(names, count, sizeof(*names), tree_by_name);
    }
    for (size_t i = 0; i < count; i++) {
        tree_entry(out, dir, prefix, names[i], times);
        free(names[i]);
    }
    free(names);
}

/* Adds the content of a tree of the test as text. With `times`, directories have their times.
 */
__attribute__((unused)) static void tree_of(const char *name, bool times, struct buf *out)
{
    int fd = open(in_tmp(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    buf_init(out, 256 << 20);
    if (fd >= 0) {
        tree_text(out, fd, "", times);
        (void)close(fd);
    }
    (void)buf_c(out);
}

/* Returns true if local/ and remote/ have the same content. */
__attribute__((unused)) static bool trees_alike(bool times)
{
    struct buf a;
    struct buf b;
    bool alike;

    tree_of("local", times, &a);
    tree_of("remote", times, &b);
    alike = str_eq(buf_str(&a), buf_str(&b));
    if (!alike) {
        (void)printf("# local:\n%.3000s\n# remote:\n%.3000s\n", a.len > 0 ? buf_c(&a) : "",
                     b.len > 0 ? buf_c(&b) : "");
    }
    buf_release(&a);
    buf_release(&b);
    return alike;
}

/* The next functions change the files of the test. Names begin with local/ or remote/. */
__attribute__((unused)) static void write_at(const char *name, const char *text, int64_t mtime)
{
    const struct timespec times[2] = {{mtime, 123456789}, {mtime, 123456789}};

    put_file(in_tmp(name), text);
    if (utimensat(AT_FDCWD, in_tmp(name), times, 0) < 0) {
        abort();
    }
}

__attribute__((unused)) static void dir_at(const char *name)
{
    if (mkdir(in_tmp(name), 0755) < 0 && errno != EEXIST) {
        (void)printf("# cannot make %s\n", name);
        abort();
    }
}

__attribute__((unused)) static void remove_at(const char *name)
{
    struct err e = {0};

    if (file_remove_tree(in_tmp(name), &e) < 0) {
        abort();
    }
}

/* Starts with an empty local tree, no remote tree and no bases. */
__attribute__((unused)) static void sync_fresh(void)
{
    remove_at("local");
    remove_at("remote");
    remove_at("base");
    remove_at("remote-base");
    dir_at("local");
}

__attribute__((unused)) static void sync_start(void)
{
    tmpdir_make();
}

__attribute__((unused)) static void sync_end(void)
{
    tmpdir_remove();
    arena_release(&sync_arena);
}

#endif
