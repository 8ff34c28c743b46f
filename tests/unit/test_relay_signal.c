/* SPDX-License-Identifier: MIT */
/* Signals and job control of the relay, without its loop. */
#include "term/relay_signal.h"

#include "pty.h"
#include "relay.h"
#include "tap.h"
#include "term/raw.h"

#include <sys/wait.h>

static struct sig sig = {.fd = -1};
static struct command c;

static struct relay r;

static void open_relay(int terminal)
{
    r = (struct relay){.session = &c.session,
                       .sig = &sig,
                       .in = terminal,
                       .out = terminal,
                       .err = 2,
                       .attached = terminal >= 0};

    command_new(&c, terminal >= 0, true);
    relay_open(&r);
}

static void close_relay(void)
{
    relay_close(&r);
    command_free(&c);
}

/* Returns true if the signal of this name is queued for the command. Empties the queue. */
static bool is_queued(const char *name)
{
    bool told =
        r.line.tx.len > 0 && memmem(buf_data(&r.line.tx), r.line.tx.len, name, strlen(name));

    buf_drop(&r.line.tx, r.line.tx.len);
    return told;
}

__attribute__((noinline)) static void signals_are_sent_to_the_command(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2};
    struct err e = {0};

    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        open_relay(-1);
        (void)kill(getpid(), signals[i]);
        is_int(relay_take_signals(&r, &e), RELAY_ENDED, "the relay goes on after a signal");
        ok(is_queued(sig_name(signals[i])), "%s is sent to the command", sig_name(signals[i]));
        close_relay();
    }
    open_relay(-1);
    (void)kill(getpid(), SIGHUP);
    is_int(relay_take_signals(&r, &e), RELAY_ENDED, "the relay goes on after HUP");
    ok(is_queued("HUP") && r.leave_deadline > 0,
       "HUP is sent to the command, which gets a deadline");
    close_relay();
}

__attribute__((noinline)) static void a_process_that_only_waits_leaves(void)
{
    struct err e = {0};

    open_relay(-1);
    r.only_waits = true;
    (void)kill(getpid(), SIGINT);
    is_int(relay_take_signals(&r, &e), RELAY_HUNG_UP,
           "a process that only waits leaves after INT");
    ok(r.left_by == SIGINT && !is_queued("INT"),
       "INT of a process that only waits is not sent to the command");
    close_relay();
}

__attribute__((noinline)) static void several_interrupts_cancel_the_relay(void)
{
    struct err e = {0};
    int rc = RELAY_ENDED;

    open_relay(-1);
    for (int i = 0; i < 3; i++) {
        (void)kill(getpid(), SIGINT);
        rc = relay_take_signals(&r, &e);
    }
    ok(rc < 0 && e.kind == ERR_CANCELED && e.code == SIGINT,
       "three INTs without a sign of life cancel the relay");
    r.interrupts = 0;
    (void)kill(getpid(), SIGINT);
    (void)relay_take_signals(&r, &e);
    r.line.answers++;
    r.first_interrupt_ms -= RELAY_PATIENCE_MS;
    (void)kill(getpid(), SIGINT);
    is_int(relay_take_signals(&r, &e), RELAY_ENDED,
           "two INTs with a sign of life between them do not cancel the relay");
    close_relay();
}

/* The command is asked to end. It has some time; then it is killed, and then the relay gives
 * up. */
static void a_command_that_does_not_end_is_killed(void)
{
    struct err e = {0};

    open_relay(-1);
    relay_stop(&r);
    ok(is_queued("TERM") && r.leave_deadline > 0,
       "a command that is asked to end gets TERM and a deadline");
    is_int(relay_make_leave(&r, r.leave_deadline, &e), 0, "the relay goes on at the deadline");
    ok(is_queued("KILL"), "a command that did not end by the deadline is killed");
    ok(relay_make_leave(&r, r.leave_deadline, &e) < 0 && e.kind == ERR_CANCELED,
       "the relay gives up on a command that KILL does not end");
    close_relay();
}

/* A child that leads a process group suspends the relay: it stops with the terminal restored,
 * and continues in raw mode. */
__attribute__((noinline)) static void a_stopped_command_stops_the_job(void)
{
    struct pty p = pty_new(24, 80);
    struct termios before = {0};
    struct termios now = {0};
    int status = 0;
    pid_t pid;

    (void)tcgetattr(p.slave, &before);
    (void)fflush(stdout);
    pid = fork();
    if (pid == 0) {
        struct err e = {0};
        bool good;

        (void)setpgid(0, 0);
        good = tty_raw_enter(p.slave, &e) == 0;
        open_relay(p.slave);
        buf_drop(&r.line.tx, r.line.tx.len);
        good = good && relay_suspend(&r, true, &e) == 0 && tty_raw_is_active();
        _exit(good && is_queued("CONT") ? 3 : 4);
    }
    ok(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status) &&
           WSTOPSIG(status) == SIGTSTP,
       "a command that stopped itself stops this process");
    (void)tcgetattr(p.slave, &now);
    ok(before.c_lflag == now.c_lflag && before.c_iflag == now.c_iflag &&
           before.c_oflag == now.c_oflag,
       "the terminal is restored while the process is stopped");
    (void)kill(pid, SIGCONT);
    (void)waitpid(pid, &status, 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 3,
       "the continued process sets raw mode again and continues the command");
    pty_close(&p);
}

int main(void)
{
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGINT, SIG_DFL); /* some shells ignore these in jobs */
    (void)signal(SIGQUIT, SIG_DFL);
    (void)signal(SIGHUP, SIG_DFL);
    (void)signal(SIGTSTP, SIG_DFL);
    is_int(sig_open(&sig, &e), 0, "the signal descriptor opens");
    signals_are_sent_to_the_command();
    a_process_that_only_waits_leaves();
    several_interrupts_cancel_the_relay();
    a_command_that_does_not_end_is_killed();
    a_stopped_command_stops_the_job();
    sig_close(&sig);
    return done_testing();
}
