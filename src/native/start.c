/* SPDX-License-Identifier: MIT */
#include "native/native.h"

#include "base/exit_status.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/pidfd.h"
#include "init/init.h"
#include "native/cgroup.h"
#include "native/layout.h"
#include "native/ns.h"
#include "native/root.h"
#include "native/scrub.h"
#include "native/subids.h"
#include "native/tree.h"
#include "net/wait.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BOOT_SIZE = 4096 }; /* maximum size of the path of the boot file */

/* Everything that the child needs until it runs init_run(). */
struct making {
    const struct plan *p;
    const struct layout *layout;
    struct tree *ready; /* of root_open_idmapped(); NULL: none */
    const struct sig *sig;
    const struct native_how *how;
    int report[2]; /* the pipe through which the child reports an error */
    bool in_group; /* the child was made in its control group */
    /* A socket pair for --subids: the child's end, and the end of the parent, which has the id
     * maps written. -1 without --subids. */
    int maps[2];
};

/* Maps the ids. The /proc files of a process that is not dumpable belong to root, so the child
 * is dumpable while uid_map and gid_map are written. */
static int map_self(const struct making *m, struct err *e)
{
    const struct plan *p = m->p;
    int rc;

    if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0) {
        return err_sys(e, "prepare to write the id maps");
    }
    rc = p->privileges.subids ? subids_await(m->maps[0], e)
                              : ns_map_self((uid_t)p->user.uid, (gid_t)p->user.gid, e);
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) {
        return err_sys(e, "protect init's memory");
    }
    return rc;
}

static int go_inside(const struct making *m, struct err *e)
{
    bool own_network = m->p->network.mode == PLAN_NET_NONE;

    return (m->in_group && ns_own_groups(e) < 0) || map_self(m, e) < 0 ||
                   (own_network && ns_loopback(e) < 0) ||
                   root_build(m->layout, m->ready, !tree_has_api(), e) < 0
               ? -1
               : 0;
}

/* Does what go_inside() does, for a sandbox without namespaces. PR_SET_CHILD_SUBREAPER makes
 * orphaned descendants children of init, as a pid namespace does. */
static int stay_outside(struct err *e)
{
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || chdir("/") < 0) {
        return err_sys(e, "prepare the sandbox's first process");
    }
    return 0;
}

/* Lets the kernel kill the child when its parent dies. The parent may have died before that;
 * then its end of the report pipe is closed, which poll(2) reports as POLLERR. */
static int end_with_parent(const struct making *m, struct err *e)
{
    struct pollfd report = {.fd = m->report[1]};

    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) {
        return err_sys(e, "make the sandbox end with cco");
    }
    if (poll(&report, 1, 0) != 0) {
        _exit(EXIT_CCO);
    }
    return 0;
}

/* Closes init's connections to the host, except for its line and the listener for a later cco.
 * From now on init learns of cco's death from the end of the line. The kernel must then not
 * kill init: a session with a terminal survives cco, and without a pid namespace init must
 * first end the other processes. */
static int let_go_of_host(const struct making *m, struct err *e)
{
    int null = openat(AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC);

    if (null < 0 || dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0 ||
        dup2(m->how->line, STDIN_FILENO) < 0) {
        return err_sys(e, "open init's streams");
    }
    if ((m->p->command.tty || m->p->kind == SANDBOX_LANDLOCK_ONLY) &&
        prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) < 0) {
        return err_sys(e, "let the sandbox outlive cco");
    }
    return scrub(PLAN_INIT_PATH, e);
}

/* Turns the child into init. Returns only after an error. */
static void become_init(const struct making *m, struct err *e)
{
    char boot[BOOT_SIZE];
    int listener = m->how->listener;

    (void)snprintf(boot, sizeof(boot), "%s/boot", plan_inner_dir(m->p));
    if (setsid() < 0) {
        (void)err_sys(e, "leave the user's terminal");
        return;
    }
    if (end_with_parent(m, e) < 0 ||
        (m->p->kind == SANDBOX_LANDLOCK_ONLY ? stay_outside(e) : go_inside(m, e)) < 0 ||
        let_go_of_host(m, e) < 0) {
        return;
    }
    sig_restore(m->sig);
    sig_usual();
    if (fd_close_all_but(listener) < 0) { /* closing the report pipe reports success */
        (void)err_sys(e, "close the host's descriptors");
        return;
    }
    _exit(init_run(boot, listener));
}

static _Noreturn void child(const struct making *m)
{
    struct err e = {0};

    (void)close(m->report[0]);
    if (m->maps[1] >= 0) {
        (void)close(m->maps[1]); /* otherwise the child would not see the parent's end close */
    }
    become_init(m, &e);
    (void)fd_write(m->report[1], &e, sizeof(e));
    _exit(EXIT_CCO);
}

static pid_t plain_fork(struct err *e)
{
    pid_t pid = fork();

    return pid < 0 ? err_sys(e, "fork") : pid;
}

/* Waits for the child's report. Returns 0 once init runs. This can take any time if a mount is
 * on a file server that does not answer; signals end the wait. */
static int hear_report(int fd, struct sig *sig, struct err *e)
{
    const struct net_wait w = {.deadline_ms = -1, .sig = sig};
    struct err child_err = {0};
    ssize_t got;

    if (net_wait(&w, fd, POLLIN, e) < 0) {
        return -1;
    }
    got = fd_read(fd, &child_err, sizeof(child_err));
    if (got == 0) {
        return 0;
    }
    if (got == (ssize_t)sizeof(child_err)) {
        *e = child_err;
        return -1;
    }
    return err_sys(e, "read the report of the sandbox's first process");
}

static int watch(struct native *n, struct err *e)
{
    n->pidfd = pidfd_of(n->pid);
    if (n->pidfd < 0) {
        (void)err_sys(e, "watch the sandbox");
        (void)kill(n->pid, SIGKILL);
        (void)waitpid(n->pid, NULL, 0);
        n->ours = false;
        return -1;
    }
    return 0;
}

/* Makes the layout, and opens the trees that must be opened in the host's own namespaces. */
static int open_outside(struct making *m, struct layout *l, struct arena *a, struct err *e)
{
    if (m->p->kind == SANDBOX_LANDLOCK_ONLY) {
        *l = (struct layout){0};
        return 0;
    }
    if (layout_make(m->p, a, l, e) < 0) {
        *l = (struct layout){0};
        return -1;
    }
    m->ready = arena_array(a, l->count + 1, sizeof(m->ready[0]));
    if (root_open_idmapped(l, m->how->idmap, m->ready, e) < 0) {
        return -1;
    }
    return 0;
}

/* Forks like fork(2), with namespaces and in the control group if the sandbox has them. */
static pid_t fork_init(struct making *m, struct err *e)
{
    bool own_network = m->p->network.mode == PLAN_NET_NONE;

    if (m->p->kind == SANDBOX_LANDLOCK_ONLY) {
        return plain_fork(e);
    }
    return m->how->group != NULL ? ns_fork_in(m->how->group, own_network, &m->in_group, e)
                                 : ns_fork(own_network, e);
}

/* Does what the child cannot do itself: moves it into its control group and has its id maps
 * written. */
static int help_init(const struct making *m, pid_t pid, struct sig *sig, struct err *e)
{
    if (m->how->group != NULL && !m->in_group && cgroup_enter(m->how->group, pid, e) < 0) {
        return -1;
    }
    return m->p->privileges.subids ? subids_write(m->p, pid, m->maps[1], sig, e) : 0;
}

int native_start(struct native *n, const struct plan *p, const struct native_how *how,
                 struct sig *sig, struct err *e)
{
    struct arena arena = {0};
    struct layout layout;
    struct making m = {.p = p,
                       .layout = &layout,
                       .sig = sig,
                       .how = how,
                       .report = {-1, -1},
                       .maps = {-1, -1}};
    struct native_how own = *how;
    struct err second = {0};
    int rc = -1;

    *n = (struct native){.pid = -1, .pidfd = -1};
    n->session.fd = -1;
    n->session.tty = p->command.tty;
    buf_init(&n->session.early, LIMIT_RELAY_BUFFER);
    n->landlock_only = p->kind == SANDBOX_LANDLOCK_ONLY;
    n->group = how->group;
    if (open_outside(&m, &layout, &arena, e) < 0 || fd_pipe(m.report, e) < 0) {
        goto out;
    }
    if (p->privileges.subids &&
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, m.maps) < 0) {
        (void)err_sys(e, "make a socket pair for the sandbox's first process");
        goto out;
    }
    n->pid = fork_init(&m, e);
    if (n->pid == 0) {
        child(&m);
    }
    if (n->pid < 0) {
        goto out;
    }
    n->ours = true;
    fd_close(&m.report[1]);
    fd_close(&m.maps[0]);
    rc = watch(n, e) < 0 || help_init(&m, n->pid, sig, e) < 0
             ? -1
             : hear_report(m.report[0], sig, e);
    if (rc < 0) {
        (void)native_kill(n, &second);
    }
out:
    fd_close(&m.maps[0]);
    fd_close(&m.maps[1]);
    root_close(&layout, m.ready);
    fd_close(&m.report[0]);
    fd_close(&m.report[1]);
    fd_close(&own.line);
    fd_close(&own.listener);
    arena_release(&arena);
    return rc < 0 ? err_wrap(e, "sandbox") : 0;
}
