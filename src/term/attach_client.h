/* SPDX-License-Identifier: MIT */
/* The client of a session's server: the process of `cco attach`, which shows the session or
 * waits for its end (wire/frame.h). */
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
    struct keys keys;       /* the parsed sequence, used if the terminal cannot be passed */
    bool passed_tty;        /* the server reads and writes the terminal itself */
    struct frame_exit exit; /* after ATTACH_CLIENT_ENDED */
    char text[1024];        /* of it */
    int signo; /* after ATTACH_CLIENT_HUNG_UP: the signal, and 0 if the terminal hung up */
};

/* Connects to the socket at `path`, greets with this size, and passes the terminal if possible.
 * The caller has set kind, sig, in, out and keys_spec, and calls attach_client_close(), also
 * after an error. Returns 0 on success and -1 on error: ERR_SYS with the errno of connect(2),
 * ERR_USAGE if keys_spec is not valid. */
int attach_client_open(struct attach_client *v, const char *path, unsigned rows, unsigned cols,
                       struct err *e);

/* Blocks until the session ends, the user detaches or the terminal hangs up, and returns which
 * of these as an enum attach_client_end. Returns -1 on error: ERR_EOF if the server is lost,
 * ERR_TIMEOUT if it does not answer within SESSION_QUERY_MS, because then nothing would read a
 * terminal that was passed to it. */
int attach_client_run(struct attach_client *v, struct err *e);

void attach_client_close(struct attach_client *v);

/* Sends v's greeting, and the descriptor `terminal` with it unless that is -1. Returns 0 on
 * success and -1 on error. */
int attach_client_greet(const struct attach_client *v, unsigned rows, unsigned cols,
                        int terminal, struct err *e);

#endif
