/* SPDX-License-Identifier: MIT */
/* How a new cco reaches init after the old one was killed: an engine exec of the same binary inside the
 * sandbox (`/cco-init line`), which knows the session's key from its standard input and hands its own
 * streams to init; without an engine, the new cco itself (native/orphan.c). While nobody has the line init listens for that in a directory that only root may
 * enter; where the sandbox's user is root as well, the key decides. */
#ifndef INIT_ADOPT_LISTENER_H
#define INIT_ADOPT_LISTENER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "wire/frame.h"

#define ADOPT_LISTENER_DIR "/cco-line"

struct adopt_listener {
    const char *
        dir; /* ADOPT_LISTENER_DIR, but in tests; NULL: the listener was given, or there is none */
    int listener; /* -1: not listening */
    int keeper; /* tells the helper of the last success, by its end, that it may go; -1: none */
};

void adopt_listener_init(struct adopt_listener *t, const char *dir);

/* The same where cco itself made the sandbox: it hands init a socket (adopted; -1: none) whose name only the host's
 * side sees. Calls come straight from there, at any time. Listening anew makes init the one that callers see by
 * SO_PEERCRED. unix(7). */
void adopt_listener_given(struct adopt_listener *t, int listener);

/* Whether callers come straight from the host: descriptors may travel on what they bring. */
bool adopt_listener_is_direct(const struct adopt_listener *t);

/* Listens, if that is possible: without it the session goes on but cannot be adopted. */
int adopt_listener_listen(struct adopt_listener *t, struct err *e);

/* Hears whoever calls, for a tenth of a second at most; poll adopt_listener_fd() for reading. 1 with the new carrier's
 * descriptors where somebody proved to know the key: then it no longer listens. 0 otherwise; whoever fails is hung
 * up on. */
int adopt_listener_step(struct adopt_listener *t, const char *key, int *in, int *out);
int adopt_listener_fd(const struct adopt_listener *t);

/* The helper whose streams are the line, in our pid namespace; 0 where the line is no helper's. */
pid_t adopt_listener_carrier(const struct adopt_listener *t);

/* Its carrier is gone: the helper may go as well. */
void adopt_listener_let_go(struct adopt_listener *t);

void adopt_listener_close(struct adopt_listener *t);

/* The helper: reads the frame with the key from standard input, presents it with standard input and output to the
 * process `init` (1, but in tests) and to nobody else, and stays until init lets go of it. The exit status. */
int adopt_listener_main(const char *dir, pid_t init);

#endif
