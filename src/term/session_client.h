/* SPDX-License-Identifier: MIT */
/* Inside of the session server: one of its terminals, or whoever else connects, and what it says (wire/frame.h). */
#ifndef TERM_SESSION_CLIENT_H
#define TERM_SESSION_CLIENT_H

#include "term/session_server.h"

struct session_client *client_new(int fd); /* takes fd */
void client_free(struct session_client *c);

/* It is shown the session. */
bool client_watches(const struct session_client *c);

/* It is told nothing more, and shown the screen a little later. */
void client_falls_behind(struct session_client *c);

/* How much output a queue of this length takes; how much waits in it, frames included. */
size_t client_room(const struct session_client *c, size_t queue);
size_t client_pending(const struct session_client *c);

/* Queues output, for which there is room. */
void client_output(struct session_client *c, struct str bytes);

/* Queues the screen as it is, for a newcomer with what scrolled out; it is up to date then. */
void client_show(struct session_client *c, struct screen *s);

/* Queues what makes its terminal as a shell expects it. */
void client_leave(struct session_client *c, struct screen *s, bool below);

/* Frames wait that may be sent: the last ones only after its terminal has got everything. */
bool client_may_write(const struct session_client *c);

/* Writes what it can of the queue. */
void client_flush(struct session_client *c);

/* Reads once. Its end makes it leave. */
void client_read(struct session_client *c);

/* Takes the frames that are whole. Input for which asked->input has no room waits, with all that is behind it. */
void client_take(struct session_server *h, struct session_client *c,
                 struct session_server_asked *asked);

/* What is typed at a terminal that it has passed: `readable`, or a key that was held long enough. */
void client_keys(struct session_server *h, struct session_client *c, bool readable,
                 struct session_server_asked *asked);

/* The size of whoever was used last, among those that may decide. True where that changes it. */
bool session_server_choose_size(struct session_server *h);

/* Somebody else answers the program's questions, or nobody does. */
void session_server_mind_answers(struct session_server *h);

#endif
