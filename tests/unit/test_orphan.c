/* SPDX-License-Identifier: MIT */
/* Tests a sandbox whose cco has died. Other child processes take the place of its init. */
#include "native/native.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/unix_socket.h"
#include "init/adopt_listener.h"
#include "tap.h"
#include "tmpdir.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define KEY "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static pid_t child(void (*does)(void))
{
    pid_t pid = fork();

    if (pid == 0) {
        does();
        _exit(0);
    }
    return pid;
}

static void sleeps(void)
{
    (void)pause();
}

static void ends(void)
{
}

/* The socket at which listens() waits. */
static int given = -1;

/* Does what init does: listens at the socket that it was given, and greets a process that sends
 * the key. */
static void listens(void)
{
    struct adopt_listener t;
    int in = -1;
    int out = -1;
    struct buf text;
    struct err e = {0};

    adopt_listener_given(&t, given);
    while (adopt_listener_step(&t, KEY, &in, &out) != 1) {
        struct pollfd p = {.fd = adopt_listener_fd(&t), .events = POLLIN};

        (void)poll(&p, 1, 1000);
    }
    buf_init(&text, FRAME_MAX);
    (void)frame_add_hello(&text, FRAME_HELLO_INIT, str_n(NULL, 0));
    (void)fd_write_all(out, buf_data(&text), text.len, &e);
    (void)pause();
}

static void stop(pid_t pid)
{
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

static void running_processes_live(void)
{
    char name[16] = "a ) b (";
    char before[16] = "";
    siginfo_t info = {0};
    pid_t pid = child(sleeps);
    pid_t gone = child(ends);
    uint64_t started = native_started(getpid());

    ok(started != 0 && started == native_started(getpid()),
       "the start time of a process is known and does not change");
    (void)prctl(PR_GET_NAME, before);
    (void)prctl(PR_SET_NAME, name);
    ok(native_started(getpid()) == started, "the name of a process does not matter");
    (void)prctl(PR_SET_NAME, before);
    ok(native_since(started) <= clock_wall() && native_since(started) > clock_wall() - 600,
       "the start time as wall-clock time is in the last minutes");
    is_int(native_since(0), 0, "the start time 0 has no wall-clock time");
    ok(native_lives((uint64_t)pid, native_started(pid)), "a running process lives");
    ok(!native_lives((uint64_t)pid, native_started(pid) + 1),
       "a process with another start time does not live");
    ok(!native_lives((uint64_t)pid, 0) && !native_lives(0, 0) && !native_lives(1ULL << 40, 1),
       "invalid pids and start times do not live");
    (void)waitid(P_PID, (id_t)gone, &info, WEXITED | WNOWAIT);
    is_int((long long)native_started(gone), 0, "a zombie has no start time");
    stop(gone);
    stop(pid);
}

static void a_sandbox_is_opened_and_killed(void)
{
    struct native *n = native_new();
    struct err e = {0};
    pid_t pid = child(sleeps);
    uint64_t started = native_started(pid);
    int status = 0;

    ok(native_hold(n, (uint64_t)pid, started + 1, &e) < 0 && e.kind == ERR_NOT_FOUND &&
           n->pidfd < 0,
       "a process with another start time is not the sandbox: %s", e.text);
    is_int(waitpid(pid, &status, WNOHANG), 0, "that process is not killed");
    err_reset(&e);
    is_int(native_hold(n, (uint64_t)pid, started, &e), 0, "a running sandbox is opened");
    ok(n->landlock_only && !n->ours, "it has no pid namespace and is not marked as a child");
    is_int(native_kill(n, &e), 0, "it is killed");
    ok(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
       "its init got SIGKILL");
    is_int(native_kill(n, &e), 0, "killing it again does nothing");
    native_free(n);
    n = native_new();
    ok(native_hold(n, (uint64_t)pid, started, &e) < 0, "a sandbox that has ended is not found");
    native_free(n);
}

static int adopt(pid_t pid, const char *key, struct native *n, struct err *e)
{
    *e = (struct err){0};
    return native_hold(n, (uint64_t)pid, native_started(pid), e) < 0
               ? -1
               : native_adopt(n, in_tmp("take"), key, NULL, e);
}

static void a_sandbox_is_adopted(void)
{
    struct native *n = native_new();
    struct err e = {0};
    pid_t pid;
    pid_t stranger;

    given = unix_socket_listen(in_tmp("take"), 0600, &e);
    pid = child(sleeps);
    ok(adopt(pid, KEY, n, &e) < 0 && e.kind == ERR_REFUSED,
       "if another process listens at the socket, the key is not sent: %s", e.text);
    native_close(n);
    stop(pid);
    pid = child(listens);
    (void)usleep(100000);
    stranger = child(sleeps);
    ok(adopt(stranger, KEY, n, &e) < 0 && e.kind == ERR_REFUSED,
       "the key is not sent to the init of another sandbox");
    native_close(n);
    ok(adopt(pid, OTHER, n, &e) < 0 && e.kind == ERR_EOF,
       "with a wrong key, init closes the connection: %s", e.text);
    native_close(n);
    is_int(adopt(pid, KEY, n, &e), 0, "with the right key, init greets");
    ok(n->session.fd >= 0 && n->session.tty && n->session.ops != NULL,
       "the session has a line and a terminal");
    (void)native_kill(n, &e);
    native_free(n);
    stop(pid);
    stop(stranger);
    fd_close(&given);
    n = native_new();
    pid = child(sleeps);
    ok(adopt(pid, KEY, n, &e) < 0 && e.errnum == ECONNREFUSED,
       "a socket at which no process listens is an error: %s", e.text);
    native_free(n);
    stop(pid);
}

int main(void)
{
    tmpdir_make();
    running_processes_live();
    a_sandbox_is_opened_and_killed();
    a_sandbox_is_adopted();
    tmpdir_remove();
    return done_testing();
}
