/* SPDX-License-Identifier: MIT */
/* Gives this process's terminal the modes that a command sets on its side terminal
 * (src/wire/PROTOCOL.md), such as no echo while it reads a password. */
#ifndef TERM_SIDE_MODES_H
#define TERM_SIDE_MODES_H

#include <stdbool.h>

/* No event reports a change of the modes, so the caller looks this often. */
enum { SIDE_MODES_MS = 100 };

/* The initial state is {0}. */
struct side_modes {
    bool known;            /* the modes were seen; the following are the last ones */
    unsigned local, input; /* c_lflag and c_iflag: termios(3) */
    unsigned min, time;    /* VMIN in bytes, VTIME in tenths of a second */
};

/* Looks at the modes of the side terminal, whose master is `master`, and sets those of `fd` if
 * they have changed since the last call (tty_raw_follow(), term/raw.h). The first call sets
 * nothing if they are those of a new terminal. The caller restores the modes of `fd` at the end
 * with tty_raw_restore(). Errors are ignored. Does not block, except that `fd` writes its
 * output first (TCSADRAIN). */
void side_modes_follow(struct side_modes *m, int master, int fd);

#endif
