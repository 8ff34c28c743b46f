/* SPDX-License-Identifier: MIT */
/* Runs another program to its end, with bytes on its standard input and its output in a buffer.
 * The program is a child that inherits only the three standard descriptors, because every other
 * descriptor is close-on-exec. It gets the signal mask of `sig` and exactly the environment of
 * `env`. It never outlives the call. The caller must have blocked or ignored SIGPIPE, as
 * sig_open() does. See base/spawn.h for a program that runs beside the caller. */
#ifndef BASE_PROC_H
#define BASE_PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/sig.h"
#include "base/str.h"

struct proc {
    const char *program;     /* an absolute path; see proc_find() */
    const char *const *argv; /* with argv[0] and a NULL at the end; no secrets: ps shows it */
    char *const *env;        /* "NAME=VALUE", with a NULL at the end */
    const struct sig *sig;   /* the child gets its `saved` mask; NULL: an empty mask */
    struct str in;           /* the content of its standard input */
    struct buf *out;         /* its standard output is added here; must not be NULL */
    /* The first bytes of its standard error are added here, as many as fit, and the others are
     * discarded. If NULL, the child shares the caller's standard error. */
    struct buf *err;
    /* The output is a secret: all of `out` is reserved first, so that it never moves, and it is
     * wiped if proc_run() fails. */
    bool secret;
    int64_t deadline_ms; /* a time of clock_ms(); -1: no deadline */
};

/* Searches the directories of PATH in `env` for an executable file `name`. Returns its absolute
 * path in the arena, and NULL if there is none. Skips relative directories of PATH, because the
 * current directory is never trusted. A name that contains a slash is not searched for: it is
 * returned if it is the absolute path of an executable file. */
const char *proc_find(const char *name, char *const *env, struct arena *a);

/* Runs the program and waits for its end. Returns 0 if it ran, with any exit status, and
 * sets *status to the exit status (0 to 255), or to 128 + n if signal n ended it. It is not an
 * error if the program does not read all of its input. Output that a grandchild writes after
 * the end of the program is not waited for.
 * Returns -1 on error. ERR_USAGE means that `program` is not an absolute path, ERR_SYS that it
 * cannot be executed or a system call failed, ERR_LIMIT that the output exceeds the maximum of
 * `out`, ERR_TIMEOUT that the deadline passed. A program that still runs is ended with SIGTERM
 * and, after a second, with SIGKILL. After an error, `out` contains the output so far, but is
 * empty if `secret` is set.
 * Blocks until the end of the program; a signal to the caller does not end the wait. fork(2),
 * execve(2). */
int proc_run(const struct proc *p, int *status, struct err *e);

/* Returns a copy of the list in the arena, with the type that execve(2) requires. The strings
 * are not copied. */
char *const *proc_argv(const char *const *argv, struct arena *a);

#endif
