/* SPDX-License-Identifier: MIT */
/* A part of the session server: one connection, and the frames that it sends (wire/frame.h). */
#ifndef TERM_SESSION_CLIENT_H
#define TERM_SESSION_CLIENT_H

#include "term/session_server.h"

/* Returns a client that has not greeted yet. fd, its connection, belongs to it. */
struct session_client *client_new(int fd);
void client_free(struct session_client *c); /* closes its connection and its passed terminal */

/* Returns true if the client is shown the session: it attached, with or without input, and is
 * not leaving. */
bool client_watches(const struct session_client *c);

/* Stops the output to the client, which is shown the whole screen a little later. */
void client_falls_behind(struct session_client *c);

/* Return how many bytes of output a queue of this length takes, and how many bytes wait in it,
 * frames included. */
size_t client_room(const struct session_client *c, size_t queue);
size_t client_pending(const struct session_client *c);

/* Queues output, for which there must be room. While the client's terminal is held, drops it
 * and marks the client as stale. */
void client_output(struct session_client *c, struct str bytes);

/* Queues the whole screen, for a new client with the lines that scrolled out. The client is up
 * to date then. */
void client_show(struct session_client *c, struct screen *s);

/* Queues what restores the client's terminal to the state that a shell expects
 * (screen_leave()). Does nothing for a client that is not shown the session. */
void client_leave(struct session_client *c, struct screen *s, bool below);

/* Returns true if frames can be sent: the last ones only after its terminal has received
 * everything. */
bool client_may_write(const struct session_client *c);

/* Writes as much of the queue as possible. A client that cannot be written to, or whose time to
 * leave is over, is lost: it leaves with empty queues. */
void client_flush(struct session_client *c);

/* Reads once, and takes the terminal that may come with the greeting. At the end of the
 * connection the client leaves. */
void client_read(struct session_client *c);

/* Handles the frames that are complete. If asked->input has no room for input, that frame and
 * all frames behind it wait. */
void client_take(struct session_server *h, struct session_client *c,
                 struct session_server_asked *asked);

/* Takes what is typed at a passed terminal: reads it if `readable`, and passes on keys whose
 * hold has expired. */
void client_keys(struct session_server *h, struct session_client *c, bool readable,
                 struct session_server_asked *asked);

/* Chooses the size of the terminal that was used last, among those that may decide. Returns
 * true if the size has changed. */
bool session_server_choose_size(struct session_server *h);

/* Lets the emulated screen answer terminal queries only while no real terminal is attached. */
void session_server_mind_answers(struct session_server *h);

#endif
