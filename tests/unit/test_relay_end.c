/* SPDX-License-Identifier: MIT */
/* How a relay ends: by signals, by errors on the line, and by the loss of the engine. */
#include "term/relay_end.h"

#include "base/clock.h"
#include "relay.h"
#include "tap.h"

#include <errno.h>

static struct sig sig = {.fd = -1};
static struct command c;

/* Starts a command in a child: it waits for the answer to its greeting, and then runs
 * `script`. */
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

__attribute__((noinline)) static void signals_end_the_relay(int null)
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
    is_int(relay_run(&r, &e), RELAY_ENDED, "the relay ends with a command that a signal ends");
    ok(r.line.exit.status == 143 && r.line.exit.reason == FRAME_SIGNALED,
       "the relay has the status and the reason");
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
       "the second INT cancels a session that does not react: %s", e.text);
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

__attribute__((noinline)) static void the_end_of_the_line_ends_the_relay(int null)
{
    struct err e = {0};
    struct relay r;
    int out[2];

    fails(true, half_a_frame, ERR_EOF, "a stream that ends inside a frame is an error");
    fails(true, garbage, ERR_FORMAT, "a stream without frames is an error");
    fails(false, garbage, ERR_FORMAT, "a line without frames is an error");
    fails(false, wrong_frame, ERR_FORMAT, "a frame that init must not send is an error");
    if (pipe2(out, O_CLOEXEC) < 0) {
        abort();
    }
    fd_close(&out[0]);
    scripted(true, writes_for_ever);
    relay_make(&r, &c, &sig, null, out[1], 2);
    relay_open(&r);
    is_int(relay_run(&r, &e), RELAY_ENDED, "a command whose reader has closed the pipe ends");
    is_int(r.line.exit.status, 141, "the command ends by SIGPIPE, as in a pipeline");
    closes(&r);
    fd_close(&out[1]);
    scripted(true, says_nothing);
    c.session.status = 137;
    c.end_after = 3;
    relay_make(&r, &c, &sig, null, null, 2);
    relay_open(&r);
    is_int(relay_run(&r, &e), RELAY_ENDED,
           "the relay ends if the line ends without an exit frame");
    is_int(r.line.exit.status, 137, "the status is the engine's without an exit frame");
    closes(&r);
    scripted(true, is_silent);
    c.session.ended = true;
    c.session.status = 9;
    relay_make(&r, &c, &sig, null, null, 2);
    relay_open(&r);
    is_int(relay_finished(&r, true, &e), 0, "the relay waits for a stream that has not ended");
    r.status_deadline = clock_ms() - 1;
    is_int(relay_finished(&r, true, &e), 1,
           "after the deadline the relay does not wait for a stream");
    is_int(r.line.exit.status, 9, "the status is the engine's after the deadline");
    closes(&r);
}

/* Reports the loss of the engine in the first turn. */
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

__attribute__((noinline)) static void
the_loss_of_the_engine_matters_only_with_the_line(int null)
{
    struct err e = {0};
    struct relay r;

    scripted(false, says_exit);
    c.session.ops = &lost_ops;
    relay_make(&r, &c, &sig, null, null, null);
    relay_open(&r);
    is_int(relay_run(&r, &e), RELAY_ENDED,
           "the loss of the engine does not end a line that is a unix socket");
    is_int(r.line.exit.status, 3, "the status comes over the line although the engine is lost");
    closes(&r);
    scripted(false, says_nothing);
    c.session.ops = &lost_ops;
    relay_make(&r, &c, &sig, null, null, null);
    relay_open(&r);
    ok(relay_run(&r, &e) < 0 && e.kind == ERR_EOF && r.engine_lost,
       "the loss of the engine and of the line is an error: %s", e.text);
    closes(&r);
    err_reset(&e);
    scripted(false, never_obeys);
    relay_make(&r, &c, &sig, null, null, null);
    relay_open(&r);
    (void)kill(getpid(), SIGHUP);
    ok(relay_run(&r, &e) < 0 && e.kind == ERR_CANCELED && r.killed,
       "a command that KILL does not end is an error: %s", e.text);
    closes(&r);
}

/* The engine carries the line, and both are silent. */
static void a_silent_line_is_lost(int null)
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
    ok(relay_run(&r, &e) < 0 && e.kind == ERR_TIMEOUT && r.engine_lost,
       "a silent line that the engine carries is lost: %s", e.text);
    closes(&r);
}

int main(void)
{
    struct err e = {0};
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGINT, SIG_DFL); /* some shells ignore these in jobs */
    (void)signal(SIGHUP, SIG_DFL);
    is_int(sig_open(&sig, &e), 0, "the signal descriptor opens");
    signals_end_the_relay(null);
    the_end_of_the_line_ends_the_relay(null);
    the_loss_of_the_engine_matters_only_with_the_line(null);
    a_silent_line_is_lost(null);
    sig_close(&sig);
    fd_close(&null);
    return done_testing();
}
