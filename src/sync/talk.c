/* SPDX-License-Identifier: MIT */
#include "sync/talk.h"

#include "base/limits.h"

enum { OUT_MAX = 4 << 20, OUT_MUCH = 256 << 10, PIECE = 256 << 10, ERROR_TEXT = 512 };

void talk_init(struct talk *t, struct sync_io *io)
{
    t->io = io;
    t->taken = 0;
    buf_init(&t->in, SYNC_HEAD + LIMIT_SYNC_MESSAGE);
    buf_init(&t->out, OUT_MAX);
}

void talk_release(struct talk *t)
{
    buf_release(&t->in);
    buf_release(&t->out);
}

int talk_flush(struct talk *t, struct err *e)
{
    if (t->out.overflowed) {
        return err_set(e, ERR_LIMIT, "a message is too long");
    }
    if (t->out.len > 0 && t->io->send(t->io, buf_str(&t->out), e) < 0) {
        return -1;
    }
    buf_reset(&t->out);
    return 0;
}

int talk_pace(struct talk *t, struct err *e)
{
    return t->out.len >= OUT_MUCH || t->out.overflowed ? talk_flush(t, e) : 0;
}

int talk_end(struct talk *t, struct err *e)
{
    sync_msg_add(&t->out, SYNC_MSG_END, str_c(""));
    return talk_flush(t, e);
}

int talk_listing(struct talk *t, struct str listing, struct err *e)
{
    while (listing.len > 0) {
        struct str piece = str_n(listing.p, listing.len < PIECE ? listing.len : (size_t)PIECE);

        sync_msg_add(&t->out, SYNC_MSG_LIST, piece);
        if (talk_pace(t, e) < 0) {
            return -1;
        }
        listing = str_drop(listing, piece.len);
    }
    return 0;
}

int talk_next(struct talk *t, struct sync_msg *m, struct err *e)
{
    buf_drop(&t->in, t->taken);
    t->taken = 0;
    for (;;) {
        struct str in = buf_str(&t->in);
        int got = sync_msg_next(&in, m, e);

        if (got < 0) {
            return -1;
        }
        if (got > 0) {
            t->taken = t->in.len - in.len;
            break;
        }
        if (t->io->fill(t->io, &t->in, e) < 0) {
            return -1;
        }
    }
    if (m->type == SYNC_MSG_ERROR) {
        int len = m->payload.len < ERROR_TEXT ? (int)m->payload.len : (int)ERROR_TEXT;

        return err_set(e, ERR_REFUSED, "the other end: %.*s", len, m->payload.p);
    }
    return 0;
}

int talk_unexpected(struct sync_msg m, struct err *e)
{
    return err_set(e, ERR_FORMAT, "a message of type %u is not permitted here",
                   (unsigned)m.type);
}

int talk_want(struct talk *t, enum sync_msg_type type, struct sync_msg *m, struct err *e)
{
    if (talk_next(t, m, e) < 0) {
        return -1;
    }
    return m->type == type ? 0 : talk_unexpected(*m, e);
}
