/* SPDX-License-Identifier: MIT */
/* The escape suite: one static program that tries many ways out of a sandbox, one after the
 * other, each in a process of its own, and prints the result of each attempt. It runs in every
 * kind of session, and outside of any session. Outside, the attempts must succeed: an attempt
 * that fails there, too, would show nothing.
 *
 * The result of an attempt is a word: OPEN if it has got something of the host, the name of an
 * errno, or one of the words below. The expected results are a list of words. The first word is
 * for every sandbox, and the others are for one kind of place each:
 *
 *     "ENOENT landlock-only=EACCES docker=OWN|ENOENT out=OPEN"
 *
 * `a|b` means that both results are right, and `-` that the attempt is not made in that place.
 * Outside, an attempt is made only if the list has a word with out=. escape.c has the list of
 * the places, and of the places whose words apply to others as well. */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stddef.h>

struct world;

/* The results other than an errno. */
#define OPEN "OPEN"   /* something of the host can be reached */
#define OWN "OWN"     /* it exists, but is the sandbox's own */
#define NONE "NONE"   /* it does not exist */
#define EMPTY "EMPTY" /* it exists, and has no content */
#define SAME "SAME"   /* the attempt has changed nothing */
/* This machine or processor does not have it, so the attempt shows nothing. */
#define ABSENT "ABSENT"
/* A value that the attempt needs was not given to this program: always a failure. */
#define NOT_GIVEN "NOT_GIVEN"

enum { CALL_ARGS = 6, TEXT = 2048 };

struct attempt {
    const char *verb, *what; /* together its name, which is unique */
    const char *(*try)(const struct world *w, const struct attempt *a);
    const char *wanted; /* the expected results */
    const char *why;    /* what a success would give to the agent */
    long nr; /* the number of the system call for call(); any number for other functions */
    const void *args[CALL_ARGS];
};

#define NUMBER(x) ((const void *)(long)(x))

/* Returns the value of an argument NAME=VALUE of this program. Returns NULL, or 0, if it was
 * not given. */
const char *given(const struct world *w, const char *name);
long given_number(const struct world *w, const char *name);

/* Writes the path that an attempt names to `out`: "~/x" is in the host's home, "%/x" is in the
 * project, and "@name" is the value of that argument. Returns `out`, and NULL if the argument
 * was not given. */
const char *place(const struct world *w, const char *path, char out[TEXT]);

/* Returns the pid of the session's init. */
long init_pid(const struct world *w);

/* Returns the name of an errno. */
const char *failure(int errnum);

/* Returns OPEN if a call has succeeded, and the name of its errno if rc is negative. */
const char *result(long rc);

/* Returns OPEN if the descriptor is the host's own file or directory of that path, and OWN
 * otherwise. The arguments id:PATH=DEVICE:INODE identify those of the host. */
const char *whose(const struct world *w, int fd, const char *path);

/* Makes the system call a->nr with the arguments a->args. */
const char *call(const struct world *w, const struct attempt *a);

/* An attempt that consists of one such call. */
#define CALL(name, number, a0, a1, a2, a3, wanted, why)                                        \
    {                                                                                          \
        "call", name, call, wanted, why, number,                                               \
        {                                                                                      \
            a0, a1, a2, a3, NULL, NULL                                                         \
        }                                                                                      \
    }

/* The attempts, by subject. */
const struct attempt *attempts_reading(size_t *count);
const struct attempt *attempts_writing(size_t *count);
const struct attempt *attempts_processes(size_t *count);
const struct attempt *attempts_mounts(size_t *count);
const struct attempt *attempts_kernel(size_t *count);
const struct attempt *attempts_network(size_t *count);
const struct attempt *attempts_identity(size_t *count);
const struct attempt *attempts_inherited(size_t *count);

/* Runs outside of the sandbox: makes the things of the host that the attempts try to reach,
 * prints the arguments that describe them, and waits for the end of standard input. Returns the
 * exit status. */
int bait(int argc, char **argv);

#endif
