/* SPDX-License-Identifier: MIT */
/* Sends and receives the messages of wire/syncmsg.h over a sync_io. Outgoing messages are
 * collected in a buffer, and incoming messages are returned one by one, complete.
 *
 * Functions that return int return 0 on success and -1 on error. They block until sync_io has
 * sent or received the bytes. The errors are those of sync_io, and ERR_LIMIT if a message is
 * too long. */
#ifndef SYNC_TALK_H
#define SYNC_TALK_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "sync/sync.h"
#include "wire/syncmsg.h"

struct talk {
    struct sync_io *io; /* borrowed */
    struct buf in;      /* bytes that were received */
    struct buf out;     /* outgoing messages; the caller adds to it and calls talk_pace() */
    size_t taken;       /* bytes at the front of `in` that belong to the last message */
};

void talk_init(struct talk *t, struct sync_io *io);
void talk_release(struct talk *t);

/* Sends the collected messages if they are many bytes. The caller calls it after each message,
 * so that t->out stays small. */
int talk_pace(struct talk *t, struct err *e);

/* Sends all collected messages. */
int talk_flush(struct talk *t, struct err *e);

/* Adds END and sends all collected messages. */
int talk_end(struct talk *t, struct err *e);

/* Adds a listing as LIST messages, and calls talk_pace() after each. */
int talk_listing(struct talk *t, struct str listing, struct err *e);

/* Waits for the next message. Its payload is valid until the next call. ERR_REFUSED means that
 * the other end sent ERROR, whose text is in *e; ERR_FORMAT means that the message is
 * malformed. */
int talk_next(struct talk *t, struct sync_msg *m, struct err *e);

/* Like talk_next(), but a message of another type than `type` is an error (ERR_FORMAT). */
int talk_want(struct talk *t, enum sync_msg_type type, struct sync_msg *m, struct err *e);

/* Sets *e to ERR_FORMAT for a message that the protocol does not permit here. Always returns
 * -1. */
int talk_unexpected(struct sync_msg m, struct err *e);

#endif
