/* SPDX-License-Identifier: MIT */
#include "native/native.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "init/init.h"
#include "native/layout.h"
#include "native/ns.h"
#include "native/root.h"
#include "native/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NR_PIDFD_OPEN = 434, EXIT_INIT = 125, BOOT_SIZE = 4096 };

/* What the child works with. */
struct making {
    const struct plan *p;
    const struct layout *layout;
    const struct sig *sig;
    int line;
    int report;
};

/* Who cannot be looked into has files in /proc that are root's: for as long as it takes to write them we can. */
static int map_self(const struct plan *p, struct err *e)
{
    int rc;

    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    rc = ns_map_self((uid_t)p->uid, (gid_t)p->gid, e);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) {
        return err_sys(e, "protect init's memory");
    }
    return rc;
}

static int go_inside(const struct making *m, struct err *e)
{
    bool own_network = m->p->network == PLAN_NET_NONE;

    return map_self(m->p, e) < 0 || (own_network && ns_loopback(e) < 0) ||
                   root_build(m->layout, !tree_has_api(), e) < 0
               ? -1
               : 0;
}

/* What loses its parent is to come to us. */
static int stay_outside(struct err *e)
{
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || chdir("/") < 0) {
        return err_sys(e, "the sandbox's first process");
    }
    return 0;
}

/* Everything up to init, in the child. Comes back only with what went wrong. */
static void become_init(const struct making *m, struct err *e)
{
    char boot[BOOT_SIZE];
    char *argv[] = {(char[]){"init"}, boot, NULL};
    int null;

    (void)setsid(); /* the user's terminal is not ours any more */
    (void)snprintf(boot, sizeof(boot), "%s/boot", plan_inner_dir(m->p));
    if ((m->p->bare ? stay_outside(e) : go_inside(m, e)) < 0) {
        return;
    }
    null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, STDERR_FILENO) < 0 || dup2(m->line, STDIN_FILENO) < 0 ||
        dup2(m->line, STDOUT_FILENO) < 0) {
        (void)err_sys(e, "init's streams");
        return;
    }
    sig_restore(m->sig);
    sig_usual();
    fd_close_all_but(-1); /* the report's end tells that all is well */
    _exit(init_main(2, argv));
}

static _Noreturn void child(const struct making *m)
{
    struct err e = {0};

    become_init(m, &e);
    (void)fd_write(m->report, &e, sizeof(e));
    _exit(EXIT_INIT);
}

static pid_t plain_fork(struct err *e)
{
    pid_t pid = fork();

    return pid < 0 ? err_sys(e, "fork") : pid;
}

static int end_of(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

/* 0 once init is at work. */
static int hear_report(int fd, struct err *e)
{
    struct err theirs = {0};
    ssize_t got = fd_read(fd, &theirs, sizeof(theirs));

    if (got == 0) {
        return 0;
    }
    if (got == (ssize_t)sizeof(theirs)) {
        *e = theirs;
        return -1;
    }
    return err_sys(e, "the sandbox's first process");
}

int native_start(struct native *n, const struct plan *p, int line, const struct sig *sig,
                 struct err *e)
{
    struct arena arena = {0};
    struct layout layout;
    struct making m = {.p = p, .layout = &layout, .sig = sig, .line = line, .report = -1};
    int report[2] = {-1, -1};
    int rc = -1;

    *n = (struct native){.pid = -1, .pidfd = -1};
    n->session.fd = -1;
    n->session.tty = p->tty;
    buf_init(&n->session.early, LIMIT_RELAY_BUFFER);
    n->bare = p->bare;
    if ((!p->bare && layout_make(p, &arena, &layout, e) < 0) || fd_pipe(report, e) < 0) {
        goto out;
    }
    m.report = report[1];
    n->pid = p->bare ? plain_fork(e) : ns_fork(p->network == PLAN_NET_NONE, e);
    if (n->pid == 0) {
        child(&m);
    }
    if (n->pid < 0) {
        goto out;
    }
    n->ours = true;
    fd_close(&report[1]);
    rc = hear_report(report[0], e);
    if (rc == 0) {
        n->pidfd = (int)syscall(NR_PIDFD_OPEN, n->pid, 0);
        rc = n->pidfd < 0 ? err_sys(e, "watch the sandbox") : 0;
    }
    if (rc < 0) {
        (void)kill(n->pid, SIGKILL);
        (void)end_of(n->pid);
    }
out:
    fd_close(&report[0]);
    fd_close(&report[1]);
    fd_close(&line);
    arena_release(&arena);
    return rc < 0 ? err_wrap(e, "sandbox") : 0;
}
