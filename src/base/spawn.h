/* SPDX-License-Identifier: MIT */
/* Starts a program that runs beside the caller. The caller ends it with a signal when it is not
 * needed any more, and must wait for it (waitpid(2)). Unless `joins` is set, the program gets
 * its own terminal session (setsid(2)), so that keys at the user's terminal do not reach it.
 *
 * If the program gets a pseudo-terminal as its controlling terminal, it cannot outlive the
 * caller, even if the caller is killed by SIGKILL: the kernel sends SIGHUP to the program when
 * the last descriptor of the master is closed. A child that the caller forks inherits the
 * master, and delays that until it ends or closes it.
 *
 * See base/proc.h for a program that runs for the length of a call. */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/sig.h"

struct spawn {
    const char *program;     /* an absolute path */
    const char *const *argv; /* with argv[0] and a NULL at the end; no secrets: ps shows it */
    char *const *env;        /* "NAME=VALUE", with a NULL at the end */
    const struct sig *sig;   /* the child gets its `saved` mask; NULL: an empty mask */
    const char *dir;         /* its working directory; NULL: that of the caller */
    /* If true, the program stays in the caller's terminal session and process group, and
     * ignores the signals that the caller ignores. If false, sig_usual() applies to it. */
    bool joins;
    int in, out, err; /* its descriptors 0, 1 and 2, still the caller's; -1: inherited */
    int terminal;     /* slave of its controlling terminal; needs !joins; -1: none */
};

/* Starts the program. Returns its pid when it has been executed, and -1 on error: ERR_SYS, with
 * the program's path in the text if it cannot be executed. After an error no child is left.
 * Blocks only for the time of fork(2) and execve(2). setsid(2), TIOCSCTTY in ioctl_tty(2). */
pid_t spawn_start(const struct spawn *s, struct err *e);

#endif
