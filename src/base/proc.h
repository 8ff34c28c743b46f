/* SPDX-License-Identifier: MIT */
/* Other programs as children, with bytes on their stdin and their answer in a buffer.
 * A child gets nothing of ours but the three standard descriptors (all else is close-on-exec),
 * a signal mask as a new program expects it, and exactly the environment it is given. No child
 * outlives its call. SIGPIPE must be blocked or ignored (sig_open() does). */
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
    const char *program; /* an absolute path; see proc_find() */
    const char *const
        *argv;        /* NULL-terminated, argv[0] included. Never a secret: ps(1) shows it */
    char *const *env; /* "K=V", NULL-terminated */
    const struct sig *sig; /* whose saved mask the child gets; NULL: nothing is blocked in it */
    struct str in;         /* the whole of its stdin */
    struct buf *out;       /* its stdout is added */
    struct buf *err;       /* the beginning of its stderr, as much as fits; NULL: it has ours */
    bool secret;           /* out takes its storage up front, and is wiped on failure */
    int64_t deadline_ms;   /* clock_ms(); -1: none */
};

/* The program `name` in the directories of PATH in `env`; a name with a slash stands for
 * itself. Relative directories are passed over, for the current one is never trusted. NULL
 * where there is none; what is returned is always absolute. */
const char *proc_find(const char *name, char *const *env, struct arena *a);

/* Runs it to its end. *status: 0 to 255 as it exited, 128+n where signal n ended it. What it
 * writes after its own end (a grandchild) is not waited for; a child that reads none of its
 * stdin is no error. ERR_SYS where it cannot be run, ERR_LIMIT where out is too small,
 * ERR_TIMEOUT past the deadline: it is then ended, by TERM and a second later by KILL. Blocks.
 * fork(2), execve(2). */
int proc_run(const struct proc *p, int *status, struct err *e);

/* The same list for execve(2), which wants pointers to what it never changes; in the arena. */
char *const *proc_argv(const char *const *argv, struct arena *a);

#endif
