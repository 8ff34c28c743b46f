/* SPDX-License-Identifier: MIT */
/* Inside of the hub: one of its terminals, or whoever else connects, and what it says (wire/frame.h). */
#ifndef TTY_HUB_CLIENT_H
#define TTY_HUB_CLIENT_H

#include "tty/hub.h"

struct hub_client *client_new(int fd); /* takes fd */
void client_free(struct hub_client *c);

/* It is shown the session. */
bool client_watches(const struct hub_client *c);

/* How much output its queue takes. */
size_t client_room(const struct hub_client *c);

/* Queues the screen as it is, for a newcomer with what scrolled out; it is up to date then. */
void client_show(struct hub_client *c, struct screen *s);

/* Queues what makes its terminal as a shell expects it. */
void client_leave(struct hub_client *c, struct screen *s, bool below);

/* Writes what it can of the queue. */
void client_flush(struct hub_client *c);

/* Reads once. Its end makes it leave. */
void client_read(struct hub_client *c);

/* Takes the frames that are whole. Input for which asked->input has no room waits, with all that is behind it. */
void client_take(struct hub *h, struct hub_client *c, struct hub_asked *asked);

/* The size of whoever was used last, among those that may decide. True where that changes it. */
bool hub_choose_size(struct hub *h);

/* Somebody else answers the program's questions, or nobody does. */
void hub_mind_answers(struct hub *h);

#endif
