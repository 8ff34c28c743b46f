/* SPDX-License-Identifier: MIT */
#include "native/idmap.h"

#include "base/fd.h"
#include "base/file.h"
#include "native/tree.h"
#include "native/userns_error.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_SIZE = 64 };

/* A map of the id of root, to nobody. All other ids have no mapping, and the kernel shows them
 * as nobody, too. */
#define MAP "0 65534 1"

/* Returns true if the error means that the kernel, the file system or a filter does not support
 * id-mapped mounts. Any other error is a fault. */
static bool is_missing(const struct err *e)
{
    switch (e->errnum) {
    case EPERM:
    case EACCES:
    case EINVAL:
    case ENOSYS:
    case EOPNOTSUPP:
    case EUSERS:
        return true;
    default:
        return e->kind == ERR_NOT_FOUND || e->kind == ERR_REFUSED;
    }
}

static int write_map(pid_t pid, const char *name, struct err *e)
{
    char path[PATH_SIZE];
    int fd;
    int rc;

    (void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
    fd = file_open(path, O_WRONLY, 0, e);
    if (fd < 0) {
        return -1;
    }
    rc = fd_write_all(fd, MAP, strlen(MAP), e);
    fd_close(&fd);
    return rc;
}

/* Writes the maps of the process's user namespace, and opens the namespace. */
static int open_namespace(pid_t pid, struct err *e)
{
    char path[PATH_SIZE];

    if (write_map(pid, "uid_map", e) < 0 || write_map(pid, "gid_map", e) < 0) {
        return -1;
    }
    (void)snprintf(path, sizeof(path), "/proc/%d/ns/user", (int)pid);
    return file_open(path, O_RDONLY, 0, e);
}

/* Keeps the namespace alive until the parent has opened it: waits until the parent closes the
 * other end of the pipe, or dies, and exits. */
static _Noreturn void wait_for_parent(int until[2])
{
    char byte;

    (void)close(until[1]);
    (void)fd_read(until[0], &byte, 1);
    _exit(0);
}

static int open_new(struct err *e)
{
    int until[2] = {-1, -1};
    pid_t pid;
    int fd;

    if (fd_pipe(until, e) < 0) {
        return -1;
    }
    pid = (pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL);
    if (pid == 0) {
        wait_for_parent(until);
    }
    fd = pid < 0 ? err_sys(e, "make a user namespace") : open_namespace(pid, e);
    fd_close(&until[0]);
    fd_close(&until[1]);
    if (pid < 0) {
        return userns_error_mark(e, USERNS_ERROR_CLONE); /* ENOSPC can mean a limit of 0 */
    }
    (void)kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
    }
    return fd;
}

int idmap_open(struct err *e)
{
    int fd = open_new(e);

    if (fd < 0 && is_missing(e)) {
        e->kind = ERR_REFUSED;
    }
    return fd;
}

int idmap_works(int idmap, const char *path, struct err *e)
{
    struct err why = {0};
    struct tree t;

    if (idmap < 0 || !tree_has_api()) {
        return 0;
    }
    if (tree_open_idmapped(&t, path, TREE_READ_ONLY, idmap, &why) == 0) {
        tree_close(&t);
        return 1;
    }
    if (is_missing(&why)) {
        return 0;
    }
    *e = why;
    return -1;
}
