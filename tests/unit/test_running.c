/* SPDX-License-Identifier: MIT */
/* Tests a running sandbox: its greeting and its end. Other child processes take the place of
 * its init. */
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

/* Waits for the end of the session as the relay does. Returns true if it has ended. */
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

static void end_is_reported(int status, int signal, int want, const char *name)
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
    ok(n->pidfd >= 0 && ends(n), "the end of init is reported");
    is_int(n->session.status, want, name);
    ok(!n->ours && waitpid(pid, NULL, WNOHANG) < 0 && errno == ECHILD, "init was waited for");
    native_free(n);
}

static void greeting_is_checked(const char *secret, struct str rest, int want, const char *name)
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
       "bytes after the greeting are kept for the relay");
    buf_release(&text);
    native_free(n);
    ok(fcntl(line[0], F_GETFD) < 0, "the line belongs to the session and is closed with it");
}

static void end_before_the_greeting_is_an_error(void)
{
    struct native *n = native_new();
    struct err e = {0};
    int line[2] = {-1, -1};

    (void)socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line);
    fd_close(&line[1]);
    ok(native_greet(n, line[0], SECRET, NULL, &e) < 0 && e.kind == ERR_EOF,
       "an init that ends before its greeting is an error: %s", e.text);
    native_free(n);
}

static void kill_ends_the_sandbox(void)
{
    struct err e = {0};
    pid_t pid = sleeper();
    struct native *n = started_by_us(pid);

    ok(native_kill(n, &e) == 0 && n->session.ended && n->session.status == 137,
       "a sandbox is killed, and its status is that of SIGKILL %s", e.text);
    ok(waitpid(pid, NULL, WNOHANG) < 0 && errno == ECHILD, "its init was waited for");
    native_free(n);
    native_free(NULL);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    if (syscall(NR_PIDFD_OPEN, getpid(), 0) < 0) {
        ok(true, "a running sandbox # SKIP this kernel has no pidfd_open");
        return done_testing();
    }
    end_is_reported(7, 0, 7, "the exit status of init is the status of the session");
    end_is_reported(0, SIGTERM, 128 + SIGTERM,
                    "the signal that killed init is in the status of the session");
    greeting_is_checked(SECRET, str_c(""), 0, "the greeting is accepted");
    greeting_is_checked(SECRET, str_c("more"), 0, "a greeting with bytes after it is accepted");
    greeting_is_checked("fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210",
                        str_c(""), -1, "a greeting with another secret is refused:");
    end_before_the_greeting_is_an_error();
    kill_ends_the_sandbox();
    return done_testing();
}
