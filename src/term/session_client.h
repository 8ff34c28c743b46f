/* SPDX-License-Identifier: MIT */
/* Session clients: a part of the session server that handles one connection each, and the
 * frames that come on it (src/wire/PROTOCOL.md). No function blocks. */
#ifndef TERM_SESSION_CLIENT_H
#define TERM_SESSION_CLIENT_H

#include "term/session_server.h"

/* Returns a client that has not greeted yet. The connection `fd` belongs to it. Never returns
 * NULL. */
struct session_client *client_new(int fd);

/* Closes the client's connection and its passed terminal, and frees the client. */
void client_free(struct session_client *c);

/* Returns true if the client is shown the session: it attached, with or without input, and is
 * not leaving. */
bool client_watches(const struct session_client *c);

/* Stops the output to the client. The client is shown the whole screen a little later. */
void client_falls_behind(struct session_client *c);

/* client_room() returns how many more bytes fit into the client's queue if that may hold
 * `queue` bytes. client_pending() returns how many bytes wait for the client, in its terminal's
 * queue and as frames. */
size_t client_room(const struct session_client *c, size_t queue);
size_t client_pending(const struct session_client *c);

/* Queues output, for which there must be room. If the client's terminal is held, drops the
 * output and marks the client as stale. */
void client_output(struct session_client *c, struct str bytes);

/* Returns true if the client must be shown the screen instead of output, and marks it as stale
 * then: its terminal is smaller than the screen and does not decide the size (read-only), or
 * was so until now. */
bool client_needs_screen(const struct session_server *h, struct session_client *c);

/* Queues the whole screen, for a new client with the lines that scrolled out, or the part that
 * fits a smaller terminal. The client is not stale then. */
void client_show(const struct session_server *h, struct session_client *c);

/* Queues the bytes that restore the client's terminal to the state that a shell expects
 * (tty_reset(), or tty_reset_any() for a stale client), with the cursor under the text, and
 * QUERIED if the terminal may still send answers. If `below`, the cursor moves to a new line in
 * any case. Does nothing for a client that is not shown the session. */
void client_leave(struct session_server *h, struct session_client *c, bool below);

/* Returns true if there are frames that can be sent. The last frames of a client that leaves or
 * was sent the end wait until its passed terminal has received everything. */
bool client_may_write(const struct session_client *c);

/* Writes as much of the queues as possible. A client that cannot be written to, or whose time
 * to leave is over, is lost: it leaves with empty queues. */
void client_flush(struct session_client *c);

/* Reads the connection once, and takes the terminal that may come with the greeting. At the end
 * of the connection, or if reading fails, the client is lost. */
void client_read(struct session_client *c);

/* Handles the client's complete frames and adds to *asked what the client requests. If
 * asked->input has no room for the bytes of an INPUT frame, that frame and all frames behind it
 * wait. A client that breaks the protocol is sent ERROR, and leaves. */
void client_take(struct session_server *h, struct session_client *c,
                 struct session_server_asked *asked);

/* Adds to *asked what the user types at a passed terminal: reads the terminal if `readable`,
 * and passes on keys whose hold has expired. Does nothing if asked->input does not have room
 * for one read. */
void client_keys(struct session_server *h, struct session_client *c, bool readable,
                 struct session_server_asked *asked);

/* Sets the size of the session to that of the terminal that was used last, among those that may
 * decide (not read-only). Returns true if the size has changed. Without such a terminal, the
 * size does not change. */
bool session_server_choose_size(struct session_server *h);

/* Lets the emulated screen answer terminal queries only while no real terminal is attached. */
void session_server_mind_answers(struct session_server *h);

#endif
