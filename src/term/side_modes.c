/* SPDX-License-Identifier: MIT */
#include "term/side_modes.h"

#include "term/raw.h"

#include <termios.h>

void side_modes_follow(struct side_modes *m, int master, int fd)
{
    const tcflag_t usual = ICANON | ECHO | ISIG; /* of a new terminal */
    struct side_modes now = {.known = true};
    struct termios t;

    /* The master has the attributes of the other end: tty_ioctl(4). */
    if (tcgetattr(master, &t) < 0) {
        return;
    }
    now.local = t.c_lflag;
    now.input = t.c_iflag;
    now.min = t.c_cc[VMIN];
    now.time = t.c_cc[VTIME];
    if (!m->known && (t.c_lflag & usual) == usual) {
        *m = now;
        return;
    }
    if (!m->known || now.local != m->local || now.input != m->input || now.min != m->min ||
        now.time != m->time) {
        tty_raw_follow(fd, &t);
    }
    *m = now;
}
