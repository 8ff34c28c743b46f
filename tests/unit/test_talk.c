/* SPDX-License-Identifier: MIT */
#include "sync/talk.h"

#include "base/limits.h"
#include "tap.h"

#include <stdlib.h>

/* Returns the bytes that were sent, in pieces of `step` bytes. */
struct loop {
    struct sync_io io;
    struct buf bytes;
    size_t step, sends;
};

static int loop_fill(struct sync_io *io, struct buf *in, struct err *e)
{
    struct loop *l = (struct loop *)io;
    size_t len = l->bytes.len < l->step ? l->bytes.len : l->step;

    if (len == 0) {
        return err_set(e, ERR_EOF, "the end");
    }
    len = len < buf_room(in) ? len : buf_room(in);
    (void)buf_add(in, buf_data(&l->bytes), len);
    buf_drop(&l->bytes, len);
    return 0;
}

static int loop_send(struct sync_io *io, struct str data, struct err *e)
{
    struct loop *l = (struct loop *)io;

    (void)e;
    l->sends++;
    return buf_add_str(&l->bytes, data);
}

int main(void)
{
    struct loop l = {{loop_fill, loop_send}, {0}, 1, 0};
    struct talk t;
    struct sync_msg m = {SYNC_MSG_NONE, {0}};
    struct err e = {0};
    char *listing = calloc(1, 700000);
    size_t got = 0;

    buf_init(&l.bytes, 8 << 20);
    talk_init(&t, &l.io);
    sync_msg_add(&t.out, SYNC_MSG_WANT, str_c("a"));
    ok(talk_pace(&t, &e) == 0 && l.sends == 0, "talk_pace() does not send few bytes");
    ok(talk_end(&t, &e) == 0 && l.sends == 1, "talk_end() sends them");
    ok(talk_next(&t, &m, &e) == 0 && m.type == SYNC_MSG_WANT && str_eq_c(m.payload, "a"),
       "a message is received byte by byte");
    ok(talk_want(&t, SYNC_MSG_END, &m, &e) == 0, "END is received");
    ok(talk_next(&t, &m, &e) < 0 && e.kind == ERR_EOF, "the end of the connection is ERR_EOF");

    l.step = 100000;
    ok(talk_listing(&t, str_n(listing, 700000), &e) == 0 && l.sends > 1,
       "a long listing is sent in several pieces");
    ok(talk_end(&t, &e) == 0, "talk_end() sends the rest");
    while (talk_next(&t, &m, &e) == 0 && m.type == SYNC_MSG_LIST) {
        got += m.payload.len;
    }
    ok(got == 700000 && m.type == SYNC_MSG_END, "the whole listing is received");

    sync_msg_add(&t.out, SYNC_MSG_ERROR, str_c("no space"));
    (void)talk_flush(&t, &e);
    ok(talk_next(&t, &m, &e) < 0 && e.kind == ERR_REFUSED && strstr(e.text, "no space") != NULL,
       "ERROR from the other end is an error");
    sync_msg_add(&t.out, SYNC_MSG_END, str_c(""));
    (void)talk_flush(&t, &e);
    ok(talk_want(&t, SYNC_MSG_LIST, &m, &e) < 0 && e.kind == ERR_FORMAT,
       "an unexpected message is ERR_FORMAT");
    {
        char *big = calloc(1, LIMIT_SYNC_MESSAGE + 1);

        sync_msg_add(&t.out, SYNC_MSG_LIST, str_n(big, LIMIT_SYNC_MESSAGE + 1));
        ok(talk_pace(&t, &e) < 0 && e.kind == ERR_LIMIT,
           "a message that is too long is not sent");
        free(big);
    }
    free(listing);
    talk_release(&t);
    buf_release(&l.bytes);
    return done_testing();
}
