/* SPDX-License-Identifier: MIT */
/* How a new cco reaches init after the old one was killed. With an engine, the new cco executes
 * the same binary inside the sandbox (`/cco-init line`); this helper reads the session's key
 * from its standard input and passes its own streams to init. Without an engine the new cco
 * connects itself (native/orphan.c). While no cco has the line, init listens in a directory
 * that only root can enter; if the sandbox's user is root as well, the key decides. */
#ifndef INIT_ADOPT_LISTENER_H
#define INIT_ADOPT_LISTENER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "wire/frame.h"

#define ADOPT_LISTENER_DIR "/cco-line"

struct adopt_listener {
    const char *dir; /* ADOPT_LISTENER_DIR except in tests; NULL: the listener was given, or
                        there is none */
    int listener;    /* -1: not listening */
    int keeper;      /* its end tells the helper of the current line to exit; -1: none */
};

void adopt_listener_init(struct adopt_listener *t, const char *dir);

/* The same for a sandbox that cco made without an engine: `listener` is a socket whose path
 * exists on the host only (-1: none), and belongs to t until adopt_listener_close().
 * Connections come directly from the host, at any time. Calling listen(2) again makes init the
 * process that clients see by SO_PEERCRED. unix(7). */
void adopt_listener_given(struct adopt_listener *t, int listener);

/* Returns true if connections come directly from the host, so that descriptors can be passed on
 * them. */
bool adopt_listener_is_direct(const struct adopt_listener *t);

/* Starts to listen in the directory, which is made anew. Does nothing if t listens already.
 * Returns 0 on success and -1 on error: the session then goes on but cannot be adopted. */
int adopt_listener_listen(struct adopt_listener *t, struct err *e);

/* Accepts one connection and reads the key from it; blocks for a tenth of a second at most. To
 * be called when adopt_listener_fd() is readable. `key` is the session's. Returns 1 with the
 * descriptors of the new carrier, which belong to the caller, if the key is right: t then lets
 * the previous helper exit and stops listening, unless the listener was given. Returns 0
 * otherwise, and closes the connection. */
int adopt_listener_step(struct adopt_listener *t, const char *key, int *in, int *out);

/* Returns the descriptor to poll for POLLIN, and -1 while t does not listen. */
int adopt_listener_fd(const struct adopt_listener *t);

/* Returns the pid, in init's pid namespace, of the helper whose streams are the line, and 0 if
 * no helper carries the line. */
pid_t adopt_listener_carrier(const struct adopt_listener *t);

/* Lets the helper exit, because its carrier is lost. */
void adopt_listener_let_go(struct adopt_listener *t);

/* Stops listening, removes the socket that t has made, and lets the helper exit. A second call
 * does nothing. */
void adopt_listener_close(struct adopt_listener *t);

/* The helper: reads the frame with the key from standard input, and passes it with standard
 * input and output to the process `init` (1 except in tests) and to no other process. Tries for
 * five seconds, because init may not know yet that the old cco is dead, and then runs until
 * init lets it exit. Returns the exit status; an error is also printed. */
int adopt_listener_main(const char *dir, pid_t init);

#endif
