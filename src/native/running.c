/* SPDX-License-Identifier: MIT */
/* The running sandbox as the session that the relay sees, and its end. The end of init, which
 * the pidfd reports, is the end of the sandbox. */
#include "base/exit_status.h"
#include "native/native.h"

#include "native/cgroup.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/pidfd.h"
#include "base/proctree.h"
#include "net/wait.h"
#include "term/init_line.h"
#include "wire/frame.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    POLL_END = 0, /* the slot of the pidfd */
    KILLED = EXIT_SIGNAL + SIGKILL,
    GREET_MS = 10000,
    KILL_MS = 10000,
    HELLO_MAX = 4096,
    SWEEP_MS = 10000
};

static struct native *native_of(struct session *s)
{
    return (struct native *)s; /* the session is the first member of struct native */
}

/* Sets the end and the status of the session: the exit status of init if it is a child of this
 * process, and otherwise the status of a killed process. Usually init has already reported the
 * command's status on the line. */
static void take_end(struct native *n)
{
    siginfo_t info = {0};

    n->session.ended = true;
    n->session.status = KILLED;
    if (n->ours && waitid(P_PID, (id_t)n->pid, &info, WEXITED | WNOHANG) == 0 &&
        info.si_pid == n->pid) {
        n->session.status =
            info.si_code == CLD_EXITED ? info.si_status & 0xff : EXIT_SIGNAL + info.si_status;
        n->ours = false;
    }
}

static int on_prepare(struct session *s, struct pollfd *fds)
{
    for (int i = 0; i < SESSION_POLL_MAX; i++) {
        fds[i] = (struct pollfd){.fd = -1};
    }
    if (!s->ended) {
        fds[POLL_END] = (struct pollfd){.fd = native_of(s)->pidfd, .events = POLLIN};
    }
    return -1;
}

static int on_dispatch(struct session *s, const struct pollfd *fds, struct err *e)
{
    (void)e; /* reading the pidfd's state cannot fail */
    if (!s->ended && fds[POLL_END].revents != 0) {
        take_end(native_of(s));
    }
    return 0;
}

const struct session_ops native_session_ops = {
    .prepare = on_prepare,
    .dispatch = on_dispatch,
};

/* Reads the line once. Returns 1 if init has greeted, 0 if more bytes are needed, and -1 on
 * error. `said` collects the bytes. */
static int hear(struct native *n, struct buf *said, const char *secret, struct err *e)
{
    char *p = buf_reserve(said, HELLO_MAX - said->len);
    ssize_t got = p == NULL ? 0 : fd_read(n->session.fd, p, HELLO_MAX - said->len);

    if (got < 0 && errno == EAGAIN) {
        return 0;
    }
    if (got <= 0) {
        return err_set(e, ERR_EOF, "init ended before it could start the command");
    }
    buf_commit(said, (size_t)got);
    return init_line_greets(buf_str(said), secret, &n->session.early, e);
}

int native_greet(struct native *n, int line, const char *secret, struct sig *sig, struct err *e)
{
    const struct net_wait w = {.deadline_ms = clock_ms() + GREET_MS, .sig = sig};
    struct buf said;
    int rc = 0;

    n->session.ops = &native_session_ops;
    n->session.fd = line;
    buf_init(&said, HELLO_MAX);
    while (rc == 0) {
        rc = net_wait(&w, line, POLLIN, e) < 0 ? -1 : hear(n, &said, secret, e);
    }
    buf_wipe(&said);
    return rc < 0 ? -1 : 0;
}

int native_kill(struct native *n, struct err *e)
{
    struct pollfd gone = {.fd = n->pidfd, .events = POLLIN};
    int64_t deadline = clock_ms() + KILL_MS;

    if (n->pidfd < 0 || n->session.ended) {
        return 0;
    }
    if (n->landlock_only) {
        /* Before init is killed, because the processes are found as its descendants. */
        (void)proctree_kill(n->pid, SWEEP_MS);
    }
    if (pidfd_kill(n->pidfd) < 0 && errno != ESRCH) {
        return err_sys(e, "end the sandbox");
    }
    /* The kernel reports the end of init only after all other processes of its pid namespace
     * have ended. pid_namespaces(7). */
    while (poll(&gone, 1, clock_poll_timeout(deadline)) <= 0) {
        if (clock_ms() >= deadline) {
            return err_set(e, ERR_TIMEOUT, "the sandbox was killed but has not ended");
        }
    }
    take_end(n);
    return 0;
}

void native_close(struct native *n)
{
    cgroup_remove(n->group);
    n->group = NULL;
    fd_close(&n->pidfd);
    fd_close(&n->session.fd);
    buf_release(&n->session.early);
}

struct native *native_new(void)
{
    struct native *n = calloc(1, sizeof(*n));

    if (n == NULL) {
        abort();
    }
    n->pid = n->pidfd = n->session.fd = -1;
    return n;
}

void native_free(struct native *n)
{
    if (n != NULL) {
        native_close(n);
        free(n);
    }
}
