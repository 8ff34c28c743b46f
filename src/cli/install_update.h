/* SPDX-License-Identifier: MIT */
/* Replaces the program file of the running cco (the target) with a new version. At every moment
 * the target's path names a complete program, because the new file takes the path with
 * rename(2). The old version is kept until the new one has shown that it runs. Two more files
 * exist in the target's directory meanwhile: ".NAME.new" while the new version is written, and
 * "NAME.old", the old version, while the new one is tried.
 *
 * After an error and install_update_release(), the target is the old version and the two files
 * are gone. There is one exception: if the new version does not run at the target's path and
 * the old one cannot be renamed back, the new version stays there, and the hint of the error
 * says how to restore "NAME.old". */
#ifndef CLI_INSTALL_UPDATE_H
#define CLI_INSTALL_UPDATE_H

#include <sys/stat.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/sig.h"

struct install_update {
    const char *target; /* the real path of the running program; NULL: not known yet */
    const char *temp;   /* the path of ".NAME.new" */
    const char *old;    /* the path of "NAME.old" */
    int fd;             /* of `temp`, to which the caller writes; -1: not open */
    int lock;           /* of the target, so that updates run one at a time; -1: none */
    struct stat st;     /* of the target */
};

/* Sets the initial state: no file is open. */
void install_update_init(struct install_update *s);

/* Finds and locks the target, checks that it can be replaced, and creates the empty file
 * s->temp with mode 0700. The paths live in the arena. Returns 0 on success and -1 on error;
 * install_update_release() must be called in both cases. ERR_REFUSED means that the target
 * belongs to another user, that another update runs, that the running program was replaced or
 * removed, or that a file "NAME.old" exists, which stays. ERR_SYS means that the directory is
 * not writable, or that a system call failed. The hint says what the user can do. Does not
 * block. */
int install_update_open(struct install_update *s, struct arena *a, struct err *e);

/* Replaces the target with the file that the caller has written to s->fd, and gives it the
 * target's mode and owner. The new program must print "cco VERSION" for --version twice: before
 * the replacement, and after it at the target's path. It runs with the environment `env` and
 * the signal mask of `sig`. Closes s->fd. Returns 0 on success and -1 on error; the opening
 * comment says which files there are then. ERR_FORMAT means that the file is not a program for
 * this machine or did not print that, ERR_TIMEOUT that it did not end within ten seconds,
 * ERR_LIMIT that it printed too much, and ERR_SYS that a system call failed or that the program
 * cannot be executed. Blocks until the program has ended twice. */
int install_update_replace(struct install_update *s, const char *version, char *const *env,
                           const struct sig *sig, struct err *e);

/* Closes the files, releases the lock, and removes s->temp if install_update_replace() was not
 * called. The paths stay set. A second call does nothing. */
void install_update_release(struct install_update *s);

#endif
