/* SPDX-License-Identifier: MIT */
/* Inside of the hub: one of its terminals, or whoever else connects, and what it says (wire/frame.h). */
#ifndef TTY_HUB_CLIENT_H
#define TTY_HUB_CLIENT_H

#include "tty/hub.h"

enum { CLIENT_READ = 32 << 10 }; /* at most so many bytes for the command come from one read */

struct hub_client *client_new(int fd); /* takes fd */
void client_free(struct hub_client *c);

/* It is shown the session. */
bool client_watches(const struct hub_client *c);

/* How much output its queue takes. */
size_t client_room(const struct hub_client *c);

/* Queues the screen as it is; it is up to date then. */
void client_show(struct hub_client *c, struct screen *s, bool scrollback);

/* Queues what makes its terminal as a shell expects it. */
void client_leave(struct hub_client *c, struct screen *s, bool below);

/* Writes what it can of the queue. */
void client_flush(struct hub_client *c);

/* Reads once, and takes what is whole. The room in asked->input must be CLIENT_READ. */
void client_read(struct hub *h, struct hub_client *c, struct hub_asked *asked);

/* The size of whoever was used last, among those that may decide. True where that changes it. */
bool hub_choose_size(struct hub *h);

/* Somebody else answers the program's questions, or nobody does. */
void hub_mind_answers(struct hub *h);

#endif
