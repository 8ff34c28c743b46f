/* SPDX-License-Identifier: MIT */
/* Sends and receives the messages of wire/syncmsg.h over a sync_io. Outgoing messages are
 * collected, incoming ones are delivered whole. */
#ifndef SYNC_TALK_H
#define SYNC_TALK_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "sync/sync.h"
#include "wire/syncmsg.h"

struct talk {
    struct sync_io *io;
    struct buf in, out; /* add messages to out, then call talk_pace() */
    size_t taken;       /* bytes at the front of in that belong to the last message */
};

void talk_init(struct talk *t, struct sync_io *io);
void talk_release(struct talk *t);

/* Sends the collected bytes if there are many. Call it after each message. */
int talk_pace(struct talk *t, struct err *e);

/* Sends all collected bytes. */
int talk_flush(struct talk *t, struct err *e);

/* Adds END and sends everything. */
int talk_end(struct talk *t, struct err *e);

/* Adds a listing in pieces and sends most of it. */
int talk_listing(struct talk *t, struct str listing, struct err *e);

/* Waits for the next message. Its payload is valid until the next call. If the other end sent
 * ERROR, returns -1 and ERR_REFUSED with its text. */
int talk_next(struct talk *t, struct sync_msg *m, struct err *e);

/* Like talk_next(), but any other type than `type` is an error. */
int talk_want(struct talk *t, enum sync_msg_type type, struct sync_msg *m, struct err *e);

/* Sets ERR_FORMAT for a message in a wrong place, and returns -1. */
int talk_unexpected(struct sync_msg m, struct err *e);

#endif
