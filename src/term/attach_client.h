/* SPDX-License-Identifier: MIT */
/* The attach client: the process of `cco attach`, which shows a session or waits for its end.
 * It is the client's side of the protocol on the session socket (src/wire/PROTOCOL.md). */
#ifndef TERM_ATTACH_CLIENT_H
#define TERM_ATTACH_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/sig.h"
#include "term/keys.h"
#include "wire/frame.h"

enum attach_client_end {
    ATTACH_CLIENT_ENDED = 0,    /* the session has ended */
    ATTACH_CLIENT_DETACHED = 1, /* the user has typed the detach sequence */
    ATTACH_CLIENT_HUNG_UP = 2 /* the terminal hung up, or a signal ended this process's view */
};

struct attach_client {
    /* Set by the caller before attach_client_open(); all pointers are borrowed. */
    int fd;                /* -1; then the connection, until attach_client_close() */
    enum frame_hello kind; /* FRAME_HELLO_ATTACH, FRAME_HELLO_READ_ONLY or FRAME_HELLO_WAIT */
    struct sig *sig;
    int in, out;           /* a terminal in raw mode; not used by FRAME_HELLO_WAIT */
    const char *keys_spec; /* the detach sequence, for keys_parse() */
    /* Set by the functions below. */
    struct keys keys;       /* the parsed sequence, used if the terminal cannot be passed */
    bool queried;           /* the terminal may still send answers to the program's queries */
    bool passed_tty;        /* the server reads and writes the terminal itself */
    struct frame_exit exit; /* the command's end; valid after ATTACH_CLIENT_ENDED */
    char text[1024]; /* the bytes of exit.text, without a NUL at the end; cut if longer */
    int signo; /* after ATTACH_CLIENT_HUNG_UP: the signal, and 0 if the terminal hung up */
};

/* Connects to the session socket at `path`, greets the server with this size, and passes it the
 * terminal if the terminal can be opened again (it cannot if it belongs to another user). The
 * caller calls attach_client_close() in any case. Returns 0 on success and -1 on error:
 * ERR_USAGE if keys_spec is not valid; ERR_SYS if connecting or sending fails, with the errno
 * of connect(2) in e->errnum (ECONNREFUSED: no process listens). Does not wait for an
 * answer. */
int attach_client_open(struct attach_client *v, const char *path, unsigned rows, unsigned cols,
                       struct err *e);

/* Blocks until the session ends, the user detaches, the terminal hangs up, or HUP, INT, TERM or
 * QUIT comes. Returns which of these it was, as an enum attach_client_end. TSTP stops this
 * process once the server has released the terminal, or after SESSION_QUERY_MS. WINCH sends the
 * server the new size. After CONT, raw mode is set again and the server shows the screen.
 * Returns -1 on error: ERR_SYS if poll(2) fails or raw mode cannot be set; ERR_EOF if the
 * server is lost; ERR_FORMAT if the server reports an error or sends a
 * wrong frame; ERR_LIMIT if it sends more output than it may; ERR_TIMEOUT if it does not answer
 * the greeting within SESSION_QUERY_MS, because then no process would read a terminal that was
 * passed to it (FRAME_HELLO_WAIT has no such limit). The caller restores the mode of the
 * terminal, and after an error its content. */
int attach_client_run(struct attach_client *v, struct err *e);

/* Discards the answers that the terminal may still send (tty_drain()), if there may be any. The
 * terminal is still in raw mode. The caller calls it after attach_client_run(). Blocks like
 * tty_drain(). */
void attach_client_drain(struct attach_client *v);

/* Closes the connection. A second call does nothing. */
void attach_client_close(struct attach_client *v);

/* Sends v's greeting on v->fd, and with it the descriptor `terminal`, unless that is -1. The
 * descriptor still belongs to the caller. Returns 0 on success and -1 on error. */
int attach_client_greet(const struct attach_client *v, unsigned rows, unsigned cols,
                        int terminal, struct err *e);

#endif
