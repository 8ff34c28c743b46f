/* SPDX-License-Identifier: MIT */
/* Logins of shell scripts that take the place of ssh, on a terminal of this test. The
 * end-to-end tests log in with ssh. */
#include "engine/ssh_login.h"

#include "base/clock.h"
#include "base/env.h"
#include "base/fd.h"
#include "base/pty.h"
#include "base/spawn.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>

static char path_variable[] = "PATH=/usr/bin:/bin";
static char *env[] = {path_variable, NULL};

/* Logs in with this script. `typed` is typed at the user's terminal (NULL: there is none), and
 * `seen` gets the bytes that it shows. */
static int login(const char *script, const char *typed, int wait_ms, struct buf *seen,
                 struct err *e)
{
    const char *argv[] = {"sh", "-c", script, NULL};
    const struct net_wait w = {.deadline_ms = clock_ms() + wait_ms};
    struct spawn s = {.program = "/bin/sh", .argv = argv, .env = env, .dir = tmpdir};
    struct termios raw;
    struct login l;
    char bytes[512];
    int user = -1;
    int slave = -1;
    ssize_t got;
    int rc;

    err_reset(e);
    (void)unlink(in_tmp("s"));
    login_init(&l);
    fd_close(&l.tty); /* the terminal from which this test was started */
    if (typed != NULL) {
        ok(pty_open(&user, &l.tty, e) == 0, "a terminal for the user is opened");
        (void)fd_nonblock(l.tty, e);
        (void)tcgetattr(l.tty, &raw);
        raw.c_lflag &= ~(tcflag_t)ISIG; /* Ctrl-C before the question must not be a signal */
        (void)tcsetattr(l.tty, TCSANOW, &raw);
        (void)fd_write_all(user, typed, strlen(typed), e);
    }
    ok(pty_open(&l.master, &slave, e) == 0, "a terminal for ssh is opened");
    s.in = open("/dev/null", O_RDWR | O_CLOEXEC);
    s.out = s.in;
    s.err = s.terminal = slave;
    l.pid = spawn_start(&s, e);
    l.socket = in_tmp("s");
    fd_close(&slave);
    rc = login_await(&l, &w, e);
    buf_reset(seen);
    while (user >= 0 && (got = fd_read(user, bytes, sizeof(bytes))) > 0) {
        (void)buf_add(seen, bytes, (size_t)got);
    }
    if (user < 0) {
        (void)buf_add_str(seen, buf_str(&l.said));
    }
    fd_close(&l.master);
    if (!l.ended) {
        (void)waitpid(l.pid, NULL, 0); /* its terminal has hung up */
    }
    fd_close(&s.in);
    fd_close(&user);
    login_release(&l);
    return rc;
}

int main(void)
{
    struct buf seen;
    struct err e = {0};

    tmpdir_make();
    buf_init(&seen, 64 << 10);
    ok(login("touch s; sleep 100", NULL, 20000, &seen, &e) == 0,
       "the login ends when the socket appears %s", e.text);
    ok(login("echo no such host >&2; exit 255", NULL, 20000, &seen, &e) < 0 &&
           e.kind == ERR_ENGINE && str_contains(buf_str(&seen), "no such host"),
       "%s: the output of a program that ends is kept", e.text);
    ok(login("sleep 100", NULL, 100, &seen, &e) < 0 && e.kind == ERR_TIMEOUT,
       "a program that does nothing is a timeout: %s", e.text);
    ok(login("printf 'password: ' >/dev/tty; read x </dev/tty; [ \"$x\" = secret ] && touch s; "
             "sleep 100",
             "secret\n", 3000, &seen, &e) == 0,
       "a question may take longer than the deadline, and gets its answer %s", e.text);
    ok(str_contains(buf_str(&seen), "password: "), "the user sees the question");
    ok(login("printf 'password: ' >/dev/tty; sleep 100", "\3", 20000, &seen, &e) < 0 &&
           e.kind == ERR_CANCELED && e.code == SIGINT,
       "Ctrl-C cancels the login: %s", e.text);
    ok(login("yes line | head -100000 >&2; exit 1", NULL, 20000, &seen, &e) < 0 &&
           seen.len <= LOGIN_SAID_MAX && e.kind == ERR_ENGINE,
       "the end of a long output is kept");
    buf_release(&seen);
    tmpdir_remove();
    return done_testing();
}
