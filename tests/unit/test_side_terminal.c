/* SPDX-License-Identifier: MIT */
#include "init/side_terminal.h"

#include "base/clock.h"
#include "base/pty.h"
#include "tap.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { WAIT_MS = 10000 };

/* Waits until the terminal has something to read, or its end, and reads it. */
static ssize_t take(int fd, char *bytes, size_t size)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return poll(&p, 1, WAIT_MS) > 0 ? read(fd, bytes, size) : -1;
}

/* Takes steps until the end was passed on, for `ms` at most. */
static bool ends(struct job *j, int ms)
{
    const int64_t deadline = clock_ms() + ms;

    while (side_terminal_waits(j, true) && clock_ms() < deadline) {
        side_terminal_step(j, true);
        (void)poll(NULL, 0, 1);
    }
    return !side_terminal_waits(j, true);
}

static void other_end_does_the_work(int master, int slave)
{
    char bytes[16];
    struct termios t;

    side_terminal_prepare(slave);
    ok(write(master, "a\003b\n", 4) == 4 && take(slave, bytes, sizeof(bytes)) == 4 &&
           memcmp(bytes, "a\003b\n", 4) == 0,
       "keys that make signals reach the program");
    ok(write(slave, "x\n", 2) == 2 && take(master, bytes, sizeof(bytes)) == 2 &&
           memcmp(bytes, "x\n", 2) == 0,
       "output is unchanged, and nothing was echoed");
    ok(tcgetattr(slave, &t) == 0 &&
           (t.c_lflag & (ICANON | ECHO | ISIG)) == (ICANON | ECHO | ISIG),
       "programs see the usual modes");
}

static void end_of_input_waits_for_the_program(struct job *j)
{
    char bytes[16];
    struct termios t;

    ok(!side_terminal_waits(j, false) && side_terminal_waits(j, true),
       "input that has not ended has nothing to wait for");
    ok(write(j->terminal, "a\n", 2) == 2, "a line is typed");
    ok(!ends(j, 3 * SIDE_TERMINAL_MS), "the end waits until the line was read");
    ok(take(j->slave, bytes, sizeof(bytes)) == 2, "the line is read");
    ok(ends(j, WAIT_MS) && take(j->slave, bytes, sizeof(bytes)) == 0,
       "then the program reads the end");
    j->side_ended = false;
    ok(tcgetattr(j->slave, &t) == 0, "the modes are read");
    t.c_lflag &= ~(tcflag_t)ICANON;
    ok(tcsetattr(j->slave, TCSANOW, &t) == 0, "the program reads keys");
    side_terminal_step(j, true);
    ok(!side_terminal_waits(j, true), "input of keys has no end");
}

int main(void)
{
    struct boot b = {.side = BOOT_SIDE_IN};
    struct job j;
    struct err e = {0};

    job_init(&j, &b);
    ok(pty_open(&j.terminal, &j.slave, &e) == 0, "a terminal is opened %s", e.text);
    other_end_does_the_work(j.terminal, j.slave);
    end_of_input_waits_for_the_program(&j);
    b.side = BOOT_SIDE_OUT;
    j.side_ended = false;
    ok(!side_terminal_waits(&j, true), "a pipe has no such end");
    job_close(&j);
    return done_testing();
}
