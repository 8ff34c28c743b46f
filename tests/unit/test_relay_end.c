/* SPDX-License-Identifier: MIT */
/* How a relay ends: signals, and what goes wrong on the line. */
#include "term/relay_end.h"

#include "base/clock.h"
#include "relay.h"
#include "tap.h"

#include <errno.h>

static struct sig sig = {.fd = -1};
static struct command c;

/* A command that is greeted, and then follows a script. */
static void scripted(bool wrapped, void (*script)(struct buf *rx))
{
    struct buf rx;
    struct frame f;

    command_new(&c, false, wrapped);
    c.pid = fork();
    if (c.pid == 0) {
        fd_close(&c.session.fd);
        buf_init(&rx, 1 << 20);
        (void)command_await(&c, &rx, FRAME_HELLO, &f);
        script(&rx);
        _exit(0);
    }
    fd_close(&c.line);
}

static void dies_by_signal(struct buf *rx)
{
    struct frame f;

    if (command_await(&c, rx, FRAME_SIGNAL, &f) && str_eq_c(f.payload, "TERM")) {
        command_exit(&c, 143, FRAME_SIGNALED);
    }
}

static void is_silent(struct buf *rx)
{
    struct frame f;

    (void)command_await(&c, rx, FRAME_EXIT, &f);
}

static void half_a_frame(struct buf *rx)
{
    (void)rx;
    (void)!write(c.line, "\1\0\0\0\0\0\0\11\3\0\0\0", 12);
}

static void garbage(struct buf *rx)
{
    (void)!write(c.line, "garbage!", 8);
    is_silent(rx);
}

static void wrong_frame(struct buf *rx)
{
    command_say(&c, FRAME_INPUT, "x", 1);
    is_silent(rx);
}

static void writes_for_ever(struct buf *rx)
{
    struct frame f;

    command_say(&c, FRAME_OUTPUT, "y\n", 2);
    while (command_await(&c, rx, FRAME_END, &f) && f.payload.p[0] != FRAME_END_OUTPUT) {
    }
    if (f.type == FRAME_END) {
        command_exit(&c, 141, FRAME_SIGNALED);
    }
}

static void says_nothing(struct buf *rx)
{
    (void)rx;
}

static void closes(struct relay *r)
{
    relay_close(r);
    command_free(&c);
    while (sig_next(&sig) != 0) {
    }
}

__attribute__((noinline)) static void signals(int null)
{
    struct err e = {0};
    struct relay r;
    int in[2];

    if (fd_pipe(in, &e) < 0) {
        abort();
    }
    scripted(true, dies_by_signal);
    relay_make(&r, &c, &sig, in[0], null, 2);
    relay_open(&r);
    (void)kill(getpid(), SIGTERM);
    is_int(relay_run(&r, &e), RELAY_ENDED, "a command that a signal ends");
    ok(r.line.exit.status == 143 && r.line.exit.reason == FRAME_SIGNALED, "got it");
    closes(&r);
    scripted(false, is_silent);
    relay_make(&r, &c, &sig, in[0], null, 2);
    relay_open(&r);
    (void)kill(getpid(), SIGINT);
    pid_t pid = fork();

    if (pid == 0) {
        (void)usleep(RELAY_PATIENCE_MS * 1000 + 200000);
        (void)kill(getppid(), SIGINT);
        _exit(0);
    }
    ok(relay_run(&r, &e) < 0 && e.kind == ERR_CANCELED && e.code == SIGINT,
       "a session that does not react is left at the second one: %s", e.text);
    (void)waitpid(pid, NULL, 0);
    closes(&r);
    fd_close(&in[0]);
    fd_close(&in[1]);
}

static void fails(bool wrapped, void (*script)(struct buf *rx), enum err_kind kind,
                  const char *name)
{
    struct err e = {0};
    struct relay r;
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    scripted(wrapped, script);
    relay_make(&r, &c, &sig, null, null, 2);
    relay_open(&r);
    ok(relay_run(&r, &e) < 0 && e.kind == kind, "%s: %s", name, e.text);
    closes(&r);
    fd_close(&null);
}

__attribute__((noinline)) static void ends(int null)
{
    struct err e = {0};
    struct relay r;
    int out[2];

    fails(true, half_a_frame, ERR_EOF, "a stream that ends inside a frame");
    fails(true, garbage, ERR_FORMAT, "a broken stream");
    fails(false, garbage, ERR_FORMAT, "a broken line");
    fails(false, wrong_frame, ERR_FORMAT, "a frame that is not init's");
    if (pipe2(out, O_CLOEXEC) < 0) {
        abort();
    }
    fd_close(&out[0]);
    scripted(true, writes_for_ever);
    relay_make(&r, &c, &sig, null, out[1], 2);
    relay_open(&r);
    is_int(relay_run(&r, &e), RELAY_ENDED, "a reader that has gone: the command is told");
    is_int(r.line.exit.status, 141, "and ends as in a pipeline");
    closes(&r);
    fd_close(&out[1]);
    scripted(true, says_nothing);
    c.session.status = 137;
    c.end_after = 3;
    relay_make(&r, &c, &sig, null, null, 2);
    relay_open(&r);
    is_int(relay_run(&r, &e), RELAY_ENDED, "a line that ends without a word");
    is_int(r.line.exit.status, 137, "leaves the engine's status");
    closes(&r);
    scripted(true, is_silent);
    c.session.ended = true;
    c.session.status = 9;
    relay_make(&r, &c, &sig, null, null, 2);
    relay_open(&r);
    is_int(relay_finished(&r, true, &e), 0, "a stream that lags behind the end is waited for");
    r.status_deadline = clock_ms() - 1;
    is_int(relay_finished(&r, true, &e), 1, "not for ever: then it is over, at once");
    is_int(r.line.exit.status, 9, "with the engine's status");
    closes(&r);
}

/* An engine that goes away in the first turn. */
static int lost_dispatch(struct session *s, const struct pollfd *fds, struct err *e)
{
    (void)s;
    (void)fds;
    return err_set(e, ERR_EOF, "lost the engine");
}

static const struct session_ops lost_ops = {.prepare = command_prepare,
                                            .dispatch = lost_dispatch};

static void says_exit(struct buf *rx)
{
    (void)rx;
    command_say(&c, FRAME_ERROUT, "late", 4);
    command_exit(&c, 3, FRAME_EXITED);
}

static void never_obeys(struct buf *rx)
{
    struct frame f;

    while (command_await(&c, rx, FRAME_SIGNAL, &f)) {
    }
}

__attribute__((noinline)) static void loses(int null)
{
    struct err e = {0};
    struct relay r;

    scripted(false, says_exit);
    c.session.ops = &lost_ops;
    relay_make(&r, &c, &sig, null, null, null);
    relay_open(&r);
    is_int(relay_run(&r, &e), RELAY_ENDED, "a lost engine takes no line along that is its own");
    is_int(r.line.exit.status, 3, "which tells the end");
    closes(&r);
    scripted(false, says_nothing);
    c.session.ops = &lost_ops;
    relay_make(&r, &c, &sig, null, null, null);
    relay_open(&r);
    ok(relay_run(&r, &e) < 0 && e.kind == ERR_EOF && r.engine_lost,
       "if the line ends as well nobody knows: %s", e.text);
    closes(&r);
    err_reset(&e);
    scripted(false, never_obeys);
    relay_make(&r, &c, &sig, null, null, null);
    relay_open(&r);
    (void)kill(getpid(), SIGHUP);
    ok(relay_run(&r, &e) < 0 && e.kind == ERR_CANCELED && r.killed,
       "a command that not even KILL ends: %s", e.text);
    closes(&r);
}

/* The engine carries the line, and neither says anything any more. */
static void silence(int null)
{
    struct err e = {0};
    struct relay r;

    scripted(false, never_obeys);
    c.session.wrapped = true;
    relay_make(&r, &c, &sig, null, null, null);
    relay_open(&r);
    r.keepalive =
        (struct keepalive){.due_ms = clock_ms() + 50, .asked = KEEPALIVE_STARTING_MAX - 1};
    r.until_started = false;
    ok(relay_run(&r, &e) < 0 && e.kind == ERR_TIMEOUT && r.engine_lost, "silence: %s", e.text);
    closes(&r);
}

int main(void)
{
    struct err e = {0};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGINT, SIG_DFL); /* ignored in jobs of some shells */
    (void)signal(SIGHUP, SIG_DFL);
    is_int(sig_open(&sig, &e), 0, "signals are watched");
    signals(null);
    ends(null);
    loses(null);
    silence(null);
    sig_close(&sig);
    fd_close(&null);
    return done_testing();
}
