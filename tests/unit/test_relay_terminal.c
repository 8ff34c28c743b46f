/* SPDX-License-Identifier: MIT */
/* The relay's terminal, without its loop. tests/e2e/test_terminal_end.py tests the rest. */
#include "term/relay_terminal.h"

#include "base/log.h"
#include "pty.h"
#include "relay.h"
#include "tap.h"

static struct sig sig = {.fd = -1};
static struct command c;
static struct relay r;

/* Opens a relay of a command without a terminal, whose output goes to these descriptors. */
static void open_relay(int out, int err, bool safe)
{
    r = (struct relay){.session = &c.session,
                       .sig = &sig,
                       .in = -1,
                       .out = out,
                       .err = err,
                       .attached = true,
                       .safe = safe};
    command_new(&c, false, true);
    relay_open(&r);
}

static void close_relay(void)
{
    relay_close(&r);
    command_free(&c);
}

/* Writes what is queued and checks that `fd` gets these bytes. */
static void shows(int fd, const char *want, const char *name)
{
    char got[512];
    size_t len = 0;
    ssize_t n = 1;

    stdio_end_flush(&r.stdio, true, true);
    while (len < strlen(want) && n > 0) { /* a terminal gives each write by itself */
        n = read(fd, got + len, sizeof(got) - len);
        len += n > 0 ? (size_t)n : 0;
    }
    is_mem(got, len, want, strlen(want), name);
}

static struct pty raw_pty(void)
{
    struct pty p = pty_new(24, 80);
    struct termios raw;

    (void)tcgetattr(p.slave, &raw);
    cfmakeraw(&raw);
    (void)tcsetattr(p.slave, TCSANOW, &raw);
    return p;
}

static void terminals_are_filtered_and_pipes_are_not(void)
{
    struct pty p = raw_pty();
    int fds[2];

    if (pipe(fds) < 0) {
        abort();
    }
    open_relay(p.slave, fds[1], true);
    relay_deliver(&r, FRAME_OUTPUT, str_c("a\033]52;c;x\ab"));
    shows(p.master, "ab", "a terminal on stdout is filtered");
    relay_deliver(&r, FRAME_ERROUT, str_c("c\033]52;c;x\ad"));
    shows(fds[0], "c\033]52;c;x\ad", "a pipe on stderr is not");
    close_relay();
    open_relay(p.slave, p.slave, true);
    relay_deliver(&r, FRAME_OUTPUT, str_c("1\033["));
    relay_deliver(&r, FRAME_ERROUT, str_c("2\033]52;c;"));
    relay_deliver(&r, FRAME_OUTPUT, str_c("1m3"));
    relay_deliver(&r, FRAME_ERROUT, str_c("x\a4"));
    shows(p.master, "12\033[1m34", "sequences of stdout and stderr do not mix");
    close_relay();
    open_relay(p.slave, p.slave, false);
    relay_deliver(&r, FRAME_OUTPUT, str_c("a\033]52;c;x\ab"));
    shows(p.master, "a\033]52;c;x\ab", "by default everything passes");
    close_relay();
    (void)close(fds[0]);
    (void)close(fds[1]);
    pty_close(&p);
}

static void terminal_is_restored(void)
{
    struct pty p = raw_pty();
    int keep = dup(STDERR_FILENO);

    open_relay(p.slave, p.slave, false);
    relay_deliver(&r, FRAME_OUTPUT, str_c("text\r\n"));
    shows(p.master, "text\r\n", "text is shown");
    relay_restore_terminal(&r, false);
    relay_deliver(&r, FRAME_OUTPUT, str_c("|"));
    shows(p.master, "|", "after text nothing is restored");
    close_relay();
    pty_close(&p);
    p = raw_pty();
    open_relay(p.slave, p.slave, false);
    relay_deliver(&r, FRAME_OUTPUT, str_c("red\033[31m"));
    relay_restore_terminal(&r, false);
    (void)dup2(p.slave, STDERR_FILENO);
    log_error("own");
    (void)dup2(keep, STDERR_FILENO);
    shows(p.master, "red\033[31m\030\033\\\033[0m\033(B\033)B\017\r\ncco: own\n",
          "colours are reset, and the next message begins a line");
    relay_deliver(&r, FRAME_OUTPUT, str_c("\033[2J"));
    relay_rest_terminal(&r);
    shows(p.master, "\033[2J\030\033\\\033[0m\033(B\017",
          "while the command is stopped, modes are left alone");
    close_relay();
    (void)close(keep);
    pty_close(&p);
}

int main(void)
{
    terminals_are_filtered_and_pipes_are_not();
    terminal_is_restored();
    return done_testing();
}
