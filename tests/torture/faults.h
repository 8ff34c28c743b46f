/* SPDX-License-Identifier: MIT */
/* System calls, one of which fails. scripts/test-programs.sh renames the calls of the product
 * to the functions here. The failing call is chosen by the process that makes it and by its
 * number. Calls are counted from the start of a sandbox in cco until the command has been
 * started, in cco, in init, and in the process that becomes the command. */
#ifndef TESTS_FAULTS_H
#define TESTS_FAULTS_H

#include "engine/native_sandbox.h"
#include "init/serve.h"
#include "plan/facts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The processes, in the order in which they are forked. */
enum fault_who { FAULT_CCO, FAULT_INIT, FAULT_COMMAND, FAULT_ROLES };

/* The kinds of calls. */
enum fault_kind {
    FAULT_OTHER,
    FAULT_KEY, /* it makes a part of the confinement */
    FAULT_STEP /* one of many similar calls */
};

enum { FAULT_CALLS_MAX = 4096 };

/* In memory that all these processes share. */
struct fault {
    /* chosen by the test */
    enum fault_who who;
    int at; /* the number of the failing call, from 1 on; 0: no call fails */
    int errnum;
    bool no_namespaces; /* every call that makes namespaces fails */
    bool no_mount_api;  /* the calls of the mount API fail, as before Linux 5.12 */
    /* the result */
    int calls[FAULT_ROLES];
    enum fault_kind kinds[FAULT_ROLES][FAULT_CALLS_MAX];
    bool met;       /* the call was made, and failed */
    char what[160]; /* the failed call: "mount /tmp" */
};

/* The type of ioctl's second argument, which differs between the C libraries. */
#ifdef __GLIBC__
#define IOCTL_NUMBER unsigned long
#else
#define IOCTL_NUMBER int
#endif

static struct fault *fault;

enum { NR_OPEN_TREE = 428, NR_MOUNT_SETATTR = 442 };

static int role;    /* this process: enum fault_who */
static int calls;   /* calls counted in this process */
static bool counts; /* whether calls are counted now */

static bool begins_with(const char *text, const char *const *list)
{
    while (*list != NULL && strncmp(text, *list, strlen(*list)) != 0) {
        list++;
    }
    return *list != NULL;
}

static enum fault_kind kind_of(const char *what)
{
    static const char *const steps[] = {
        "openat ",    "fstat ",      "fcntl ", "mkdirat ",   "prctl 23 ",    "prctl 24 ",
        "sigaction ", "sigprocmask", "mkdir ", "symlinkat ", "syscall 445 ", NULL};
    static const char *const keys[] = {"mount ", "umount2 ",    "prctl ", "syscall ",
                                       "fork",   "write /proc", "setsid", "chdir ",
                                       "fchdir", "open /proc",  NULL};

    return begins_with(what, steps)  ? FAULT_STEP
           : begins_with(what, keys) ? FAULT_KEY
                                     : FAULT_OTHER;
}

/* Counts a call, which the arguments describe. Returns true, with errno, if it must fail. */
__attribute__((format(printf, 1, 2))) static bool fails(const char *fmt, ...)
{
    char what[sizeof(fault->what)];
    va_list ap;

    if (fault == NULL || !counts || role >= FAULT_ROLES) {
        return false;
    }
    va_start(ap, fmt);
    (void)vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    calls++;
    if (calls < FAULT_CALLS_MAX) {
        fault->kinds[role][calls] = kind_of(what);
    }
    if (fault->met || role != (int)fault->who || calls != fault->at) {
        return false;
    }
    fault->met = true;
    memcpy(fault->what, what, sizeof(what));
    errno = fault->errnum;
    return true;
}

/* Returns the file of a descriptor, for the description of a call. */
static const char *of(int fd)
{
    static char name[128];
    char link[32];
    ssize_t len;
    const int kept = errno;

    (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    len = fault != NULL && counts ? readlink(link, name, sizeof(name) - 1) : 0;
    name[len > 0 ? len : 0] = '\0';
    errno = kept;
    return name;
}

static void child_begins(void)
{
    role++;
    calls = 0;
}

/* Functions of the product at which counting begins and ends. */

void t_native_find_idmapped(struct native_own *own, struct fact_native *n, struct arena *a);
int t_native_sandbox_start(struct sandbox *s, const struct engine_boot *how, struct err *e);
int t_serve(struct job *j, struct line *l, struct adopt_listener *t, struct agent_filter *agent,
            struct sig *sig);

void t_native_find_idmapped(struct native_own *own, struct fact_native *n, struct arena *a)
{
    counts = true;
    native_find_idmapped(own, n, a);
    counts = false;
}

int t_native_sandbox_start(struct sandbox *s, const struct engine_boot *how, struct err *e)
{
    int rc;

    counts = true;
    rc = native_sandbox_start(s, how, e);
    counts = false;
    return rc;
}

int t_serve(struct job *j, struct line *l, struct adopt_listener *t, struct agent_filter *agent,
            struct sig *sig)
{
    counts = false;
    return serve(j, l, t, agent, sig);
}

/* The system calls. */

pid_t t_fork(void);
long t_syscall(long nr, ...);
int t_open(const char *path, int flags, ...);
int t_openat(int dir, const char *path, int flags, ...);
int t_fcntl(int fd, int what, ...);
int t_ioctl(int fd, IOCTL_NUMBER what, ...);
int t_prctl(int what, ...);

pid_t t_fork(void)
{
    pid_t pid = fails("fork") ? -1 : fork();

    if (pid == 0) {
        child_begins();
    }
    return pid;
}

/* Returns true, with errno, if the call must fail because the machine does not have it. */
static bool is_missing(long nr, unsigned long flags)
{
    if (fault == NULL) {
        return false;
    }
    if (fault->no_namespaces && nr == SYS_clone && (flags & CLONE_NEWUSER) != 0) {
        errno = EPERM;
        return true;
    }
    if (fault->no_mount_api && nr >= NR_OPEN_TREE && nr <= NR_MOUNT_SETATTR &&
        (nr <= NR_OPEN_TREE + 1 || nr == NR_MOUNT_SETATTR)) {
        errno = ENOSYS;
        return true;
    }
    return false;
}

/* Returns the number of a call as text, and the name for calls whose numbers differ between
 * architectures. */
static const char *name_of(long nr, char number[24])
{
    if (nr == SYS_clone) {
        return "clone";
    }
    if (nr == SYS_capget || nr == SYS_capset) {
        return nr == SYS_capget ? "capget" : "capset";
    }
    (void)snprintf(number, 24, "%ld", nr);
    return number;
}

long t_syscall(long nr, ...)
{
    char number[24];
    long a[6];
    long got;
    va_list ap;

    va_start(ap, nr);
    for (int i = 0; i < 6; i++) {
        a[i] = va_arg(ap, long);
    }
    va_end(ap);
    if (is_missing(nr, (unsigned long)a[0]) ||
        fails("syscall %s %s", name_of(nr, number),
              nr == NR_OPEN_TREE ? (const char *)a[1] : "")) {
        return -1;
    }
    got = syscall(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
    if (nr == SYS_clone && got == 0) {
        child_begins();
    }
    return got;
}

int t_open(const char *path, int flags, ...)
{
    va_list ap;
    mode_t m;

    va_start(ap, flags);
    m = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return fails("open %s", path) ? -1 : open(path, flags, m);
}

int t_openat(int dir, const char *path, int flags, ...)
{
    va_list ap;
    mode_t m;

    va_start(ap, flags);
    m = (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return fails("openat %s", path) ? -1 : openat(dir, path, flags, m);
}

int t_fcntl(int fd, int what, ...)
{
    va_list ap;
    long arg;

    va_start(ap, what);
    arg = va_arg(ap, long);
    va_end(ap);
    return fails("fcntl %d %s", what, of(fd)) ? -1 : fcntl(fd, what, arg);
}

int t_ioctl(int fd, IOCTL_NUMBER what, ...)
{
    va_list ap;
    void *arg;

    va_start(ap, what);
    arg = va_arg(ap, void *);
    va_end(ap);
    return fails("ioctl %#lx", (unsigned long)what) ? -1 : ioctl(fd, what, arg);
}

int t_prctl(int what, ...)
{
    unsigned long a[4];
    va_list ap;

    va_start(ap, what);
    for (int i = 0; i < 4; i++) {
        a[i] = va_arg(ap, unsigned long);
    }
    va_end(ap);
    return fails("prctl %d %ld", what,
                 what == PR_SET_NAME || what == PR_SET_SECCOMP ? 0L : (long)a[0])
               ? -1
               : prctl(what, a[0], a[1], a[2], a[3]);
}

/* Defines t_NAME with these parameters, which passes them on as `args`. The last arguments
 * describe the call. */
#define CALL(type, name, params, args, ...)                                                    \
    type t_##name params;                                                                      \
    type t_##name params                                                                       \
    {                                                                                          \
        return fails(__VA_ARGS__) ? (type)-1 : name args;                                      \
    }

CALL(int, mount,
     (const char *from, const char *to, const char *kind, unsigned long flags,
      const void *more),
     (from, to, kind, flags, more), "mount %s", to)
CALL(int, umount2, (const char *path, int flags), (path, flags), "umount2 %s", path)
CALL(ssize_t, read, (int fd, void *p, size_t len), (fd, p, len), "read %s", of(fd))
CALL(ssize_t, write, (int fd, const void *p, size_t len), (fd, p, len), "write %s", of(fd))
CALL(int, pipe2, (int fds[2], int flags), (fds, flags), "pipe2")
CALL(int, dup2, (int from, int to), (from, to), "dup2 %d", to)
CALL(int, socket, (int family, int kind, int protocol), (family, kind, protocol), "socket")
CALL(int, socketpair, (int family, int kind, int protocol, int fds[2]),
     (family, kind, protocol, fds), "socketpair")
CALL(int, bind, (int fd, const struct sockaddr *a, socklen_t len), (fd, a, len), "bind")
CALL(int, listen, (int fd, int backlog), (fd, backlog), "listen")
CALL(ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags), "sendmsg")
CALL(ssize_t, recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags), "recvmsg")
CALL(int, poll, (struct pollfd * fds, nfds_t n, int timeout), (fds, n, timeout), "poll")
CALL(int, stat, (const char *path, struct stat *st), (path, st), "stat %s", path)
CALL(int, lstat, (const char *path, struct stat *st), (path, st), "lstat %s", path)
CALL(int, fstat, (int fd, struct stat *st), (fd, st), "fstat %s", of(fd))
CALL(int, access, (const char *path, int mode), (path, mode), "access %s", path)
CALL(ssize_t, readlink, (const char *path, char *p, size_t len), (path, p, len), "readlink %s",
     path)
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode), "mkdir %s", path)
CALL(int, mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode), "mkdirat %s",
     path)
CALL(int, symlink, (const char *to, const char *path), (to, path), "symlink %s", path)
CALL(int, symlinkat, (const char *to, int dir, const char *path), (to, dir, path),
     "symlinkat %s", path)
CALL(int, unlink, (const char *path), (path), "unlink %s", path)
CALL(int, rename, (const char *from, const char *to), (from, to), "rename %s", to)
CALL(int, chmod, (const char *path, mode_t mode), (path, mode), "chmod %s", path)
CALL(int, fchmod, (int fd, mode_t mode), (fd, mode), "fchmod")
CALL(int, fchown, (int fd, uid_t uid, gid_t gid), (fd, uid, gid), "fchown")
CALL(int, chdir, (const char *path), (path), "chdir %s", path)
CALL(int, fchdir, (int fd), (fd), "fchdir")
CALL(pid_t, setsid, (void), (), "setsid")
CALL(int, setpgid, (pid_t pid, pid_t group), (pid, group), "setpgid")
CALL(int, tcsetpgrp, (int fd, pid_t group), (fd, group), "tcsetpgrp")
CALL(int, setgroups, (size_t count, const gid_t *groups), (count, groups), "setgroups")
CALL(int, setresuid, (uid_t r, uid_t e, uid_t s), (r, e, s), "setresuid")
CALL(int, setresgid, (gid_t r, gid_t e, gid_t s), (r, e, s), "setresgid")
CALL(int, kill, (pid_t pid, int signo), (pid, signo), "kill %d", signo)
CALL(pid_t, waitpid, (pid_t pid, int *status, int flags), (pid, status, flags), "waitpid")
CALL(int, signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags), "signalfd")
CALL(int, sigprocmask, (int how, const sigset_t *set, sigset_t *old), (how, set, old),
     "sigprocmask")
CALL(int, sigaction, (int signo, const struct sigaction *now, struct sigaction *old),
     (signo, now, old), "sigaction %d", signo)
CALL(int, clearenv, (void), (), "clearenv")

#endif
