/* SPDX-License-Identifier: MIT */
/* The relay between pipes or a terminal and a session of the test's making. */
#include "tty/relay.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/limits.h"
#include "pty.h"
#include "tap.h"
#include "tty/raw.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* A session whose far end is `far`; it ends with `status` when the far end closes. */
struct fake_session {
    struct session session; /* first */
    int far;
    int resizes, signals, last_signal;
    unsigned rows, cols;
    bool input_ended;
    int end_on_signal; /* this signal ends it */
};

static struct fake_session *fake_of(struct session *s)
{
    return (struct fake_session *)s;
}

static int fake_prepare(struct session *s, struct pollfd *fds)
{
    for (int i = 0; i < SESSION_POLL_MAX; i++) {
        fds[i] = (struct pollfd){.fd = -1};
    }
    return s->ended ? -1 : 20;
}

static int fake_dispatch(struct session *s, const struct pollfd *fds, struct err *e)
{
    (void)fds;
    (void)e;
    (void)s;
    return 0;
}

static void fake_resize(struct session *s, unsigned rows, unsigned cols)
{
    fake_of(s)->resizes++;
    fake_of(s)->rows = rows;
    fake_of(s)->cols = cols;
}

static void fake_signal(struct session *s, int signo)
{
    struct fake_session *f = fake_of(s);

    f->signals++;
    f->last_signal = signo;
    if (signo == f->end_on_signal) {
        s->ended = true;
        s->status = 128 + signo;
        (void)shutdown(f->session.fd, SHUT_RD);
    }
}

static int fake_end(struct session *s, struct err *e)
{
    fake_of(s)->input_ended = true;
    return shutdown(s->fd, SHUT_WR) == 0 ? 0 : err_sys(e, "shutdown");
}

static int null_fd = -1; /* output that is not looked at */

static const struct session_ops ops = {fake_prepare, fake_dispatch, fake_resize, fake_signal,
                                       fake_end};

static void fake_init(struct fake_session *f, bool tty)
{
    int fds[2];
    struct err e = {0};

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0) {
        abort();
    }
    *f = (struct fake_session){.session = {.ops = &ops, .fd = fds[0], .tty = tty},
                               .far = fds[1]};
    (void)fd_nonblock(fds[0], &e);
    buf_init(&f->session.early, LIMIT_RELAY_BUFFER);
}

static void fake_done(struct fake_session *f)
{
    (void)close(f->session.fd);
    if (f->far >= 0) {
        (void)close(f->far);
    }
    buf_release(&f->session.early);
}

/* In a child: the far end. Echoes its input in frames, then says "bye" on both streams. */
static pid_t echo_far(struct fake_session *f)
{
    pid_t pid = fork();

    if (pid == 0) {
        char buf[4096];
        ssize_t n;

        (void)close(f->session.fd);
        while ((n = read(f->far, buf, sizeof(buf))) > 0) {
            unsigned char head[8] = {
                1, 0, 0, 0, 0, 0, (unsigned char)(n >> 8), (unsigned char)n};

            (void)!write(f->far, head, 8);
            (void)!write(f->far, buf, (size_t)n);
        }
        (void)!write(f->far, "\1\0\0\0\0\0\0\3bye\2\0\0\0\0\0\0\3err", 22);
        _exit(0);
    }
    (void)close(f->far);
    f->far = -1;
    return pid;
}

static int read_all(int fd, char *out, size_t max)
{
    size_t len = 0;
    ssize_t n;

    while (len + 1 < max && (n = read(fd, out + len, max - len - 1)) > 0) {
        len += (size_t)n;
    }
    out[len] = '\0';
    return (int)len;
}

__attribute__((noinline)) static void pipes(struct sig *sig)
{
    static char text[300000];
    static char got[400000];
    struct fake_session f;
    struct err e = {0};
    int in[2];
    int out[2];
    int err[2];
    pid_t feeder;
    pid_t reader;

    fake_init(&f, false);
    (void)buf_add(&f.session.early, "\1\0\0\0\0\0\0\5early", 13);
    (void)echo_far(&f); /* before the pipes, so that it holds none of their ends */
    if (fd_pipe(in, &e) < 0 || fd_pipe(out, &e) < 0 || fd_pipe(err, &e) < 0) {
        abort();
    }
    memset(text, 'x', sizeof(text));
    feeder = fork();
    if (feeder == 0) {
        (void)!write(in[1], text, sizeof(text));
        _exit(0);
    }
    (void)close(in[1]);
    reader = fork();
    if (reader == 0) { /* slow, so that everything fills up */
        (void)close(out[1]);
        int len = read_all(out[0], got, sizeof(got));

        _exit(len == 300008 && memcmp(got, "earlyxxx", 8) == 0 &&
                      strcmp(got + 300005, "bye") == 0
                  ? 0
                  : 1);
    }
    struct relay r = {&f.session, sig, in[0], out[1], err[1], true};

    f.session.ended = true; /* its status is known before its output is */
    f.session.status = 5;
    is_int(relay_run(&r, &e), 0, "a session through pipes");
    ok(f.input_ended, "the end of the input is passed on");
    (void)close(out[1]);
    (void)close(err[1]);
    int status = 0;

    (void)waitpid(reader, &status, 0);
    is_int(WEXITSTATUS(status), 0, "every byte of stdout arrives, in order, early ones first");
    (void)read_all(err[0], got, sizeof(got));
    is_str(got, "err", "and of stderr, apart");
    (void)close(in[0]);
    (void)close(out[0]);
    (void)close(err[0]);
    fake_done(&f);
    while (wait(NULL) > 0) {
    }
}

__attribute__((noinline)) static void terminal(struct sig *sig)
{
    struct pty p = pty_new(24, 80);
    struct fake_session f;
    struct err e = {0};
    char buf[64];
    struct winsize size = {.ws_row = 50, .ws_col = 132};
    pid_t far;

    fake_init(&f, true);
    far = fork();
    if (far == 0) { /* the command: one byte back, then the end once it was told */
        (void)close(f.session.fd);
        (void)!read(f.far, buf, 1);
        (void)!write(f.far, "A\r\nB", 4);
        _exit(0);
    }
    (void)close(f.far);
    f.far = -1;
    (void)tty_raw_enter(p.slave, &e);
    (void)!write(p.master, "\x03", 1);
    (void)ioctl(p.slave, TIOCSWINSZ, &size);
    (void)kill(getpid(), SIGWINCH);
    struct relay r = {&f.session, sig, p.slave, p.slave, 2, true};

    f.session.ended = true;
    is_int(relay_run(&r, &e), 0, "a session on a terminal");
    ok(f.resizes == 1 && f.rows == 50 && f.cols == 132, "a window change is passed on");
    is_mem(buf, (size_t)read(p.master, buf, sizeof(buf)), "A\r\nB", 4, "output is not touched");
    ok(!f.input_ended && f.signals == 0, "Ctrl-C was a byte");
    tty_raw_restore();
    pty_close(&p);
    fake_done(&f);
    (void)waitpid(far, NULL, 0);
}

__attribute__((noinline)) static void signals(struct sig *sig)
{
    struct fake_session f;
    struct err e = {0};
    int in[2];
    struct relay r = {&f.session, sig, 0, null_fd, 2, true};

    if (fd_pipe(in, &e) < 0) {
        abort();
    }
    r.in = in[0];
    fake_init(&f, false);
    f.end_on_signal = SIGTERM;
    (void)kill(getpid(), SIGTERM);
    is_int(relay_run(&r, &e), 0, "a command that a signal ends");
    ok(f.session.status == 143 && f.last_signal == SIGTERM, "got it");
    fake_done(&f);
    fake_init(&f, false);
    (void)kill(getpid(), SIGINT);
    pid_t pid = fork();

    if (pid == 0) {
        for (int i = 0; i < 6; i++) {
            (void)usleep(30000);
            (void)kill(getppid(), SIGINT);
        }
        _exit(0);
    }
    ok(relay_run(&r, &e) < 0 && e.kind == ERR_CANCELED && e.code == SIGINT,
       "a session that does not react can be left: %s", e.text);
    fake_done(&f);
    (void)waitpid(pid, NULL, 0);
    while (sig_next(sig) != 0) {
    }
    (void)close(in[0]);
    (void)close(in[1]);
}

__attribute__((noinline)) static void ends(struct sig *sig)
{
    struct fake_session f;
    struct err e = {0};
    int out[2];
    struct relay r = {&f.session, sig, 0, null_fd, 2, false};

    fake_init(&f, false);
    (void)!write(f.far, "\1\0\0\0\0\0\0\11half", 12);
    (void)close(f.far);
    f.far = -1;
    ok(relay_run(&r, &e) < 0 && e.kind == ERR_EOF, "a stream that ends inside a frame: %s",
       e.text);
    fake_done(&f);
    fake_init(&f, false);
    (void)!write(f.far, "garbage!", 8);
    ok(relay_run(&r, &e) < 0 && e.kind == ERR_FORMAT, "a broken stream: %s", e.text);
    fake_done(&f);
    if (pipe(out) < 0) {
        abort();
    }
    (void)close(out[0]);
    fake_init(&f, false);
    f.end_on_signal = SIGHUP;
    (void)!write(f.far, "\1\0\0\0\0\0\0\4text", 12);
    r.out = out[1];
    is_int(relay_run(&r, &e), 0, "a reader that has gone");
    ok(f.last_signal == SIGHUP && f.signals == 2, "the command gets PIPE and HUP");
    fake_done(&f);
    (void)close(out[1]);
}

int main(void)
{
    struct sig sig = {.fd = -1};
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGINT, SIG_DFL); /* ignored in jobs of some shells */
    null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    is_int(sig_open(&sig, &e), 0, "signals are watched");
    pipes(&sig);
    terminal(&sig);
    signals(&sig);
    ends(&sig);
    sig_close(&sig);
    return done_testing();
}
