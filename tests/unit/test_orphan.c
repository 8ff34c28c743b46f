/* SPDX-License-Identifier: MIT */
/* A sandbox whose cco has gone. Any process of ours will do for its init. */
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

/* As init does: it listens once more on what it was given, and greets whoever knows the key. */
static int given = -1;

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

static void who_lives(void)
{
    char name[16] = "a ) b (";
    char before[16] = "";
    siginfo_t info = {0};
    pid_t pid = child(sleeps);
    pid_t gone = child(ends);
    uint64_t started = native_started(getpid());

    ok(started != 0 && started == native_started(getpid()), "when a process was started");
    (void)prctl(PR_GET_NAME, before);
    (void)prctl(PR_SET_NAME, name);
    ok(native_started(getpid()) == started, "whatever it is called");
    (void)prctl(PR_SET_NAME, before);
    ok(native_since(started) <= clock_wall() && native_since(started) > clock_wall() - 600,
       "which was some seconds ago");
    is_int(native_since(0), 0, "no time is none");
    ok(native_lives((uint64_t)pid, native_started(pid)), "one that is there lives");
    ok(!native_lives((uint64_t)pid, native_started(pid) + 1), "another of its number does not");
    ok(!native_lives((uint64_t)pid, 0) && !native_lives(0, 0) && !native_lives(1ULL << 40, 1),
       "nor does what was never noted");
    (void)waitid(P_PID, (id_t)gone, &info, WEXITED | WNOWAIT);
    is_int((long long)native_started(gone), 0,
           "who has ended and was not waited for has ended");
    stop(gone);
    stop(pid);
}

static void held(void)
{
    struct native *n = native_new();
    struct err e = {0};
    pid_t pid = child(sleeps);
    uint64_t started = native_started(pid);
    int status = 0;

    ok(native_hold(n, (uint64_t)pid, started + 1, &e) < 0 && e.kind == ERR_NOT_FOUND &&
           n->pidfd < 0,
       "another process is not it: %s", e.text);
    is_int(waitpid(pid, &status, WNOHANG), 0, "and is left alone");
    err_reset(&e);
    is_int(native_hold(n, (uint64_t)pid, started, &e), 0, "what lives is had hold of");
    ok(n->landlock_only && !n->ours, "in no pid namespace of its own, and nobody's child");
    is_int(native_kill(n, &e), 0, "and ended");
    ok(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL,
       "by force");
    is_int(native_kill(n, &e), 0, "once is enough");
    native_free(n);
    n = native_new();
    ok(native_hold(n, (uint64_t)pid, started, &e) < 0, "one that has ended is not there");
    native_free(n);
}

static int adopt(pid_t pid, const char *key, struct native *n, struct err *e)
{
    *e = (struct err){0};
    return native_hold(n, (uint64_t)pid, native_started(pid), e) < 0
               ? -1
               : native_adopt(n, in_tmp("take"), key, NULL, e);
}

static void adopted(void)
{
    struct native *n = native_new();
    struct err e = {0};
    pid_t pid;
    pid_t stranger;

    given = unix_socket_listen(in_tmp("take"), 0600, &e);
    pid = child(sleeps);
    ok(adopt(pid, KEY, n, &e) < 0 && e.kind == ERR_REFUSED,
       "while somebody else listens, nothing is said: %s", e.text);
    native_close(n);
    stop(pid);
    pid = child(listens);
    (void)usleep(100000);
    stranger = child(sleeps);
    ok(adopt(stranger, KEY, n, &e) < 0 && e.kind == ERR_REFUSED, "nor to another's init");
    native_close(n);
    ok(adopt(pid, OTHER, n, &e) < 0 && e.kind == ERR_EOF, "a wrong key gets nothing: %s",
       e.text);
    native_close(n);
    is_int(adopt(pid, KEY, n, &e), 0, "the right one is greeted");
    ok(n->session.fd >= 0 && n->session.tty && n->session.ops != NULL,
       "and is the cco from now on");
    (void)native_kill(n, &e);
    native_free(n);
    stop(pid);
    stop(stranger);
    fd_close(&given);
    n = native_new();
    pid = child(sleeps);
    ok(adopt(pid, KEY, n, &e) < 0 && e.errnum == ECONNREFUSED, "nobody listens: %s", e.text);
    native_free(n);
    stop(pid);
}

int main(void)
{
    tmpdir_make();
    who_lives();
    held();
    adopted();
    tmpdir_remove();
    return done_testing();
}
