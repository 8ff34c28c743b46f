/* SPDX-License-Identifier: MIT */
/* The relay between pipes or a terminal and a command that this test plays. test_relay_end.c
 * tests how it ends; tests/torture/torture_relay.c tests several terminals, and system calls
 * that fail. */
#include "term/relay.h"

#include "pty.h"
#include "relay.h"
#include "tap.h"
#include "term/raw.h"
#include "tmpdir.h"

#include <errno.h>

enum { TEXT = 300000 };

static struct sig sig = {.fd = -1};
static struct command c;
static char text[TEXT];

/* Starts the command's child. It waits for the answer to its greeting, echoes its input to its
 * output until the input ends, writes "err" to its error output, and exits with 5. If `passes`,
 * it passes its pipes; otherwise frames carry the bytes. */
__attribute__((noinline)) static void echo(bool passes)
{
    struct buf rx;
    struct frame f;
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    int err[2] = {-1, -1};
    struct err e = {0};
    bool good = false;

    c.pid = fork();
    if (c.pid != 0) {
        fd_close(&c.line);
        return;
    }
    fd_close(&c.session.fd);
    buf_init(&rx, 1 << 20);
    good = command_await(&c, &rx, FRAME_HELLO, &f);
    if (passes) {
        char buf[4096];
        ssize_t n;

        good = good && fd_pipe(in, &e) == 0 && fd_pipe(out, &e) == 0 && fd_pipe(err, &e) == 0;
        command_pass(&c, 'p', (int[]){in[1], out[0], err[0]}, 3);
        fd_close(&in[1]);
        fd_close(&out[0]);
        fd_close(&err[0]);
        while ((n = fd_read(in[0], buf, sizeof(buf))) > 0) {
            (void)fd_write_all(out[1], buf, (size_t)n, &e);
        }
        (void)fd_write_all(err[1], "err", 3, &e);
        fd_close(&out[1]);
        fd_close(&err[1]);
        command_exit(&c, good ? 5 : 6, FRAME_EXITED);
        _exit(0);
    }
    for (;;) {
        struct str in_buf = buf_str(&rx);
        char taken[4];

        while (frame_next(&in_buf, &f, &e) == 1) {
            if (f.type == FRAME_INPUT) {
                command_say(&c, FRAME_OUTPUT, f.payload.p, f.payload.len);
                memcpy(taken, (char[]){0, 0, (char)(f.payload.len >> 8), (char)f.payload.len},
                       4);
                command_say(&c, FRAME_TAKEN, taken, 4);
            } else if (f.type == FRAME_END) {
                command_say(&c, FRAME_ERROUT, "err", 3);
                wrap_write(c.line, 2, "noise\n", 6);
                command_exit(&c, good ? 5 : 6, FRAME_EXITED);
                _exit(0);
            }
        }
        buf_drop(&rx, rx.len - in_buf.len);
        ssize_t n = fd_read(c.line, buf_reserve(&rx, 32 << 10), 32 << 10);

        if (n <= 0) {
            _exit(1);
        }
        buf_commit(&rx, (size_t)n);
    }
}

/* Reads until the end, or until `out` is full. Returns the number of bytes. */
static size_t read_all(int fd, char *out, size_t max)
{
    size_t len = 0;
    ssize_t n;

    while (len < max && (n = read(fd, out + len, max - len)) > 0) {
        len += (size_t)n;
    }
    return len;
}

__attribute__((noinline)) static void bytes_pass_between_pipes_and_the_command(bool passes)
{
    static char got[TEXT + 1000];
    struct err e = {0};
    int in[2];
    int out[2];
    int err[2];
    int status = 0;
    pid_t feeder;
    pid_t reader;

    command_new(&c, false, !passes);
    echo(passes); /* before the pipes are made, so that the child does not inherit them */
    if (fd_pipe(in, &e) < 0 || fd_pipe(out, &e) < 0 || fd_pipe(err, &e) < 0) {
        abort();
    }
    feeder = fork();
    if (feeder == 0) {
        (void)fd_write_all(in[1], text, TEXT, &e);
        _exit(0);
    }
    fd_close(&in[1]);
    reader = fork();
    if (reader == 0) { /* begins late, so that all buffers are full */
        fd_close(&out[1]);
        (void)usleep(100000);
        size_t len = read_all(out[0], got, sizeof(got));

        _exit(len == TEXT && memcmp(got, text, TEXT) == 0 ? 0 : 1);
    }
    struct relay r;

    relay_make(&r, &c, &sig, in[0], out[1], err[1]);
    relay_open(&r);
    is_int(relay_run(&r, &e), RELAY_ENDED,
           passes ? "a session through passed pipes ends"
                  : "a session through frames in the engine's log frames ends");
    ok(r.line.exited && r.line.exit.status == 5, "the relay has the command's status");
    relay_close(&r);
    fd_close(&out[1]);
    fd_close(&err[1]);
    (void)waitpid(reader, &status, 0);
    is_int(WEXITSTATUS(status), 0, "every byte of the output arrives in order");
    size_t len = read_all(err[0], got, sizeof(got));

    ok(memmem(got, len, "err", 3) != NULL, "the error output arrives separately");
    ok(passes || memmem(got, len, "noise\n", 6) != NULL,
       "text that init prints outside of the protocol arrives at the error output");
    fd_close(&in[0]);
    fd_close(&out[0]);
    fd_close(&err[0]);
    (void)waitpid(feeder, NULL, 0);
    command_free(&c);
}

/* Starts a program on a terminal that it passes. For each key it prints the key and the
 * terminal's size. It ends with status 9 when it reads "q". */
__attribute__((noinline)) static void program(const struct pty *p)
{
    struct buf rx;
    struct frame f;
    struct err e = {0};
    int master = -1;
    int slave = -1;
    char key = 0;

    c.pid = fork();
    if (c.pid != 0) {
        fd_close(&c.line);
        return;
    }
    (void)close(p->master); /* otherwise the terminal would not hang up */
    (void)close(p->slave);
    fd_close(&c.session.fd);
    buf_init(&rx, 1 << 20);
    (void)command_await(&c, &rx, FRAME_HELLO, &f);
    struct termios raw;

    if (pty_open(&master, &slave, &e) < 0 || tcgetattr(slave, &raw) < 0) {
        _exit(1);
    }
    cfmakeraw(&raw);
    (void)tcsetattr(slave, TCSANOW, &raw);
    command_pass(&c, 't', &master, 1);
    (void)!write(slave, "A\r\nB", 4);
    while (read(slave, &key, 1) == 1 && key != 'q') {
        struct winsize size;
        char line[32];

        (void)ioctl(slave, TIOCGWINSZ, &size);
        int n = snprintf(line, sizeof(line), "%c%d,%d.", key, size.ws_row, size.ws_col);

        (void)!write(slave, line, (size_t)n);
    }
    fd_close(&slave);
    command_exit(&c, 9, FRAME_EXITED);
    _exit(0);
}

/* Reads the terminal until it has shown this text. Returns false if it does not within ten
 * seconds. */
static bool shows(int master, const char *what)
{
    char got[4096];
    size_t len = 0;
    int64_t deadline = clock_ms() + 10000;

    while (clock_ms() < deadline && len < sizeof(got)) {
        struct pollfd p = {.fd = master, .events = POLLIN};
        ssize_t n = poll(&p, 1, 100) > 0 ? read(master, got + len, sizeof(got) - len) : 0;

        len += n > 0 ? (size_t)n : 0;
        if (memmem(got, len, what, strlen(what)) != NULL) {
            return true;
        }
    }
    (void)printf("# it showed: %.*s\n", (int)len, got);
    return false;
}

/* Starts a child that types, resizes the terminal, and checks what the terminal shows. It then
 * types the detach sequence or "q". Its exit status is 0 if everything was shown. */
static pid_t user(const struct pty *p, bool detaches)
{
    pid_t pid = fork();

    if (pid == 0) {
        struct winsize size = {.ws_row = 50, .ws_col = 132};
        bool good = shows(p->master, "A\r\nB");

        (void)!write(p->master, "\x03", 1);
        good = good && shows(p->master, "\x03"
                                        "24,80.");
        for (unsigned short i = 0; i < 1000; i++) {
            size.ws_row = (unsigned short)(50 - i % 7);
            (void)ioctl(p->slave, TIOCSWINSZ, &size);
            (void)kill(getppid(), SIGWINCH);
        }
        size.ws_row = 61;
        (void)ioctl(p->slave, TIOCSWINSZ, &size);
        (void)kill(getppid(), SIGWINCH);
        (void)usleep(50000);
        (void)!write(p->master, "x", 1);
        good = good && shows(p->master, "x61,132.");
        (void)!write(p->master, detaches ? "\034d" : "q", detaches ? 2 : 1);
        _exit(good ? 0 : 1);
    }
    return pid;
}

__attribute__((noinline)) static void a_terminal_is_passed_through(void)
{
    struct pty p = pty_new(24, 80);
    struct err e = {0};
    int status = 0;
    pid_t pid;

    command_new(&c, true, false);
    program(&p);
    (void)tty_raw_enter(p.slave, &e);
    pid = user(&p, false);
    struct relay r;

    relay_make(&r, &c, &sig, p.slave, p.slave, 2);
    relay_open(&r);
    is_int(relay_run(&r, &e), RELAY_ENDED, "a session on a terminal ends");
    is_int(r.line.exit.status, 9, "the relay has the status of the program");
    (void)waitpid(pid, &status, 0);
    is_int(WEXITSTATUS(status), 0,
           "bytes pass unchanged, and the first and the last of a thousand sizes arrive");
    relay_close(&r);
    tty_raw_restore();
    pty_close(&p);
    command_free(&c);
}

__attribute__((noinline)) static void the_session_goes_on_without_its_terminal(void)
{
    struct pty p = pty_new(24, 80);
    const struct session_server_info info = {"n", "/p", "e", 1, false};
    struct session_server server;
    struct err e = {0};
    int watched[2];
    char byte;
    int status = 0;
    pid_t pid;

    command_new(&c, true, false);
    program(&p);
    (void)tty_raw_enter(p.slave, &e);
    pid = user(&p, true);
    struct relay r;

    relay_make(&r, &c, &sig, p.slave, p.slave, 2);
    is_int(session_server_open(&server, in_tmp("sock"), &info, &e), 0,
           "a session server opens");
    (void)keys_parse(&r.keys, KEYS_DEFAULT, &e);
    r.server = &server;
    relay_open(&r);
    is_int(relay_run(&r, &e), RELAY_DETACHED, "the detach sequence detaches");
    (void)waitpid(pid, &status, 0);
    is_int(WEXITSTATUS(status), 0, "all output was shown before the terminal detached");
    relay_leave(&r);
    if (fd_pipe(watched, &e) < 0) {
        abort();
    }
    r.watch_fds[1] = watched[0];
    (void)!write(watched[1], "x", 1);
    is_int(relay_run(&r, &e), RELAY_WATCHED,
           "the relay returns when the caller's descriptor can be read");
    (void)!read(watched[0], &byte, 1);
    (void)!write(r.line.in, "q", 1);
    is_int(relay_run(&r, &e), RELAY_ENDED, "without the terminal the session runs to its end");
    fd_close(&watched[0]);
    fd_close(&watched[1]);
    relay_close(&r);
    session_server_close(&server);
    command_free(&c);
    tty_raw_restore();
    command_new(&c, true, false);
    program(&p);
    relay_make(&r, &c, &sig, p.slave, p.slave, 2);
    (void)session_server_open(&server, in_tmp("sock"), &info, &e);
    r.server = &server;
    relay_open(&r);
    (void)kill(getpid(), SIGHUP);
    is_int(relay_run(&r, &e), RELAY_HUNG_UP, "HUP lets the terminal leave");
    fd_close(&p.master);
    is_int(relay_run(&r, &e), RELAY_HUNG_UP, "a terminal that hangs up leaves");
    relay_close(&r);
    session_server_close(&server);
    fd_close(&p.slave);
    command_free(&c);
}

int main(void)
{
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGHUP, SIG_DFL); /* some shells ignore this in jobs */
    tmpdir_make();
    for (size_t i = 0; i < TEXT; i++) {
        text[i] = (char)(i * 7 + i / 251);
    }
    is_int(sig_open(&sig, &e), 0, "the signal descriptor opens");
    bytes_pass_between_pipes_and_the_command(true);
    bytes_pass_between_pipes_and_the_command(false);
    a_terminal_is_passed_through();
    the_session_goes_on_without_its_terminal();
    sig_close(&sig);
    tmpdir_remove();
    return done_testing();
}
