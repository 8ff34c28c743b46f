/* SPDX-License-Identifier: MIT */
/* The escape suite: one static program that tries, one after the other and each in a process of
 * its own, what something that wants out of a sandbox would try, and says how each attempt
 * ended. It runs in every kind of session, and outside of any, where what is tried is to
 * succeed: a lock that nobody could have opened anyway shows nothing.
 *
 * An attempt ends with a word: OPEN where it has got what it wanted of the host, the name of an
 * errno, or one of those below. What is expected of it is a list of words, the first for every
 * sandbox, the others for one kind of place:
 *
 *     "ENOENT landlock-only=EACCES docker=OWN|ENOENT out=OPEN"
 *
 * `a|b` is either, `-` not to be tried there. Outside nothing is tried that no word with out=
 * allows. The places, and where the expectation of each is looked for besides: see escape.c. */
#ifndef ESCAPE_H
#define ESCAPE_H

#include <stddef.h>

struct world;

/* Other ends than an errno. */
#define OPEN "OPEN"   /* it is the host's, and in reach */
#define OWN "OWN"     /* there is such a thing, of the sandbox's own */
#define NONE "NONE"   /* nothing is there */
#define EMPTY "EMPTY" /* it is there, with nothing in it */
#define SAME "SAME"   /* what was to change is as before */
#define ABSENT                                                                                 \
    "ABSENT" /* this machine, or this processor, has no such thing: the attempt shows nothing  \
              */
#define UNTOLD "UNTOLD" /* what the attempt needs to know was not told: always a failure */

enum { CALL_ARGS = 6, TEXT = 2048 };

struct attempt {
    const char *verb, *what; /* together its name, which no other has */
    const char *(*try)(const struct world *w, const struct attempt *a);
    const char *wanted;
    const char *why; /* what getting through would give */
    long nr;         /* of call() */
    const void *args[CALL_ARGS];
};

#define NUMBER(x) ((const void *)(long)(x))

/* What the test has told: NAME=VALUE. NULL where it has not. */
const char *told(const struct world *w, const char *name);
long told_number(const struct world *w, const char *name); /* 0 where it has not */

/* A path of an attempt: "~/x" in the host's home, "%/x" in the project, "@name" what was told
 * under that name. NULL where it was not told. */
const char *place(const struct world *w, const char *path, char out[TEXT]);

/* The process that is init to the session. */
long init_pid(const struct world *w);

/* errno as a word; of a call's result: OPEN where it is none. */
const char *failure(int errnum);
const char *result(long rc);

/* Whether what is behind fd, or at path, is the host's very file of that name: OPEN or OWN. The
 * host's are told as id:PATH=DEVICE:INODE. */
const char *whose(const struct world *w, int fd, const char *path);

/* Runs attempt->nr with attempt->args. */
const char *call(const struct world *w, const struct attempt *a);

/* An attempt that is one such call. */
#define CALL(name, number, a0, a1, a2, a3, wanted, why)                                        \
    {                                                                                          \
        "call", name, call, wanted, why, number,                                               \
        {                                                                                      \
            a0, a1, a2, a3, NULL, NULL                                                         \
        }                                                                                      \
    }

/* What can be tried, by subject. */
const struct attempt *attempts_reading(size_t *count);
const struct attempt *attempts_writing(size_t *count);
const struct attempt *attempts_processes(size_t *count);
const struct attempt *attempts_mounts(size_t *count);
const struct attempt *attempts_kernel(size_t *count);
const struct attempt *attempts_network(size_t *count);
const struct attempt *attempts_identity(size_t *count);
const struct attempt *attempts_inherited(size_t *count);

/* Outside: makes what the attempts go for, writes what must be told of it, and waits for the
 * end of standard input. */
int bait(int argc, char **argv);

#endif
