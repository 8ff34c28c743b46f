/* SPDX-License-Identifier: MIT */
/* A client of a session's server that stays: `cco attach`, and whatever waits for a session's end (wire/frame.h). */
#ifndef TERM_ATTACH_CLIENT_H
#define TERM_ATTACH_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sig.h"
#include "term/keys.h"
#include "wire/frame.h"

enum attach_client_end {
    ATTACH_CLIENT_ENDED = 0,
    ATTACH_CLIENT_DETACHED = 1,
    ATTACH_CLIENT_HUNG_UP = 2
};

struct attach_client {
    int fd;                /* the connection; -1 */
    enum frame_hello kind; /* ATTACH, READ_ONLY, WAIT */
    struct sig *sig;
    int in, out;            /* a terminal in raw mode; not used by WAIT */
    const char *keys_spec;  /* the detach sequence, which keys_parse() takes */
    struct keys keys;       /* of it, where the terminal cannot be passed */
    bool passed_tty;        /* the server reads and writes the terminal itself */
    struct frame_exit exit; /* after ATTACH_CLIENT_ENDED */
    char text[1024];        /* of it */
    int signo; /* after ATTACH_CLIENT_HUNG_UP: which signal, 0 for the terminal's end */
};

/* Connects, greets with this size, and passes the terminal if it can. ERR_SYS with errno kept where nobody is there,
 * ERR_USAGE for keys that are none. */
int attach_client_open(struct attach_client *v, const char *path, unsigned rows, unsigned cols,
                       struct err *e);

/* Until the session ends, the user detaches, the terminal goes, or the server is lost (-1, ERR_EOF) or does not
 * answer in SESSION_QUERY_MS (-1, ERR_TIMEOUT): nobody reads a terminal that was passed to it then. */
int attach_client_run(struct attach_client *v, struct err *e);

void attach_client_close(struct attach_client *v);

/* Sends v's greeting, with the terminal if it is not -1. */
int attach_client_greet(const struct attach_client *v, unsigned rows, unsigned cols,
                        int terminal, struct err *e);

#endif
