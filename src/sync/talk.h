/* SPDX-License-Identifier: MIT */
/* One end of a conversation (wire/syncmsg.h) over a sync_io: messages are collected on their
 * way out, and taken whole on their way in. */
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
    size_t taken;       /* bytes at the front of in that the last message had */
};

void talk_init(struct talk *t, struct sync_io *io);
void talk_release(struct talk *t);

/* Sends what has gathered once it is much; call after each message. */
int talk_pace(struct talk *t, struct err *e);

/* Sends everything. */
int talk_flush(struct talk *t, struct err *e);

/* END, and everything before it. */
int talk_end(struct talk *t, struct err *e);

/* A listing in pieces. */
int talk_listing(struct talk *t, struct str listing, struct err *e);

/* The next message, waiting for it; its payload lives until the next call. An ERROR of the
 * other end is one here: ERR_REFUSED with its text. */
int talk_next(struct talk *t, struct sync_msg *m, struct err *e);

/* The next message must be of this type. */
int talk_want(struct talk *t, enum sync_msg_type type, struct sync_msg *m, struct err *e);

/* ERR_FORMAT: a message that has no place here. */
int talk_unexpected(struct sync_msg m, struct err *e);

#endif
