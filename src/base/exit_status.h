/* SPDX-License-Identifier: MIT */
/* The exit statuses that cco, its init and its children choose themselves. Every other status
 * is the command's own. 125 to 127 and 128 + n are those of shells and of `docker run`. */
#ifndef BASE_EXIT_STATUS_H
#define BASE_EXIT_STATUS_H

enum {
    /* `info` found something not ready, or `self-update --check` found a newer version. */
    EXIT_CHECK = 1,
    EXIT_USAGE = 2,        /* the command line is wrong */
    EXIT_STRICT = 3,       /* --strict is set, and the audit found a change */
    EXIT_CCO = 125,        /* cco, init or the engine failed */
    EXIT_CANNOT_RUN = 126, /* the command exists but could not be executed */
    EXIT_NOT_FOUND = 127,  /* the command does not exist */
    EXIT_SIGNAL = 128      /* plus n: signal n ended the command or cco */
};

#endif
