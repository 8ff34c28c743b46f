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

/* What waits for the command: names of signals. */
static bool is_told(const char *name)
{
    bool told =
        r.line.tx.len > 0 && memmem(buf_data(&r.line.tx), r.line.tx.len, name, strlen(name));

    buf_drop(&r.line.tx, r.line.tx.len);
    return told;
}

__attribute__((noinline)) static void passes_on(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2};
    struct err e = {0};

    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        open_relay(-1);
        (void)kill(getpid(), signals[i]);
        is_int(relay_take_signals(&r, &e), RELAY_ENDED, sig_name(signals[i]));
        ok(is_told(sig_name(signals[i])), "goes to the command");
        close_relay();
    }
    open_relay(-1);
    (void)kill(getpid(), SIGHUP);
    is_int(relay_take_signals(&r, &e), RELAY_ENDED, "HUP");
    ok(is_told("HUP") && r.leave_deadline > 0, "as well, and there is a deadline");
    close_relay();
}

__attribute__((noinline)) static void only_waits(void)
{
    struct err e = {0};

    open_relay(-1);
    r.only_waits = true;
    (void)kill(getpid(), SIGINT);
    is_int(relay_take_signals(&r, &e), RELAY_HUNG_UP, "whoever only waits is let go");
    ok(r.left_by == SIGINT && !is_told("INT"), "the command does not hear of it");
    close_relay();
}

__attribute__((noinline)) static void gives_up(void)
{
    struct err e = {0};
    int rc = RELAY_ENDED;

    open_relay(-1);
    for (int i = 0; i < 3; i++) {
        (void)kill(getpid(), SIGINT);
        rc = relay_take_signals(&r, &e);
    }
    ok(rc < 0 && e.kind == ERR_CANCELED && e.code == SIGINT, "three at once are enough");
    r.interrupts = 0;
    (void)kill(getpid(), SIGINT);
    (void)relay_take_signals(&r, &e);
    r.line.answers++;
    r.first_interrupt_ms -= RELAY_PATIENCE_MS;
    (void)kill(getpid(), SIGINT);
    is_int(relay_take_signals(&r, &e), RELAY_ENDED, "a sign of life in between counts");
    close_relay();
}

/* Asked to end, it has some time; then it is killed, and then given up. */
static void makes_it_leave(void)
{
    struct err e = {0};

    open_relay(-1);
    relay_stop(&r);
    ok(is_told("TERM") && r.leave_deadline > 0, "a command that shall stop is told");
    is_int(relay_make_leave(&r, r.leave_deadline, &e), 0, "one that does not");
    ok(is_told("KILL"), "is killed");
    ok(relay_make_leave(&r, r.leave_deadline, &e) < 0 && e.kind == ERR_CANCELED,
       "one that cannot even be killed is left");
    close_relay();
}

/* In a child that leads a process group: it stops with the terminal restored, and goes on raw.
 */
__attribute__((noinline)) static void stops(void)
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
        _exit(good && is_told("CONT") ? 3 : 4);
    }
    ok(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status) &&
           WSTOPSIG(status) == SIGTSTP,
       "a command that stopped itself stops the job");
    (void)tcgetattr(p.slave, &now);
    ok(before.c_lflag == now.c_lflag && before.c_iflag == now.c_iflag &&
           before.c_oflag == now.c_oflag,
       "its terminal is the shell's again");
    (void)kill(pid, SIGCONT);
    (void)waitpid(pid, &status, 0);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 3,
       "continued, it is raw and the command too");
    pty_close(&p);
}

int main(void)
{
    struct err e = {0};

    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGINT, SIG_DFL); /* ignored in jobs of some shells */
    (void)signal(SIGQUIT, SIG_DFL);
    (void)signal(SIGHUP, SIG_DFL);
    (void)signal(SIGTSTP, SIG_DFL);
    is_int(sig_open(&sig, &e), 0, "signals are watched");
    passes_on();
    only_waits();
    gives_up();
    makes_it_leave();
    stops();
    sig_close(&sig);
    return done_testing();
}
