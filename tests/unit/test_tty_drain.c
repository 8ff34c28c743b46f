/* SPDX-License-Identifier: MIT */
/* A child plays the terminal. */
#include "term/tty_drain.h"

#include "base/str.h"
#include "pty.h"
#include "tap.h"

#include <poll.h>
#include <string.h>
#include <sys/wait.h>

static void answer(int master, const char *text)
{
    (void)!write(master, text, strlen(text));
}

/* Answers the queries in `in` like a terminal. Other bytes are ignored. */
static void answer_all(int master, struct str in)
{
    for (; in.len > 0; in = str_drop(in, 1)) {
        if (str_starts(in, "\033[5n")) {
            answer(master, "\033[0n");
        } else if (str_starts(in, "\033[6n")) {
            answer(master, "\033[12;40R");
        } else if (str_starts(in, "\033[c")) {
            answer(master, "\033[?62;22c");
        } else if (str_starts(in, "\033[21t")) {
            answer(master, "\033]lcalc\nrm -rf x\033\\");
        }
    }
}

/* A terminal in raw mode, whose child answers until the slave is closed. `late` are queries
 * that were asked before. */
static pid_t terminal(struct pty *p, const char *late)
{
    struct termios raw;
    pid_t pid;

    *p = pty_new(24, 80);
    (void)tcgetattr(p->slave, &raw);
    cfmakeraw(&raw);
    (void)tcsetattr(p->slave, TCSANOW, &raw);
    pid = fork();
    if (pid == 0) {
        char got[512];
        ssize_t n;

        (void)close(p->slave);
        answer_all(p->master, str_c(late));
        while ((n = read(p->master, got, sizeof(got))) > 0) {
            answer_all(p->master, str_n(got, (size_t)n)); /* all of it comes in one write */
        }
        _exit(0);
    }
    return pid;
}

static bool has_input(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, 0) > 0;
}

static void answers_are_discarded(const char *name, const char *late)
{
    struct pty p;
    pid_t pid = terminal(&p, late);
    char byte = 0;

    tty_drain(p.slave, p.slave);
    ok(!has_input(p.slave), "%s: nothing is left", name);
    answer(p.master, "k");
    ok(read(p.slave, &byte, 1) == 1 && byte == 'k', "%s: keys are read again", name);
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
    pty_close(&p);
}

static void silent_terminal_is_given_up(void)
{
    struct pty p = pty_new(24, 80);
    struct termios raw;

    (void)tcgetattr(p.slave, &raw);
    cfmakeraw(&raw);
    (void)tcsetattr(p.slave, TCSANOW, &raw);
    tty_drain(p.slave, p.slave);
    ok(true, "a terminal that never answers does not block");
    tty_drain_cooked(p.slave);
    ok(true, "a terminal of another session is left alone");
    pty_close(&p);
}

int main(void)
{
    answers_are_discarded("no earlier query", "");
    answers_are_discarded("the report of a title", "\033[21t");
    answers_are_discarded("many answers like the last ones",
                          "\033[5n\033[5n\033[6n\033[c\033[5n\033[5n\033[5n\033[c\033[5n\033[5n"
                          "\033[6n\033[6n\033[c\033[c\033[5n\033[5n\033[5n\033[5n\033[5n\033[5n"
                          "\033[21t");
    silent_terminal_is_given_up();
    return done_testing();
}
