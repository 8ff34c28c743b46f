/* SPDX-License-Identifier: MIT */
/* The adopt listener: how another cco reaches init after its own cco was killed. With an
 * engine, the new cco executes the same binary inside the sandbox (`/proc/1/exe line`); this
 * helper reads the session's key from its standard input, sends it to init, and passes its own
 * streams to init as the new carrier. Without an engine, the new cco connects to init itself
 * (native/orphan.c).
 *
 * With an engine, init listens in a directory that only root can enter. If the sandbox's user
 * is root as well, only the key decides. Init listens not only while no cco has the line,
 * because an engine's streams can stay open although the cco behind them is dead
 * (init/serve.c). */
#ifndef INIT_ADOPT_LISTENER_H
#define INIT_ADOPT_LISTENER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "wire/frame.h"

/* The directory inside the sandbox. The socket in it is called "line". */
#define ADOPT_LISTENER_DIR "/cco-line"

struct adopt_listener {
    /* ADOPT_LISTENER_DIR except in tests; borrowed. NULL: adopt_listener_given() set the
     * listener, or there is none. */
    const char *dir;
    int listener; /* -1: not listening */
    /* The connection to the helper whose streams are the line. The helper exits when init
     * closes it. -1: no helper carries the line. */
    int keeper;
};

/* Sets the initial state: not listening. */
void adopt_listener_init(struct adopt_listener *t, const char *dir);

/* Initializes t for a sandbox that cco made without an engine. `listener` is a socket whose
 * path exists on the host only, and belongs to t until adopt_listener_close(); -1: none.
 * Connections come directly from the host, at any time. Calls listen(2) again, so that clients
 * see init as the peer by SO_PEERCRED (unix(7)); if that fails, closes the socket. */
void adopt_listener_given(struct adopt_listener *t, int listener);

/* Returns true if connections come directly from the host, so that descriptors can be passed on
 * them. */
bool adopt_listener_is_direct(const struct adopt_listener *t);

/* Starts to listen in the directory. Removes the directory first if it exists, and makes it
 * again. Does nothing if t listens already. Returns 0 on success and -1 on error: ERR_NOT_FOUND
 * if the listener had to be given and is not there, or ERR_SYS. After an error the session goes
 * on but cannot be adopted. */
int adopt_listener_listen(struct adopt_listener *t, struct err *e);

/* Accepts one connection and reads the key from it. The caller calls it when
 * adopt_listener_fd() can be read. Blocks for a tenth of a second at most. `key` is the
 * session's, FRAME_SECRET bytes. If the client presents it, returns 1 and sets *in and *out to
 * the descriptors of the new carrier, which belong to the caller; t then lets the previous
 * helper exit, and stops listening unless the listener was given. Otherwise returns 0 and
 * closes the connection; *in and *out are unchanged. */
int adopt_listener_step(struct adopt_listener *t, const char *key, int *in, int *out);

/* Returns the descriptor to poll for POLLIN, and -1 while t does not listen. */
int adopt_listener_fd(const struct adopt_listener *t);

/* Returns the pid, in init's pid namespace, of the helper whose streams are the line, and 0 if
 * no helper carries the line. */
pid_t adopt_listener_carrier(const struct adopt_listener *t);

/* Lets the helper exit, because its carrier is lost. Does nothing if no helper exists. */
void adopt_listener_let_go(struct adopt_listener *t);

/* Stops listening, removes the socket and the directory that t has made, and lets the helper
 * exit. A second call does nothing. */
void adopt_listener_close(struct adopt_listener *t);

/* The helper: reads a HELLO frame with the key from standard input, and sends it, with standard
 * input and output, to the process `init` (1 except in tests), which must listen in `dir`.
 * Sends nothing to another process. Tries for five seconds, because init may not know yet that
 * the old cco is dead. Then blocks until init lets it exit. Returns the exit status of the
 * process: 0, and EXIT_CCO after an error, which is printed. */
int adopt_listener_main(const char *dir, pid_t init);

#endif
