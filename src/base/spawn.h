/* SPDX-License-Identifier: MIT */
/* A program that runs beside us for as long as it is wanted, in a session of its own unless it
 * joins ours: no key at the user's terminal reaches it. Where it gets a terminal as its
 * controlling one, it is hung up (SIGHUP) by the kernel once nobody has the master any more: it
 * cannot outlive us, not even after SIGKILL, but whoever we fork keeps it. For short-lived ones
 * see base/proc.h. */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/sig.h"

struct spawn {
    const char *program; /* an absolute path */
    const char *const
        *argv;        /* NULL-terminated, argv[0] included. Never a secret: ps(1) shows it */
    char *const *env; /* "K=V", NULL-terminated */
    const struct sig *sig; /* whose saved mask it gets; NULL: nothing is blocked in it */
    const char *dir;       /* where it runs; NULL: where we are */
    bool joins; /* it stays in our session and process group, and ignores the signals that we
                   ignore */
    int in, out, err; /* its standard descriptors; borrowed; -1: ours */
    int terminal;     /* a pseudo-terminal's slave, which becomes its own; -1: none */
};

/* Returns once it runs: its pid; -1 where it cannot. Blocks as fork(2) and execve(2) do.
 * setsid(2), ioctl_tty(2). */
pid_t spawn_start(const struct spawn *s, struct err *e);

#endif
