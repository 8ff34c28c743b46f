/* SPDX-License-Identifier: MIT */
#include "init/side_terminal.h"

#include "base/clock.h"
#include "base/fd.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <termios.h>

#ifndef EXTPROC
#define EXTPROC 0200000 /* asm-generic/termbits.h; musl defines it for _GNU_SOURCE only */
#endif

void side_terminal_prepare(int slave)
{
    struct termios t;

    if (tcgetattr(slave, &t) == 0) {
        t.c_lflag |= EXTPROC;
        t.c_oflag &= ~(tcflag_t)OPOST;
        (void)tcsetattr(slave, TCSANOW, &t);
    }
}

/* Returns true if the command has read everything. The kernel passes on what was written to the
 * master a moment later, so the terminal must stay empty for a time. */
static bool is_empty(struct job *j)
{
    int unread = 0;

    if (ioctl(j->slave, FIONREAD, &unread) == 0 && unread > 0) {
        j->side_empty_ms = 0;
        return false;
    }
    if (j->side_empty_ms == 0) {
        j->side_empty_ms = clock_ms();
    }
    return clock_ms() - j->side_empty_ms >= SIDE_TERMINAL_MS;
}

/* Returns true if the end was written, or if the command does not read lines. Returns false if
 * the caller has to try again. */
static bool end_input(struct job *j)
{
    struct termios t;
    char end;

    if (tcgetattr(j->slave, &t) < 0 || (t.c_lflag & ICANON) == 0) {
        return true;
    }
    /* With EXTPROC, the character counts as the end only if it is alone in the queue. */
    if (!is_empty(j)) {
        return false;
    }
    end = (char)t.c_cc[VEOF];
    return fd_write(j->terminal, &end, 1) == 1 || errno != EAGAIN;
}

bool side_terminal_waits(const struct job *j, bool ended)
{
    return (j->boot->side & BOOT_SIDE_IN) != 0 && ended && !j->side_ended;
}

void side_terminal_step(struct job *j, bool ended)
{
    if (side_terminal_waits(j, ended) && end_input(j)) {
        j->side_ended = true;
        fd_close(&j->in);
    }
}
