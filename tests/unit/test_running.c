/* SPDX-License-Identifier: MIT */
/* A running sandbox: its greeting, and its end. Any process of ours will do for its init. */
#include "native/native.h"

#include "base/clock.h"
#include "base/fd.h"
#include "tap.h"
#include "wire/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

enum { NR_PIDFD_OPEN = 434, WAIT_MS = 10000 };

extern const struct session_ops native_session_ops;

static pid_t sleeper(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        (void)pause();
        _exit(0);
    }
    return pid;
}

static struct native *started_by_us(pid_t pid)
{
    struct native *n = native_new();

    n->pid = pid;
    n->pidfd = (int)syscall(NR_PIDFD_OPEN, pid, 0);
    n->ours = true;
    n->session.ops = &native_session_ops;
    return n;
}

/* The relay's way to wait for it. */
static bool ends(struct native *n)
{
    struct err e = {0};
    const int64_t deadline = clock_ms() + WAIT_MS;

    while (!n->session.ended && clock_ms() < deadline) {
        struct pollfd fds[SESSION_POLL_MAX];

        (void)n->session.ops->prepare(&n->session, fds);
        (void)poll(fds, SESSION_POLL_MAX, 100);
        if (n->session.ops->dispatch(&n->session, fds, &e) < 0) {
            return false;
        }
    }
    return n->session.ended;
}

static void an_end(int status, int signal, int want, const char *name)
{
    pid_t pid = fork();
    struct native *n;

    if (pid == 0) {
        if (signal != 0) {
            (void)raise(signal);
        }
        _exit(status);
    }
    n = started_by_us(pid);
    ok(n->pidfd >= 0 && ends(n), "the end is seen");
    is_int(n->session.status, want, name);
    ok(!n->ours && waitpid(pid, NULL, WNOHANG) < 0 && errno == ECHILD, "it is reaped");
    native_free(n);
}

static void greeted(const char *secret, struct str rest, int want, const char *name)
{
    struct native *n = native_new();
    struct err e = {0};
    struct buf text;
    int line[2] = {-1, -1};
    int got;

    buf_init(&n->session.early, FRAME_MAX);
    buf_init(&text, FRAME_MAX);
    (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line);
    (void)fd_nonblock(line[0], &e);
    (void)frame_add_hello(&text, FRAME_HELLO_INIT, str_c(secret));
    (void)buf_add_str(&text, rest);
    (void)fd_write_all(line[1], buf_data(&text), text.len, &e);
    fd_close(&line[1]);
    got = native_greet(n, line[0], SECRET, NULL, &e);
    ok(got == want && n->session.fd == line[0], "%s %s", name, e.text);
    ok(want < 0 ||
           (str_eq(buf_str(&n->session.early), rest) && n->session.ops == &native_session_ops),
       "the relay gets what came behind it");
    buf_release(&text);
    native_free(n);
    ok(fcntl(line[0], F_GETFD) < 0, "the line is the session's: it goes with it");
}

static void nobody_greets(void)
{
    struct native *n = native_new();
    struct err e = {0};
    int line[2] = {-1, -1};

    (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line);
    fd_close(&line[1]);
    ok(native_greet(n, line[0], SECRET, NULL, &e) < 0 && e.kind == ERR_EOF,
       "an init that ends before: %s", e.text);
    native_free(n);
}

static void killed(void)
{
    struct err e = {0};
    pid_t pid = sleeper();
    struct native *n = started_by_us(pid);

    ok(native_kill(n, &e) == 0 && n->session.ended && n->session.status == 137,
       "one of ours is ended %s", e.text);
    ok(waitpid(pid, NULL, WNOHANG) < 0 && errno == ECHILD, "and reaped");
    native_free(n);
    native_free(NULL);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    if (syscall(NR_PIDFD_OPEN, getpid(), 0) < 0) {
        ok(true, "a running sandbox # SKIP no descriptors of processes here");
        return done_testing();
    }
    an_end(7, 0, 7, "the status of init is the sandbox's");
    an_end(0, SIGTERM, 128 + SIGTERM, "a signal's, too");
    greeted(SECRET, str_c(""), 0, "init greets");
    greeted(SECRET, str_c("more"), 0, "and says more");
    greeted("fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210", str_c(""), -1,
            "another's secret:");
    nobody_greets();
    killed();
    return done_testing();
}
