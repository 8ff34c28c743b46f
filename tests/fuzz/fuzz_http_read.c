/* SPDX-License-Identifier: MIT */
/* http_in(): the low bits of the input's first byte say what the request was (1: HEAD, 2: it asked
 * for an upgrade); the rest is the reply. */
#include "fuzz.h"

#include "wire/http.h"

#include <stdlib.h>

enum { BODY_MAX = 4 << 20 };

struct run {
    struct http_reply reply;
    struct buf body;
    struct buf behind; /* what is no longer this reply's */
    struct err e;
    int rc;
};

static bool wants_more(const struct run *r)
{
    return r->reply.state == HTTP_HEAD || r->reply.state == HTTP_BODY;
}

static void feed(struct run *r, struct str piece)
{
    while (piece.len > 0 && wants_more(r)) {
        enum http_state before = r->reply.state;
        size_t used = 0;
        struct str data = {0};

        r->rc = http_in(&r->reply, piece, &used, &data, &r->e);
        if (used > piece.len || (r->rc < 0) != (r->reply.state == HTTP_FAILED)) {
            abort();
        }
        if (data.len > 0 && (data.p < piece.p || data.p + data.len > piece.p + used)) {
            abort();
        }
        if (used == 0 && data.len == 0 && r->reply.state == before) {
            abort(); /* would be called forever */
        }
        (void)buf_add_str(&r->body, data);
        piece = str_drop(piece, used);
    }
    (void)buf_add_str(&r->behind, piece);
}

static void describe(const struct run *r, struct buf *out)
{
    struct str type;

    (void)buf_addf(out, "body %zu:", r->body.len);
    (void)buf_add_str(out, buf_str(&r->body));
    if (r->rc < 0) {
        (void)buf_addf(out, "\nfailed %d", (int)r->e.kind);
        return;
    }
    type = http_field(&r->reply, "content-type");
    (void)buf_addf(out, "\nok %d state %d minor %u keep %d body %d\ntype %zu:", r->reply.status,
                   (int)r->reply.state, r->reply.minor, (int)r->reply.keep_alive,
                   (int)r->reply.body, type.len);
    (void)buf_add_str(out, type);
    (void)buf_add_c(out, "\nreason ");
    (void)buf_add_str(out, http_reason(&r->reply));
    (void)buf_addf(out, "\nbehind %zu:", r->behind.len);
    (void)buf_add_str(out, buf_str(&r->behind));
}

void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct run r = {0};
    unsigned mode = in.len > 0 ? (unsigned char)in.p[0] : 0;
    size_t used = 0;
    struct str data = {0};

    http_reply_init(&r.reply, (mode & 1) != 0, (mode & 2) != 0);
    buf_init(&r.body, BODY_MAX);
    buf_init(&r.behind, BODY_MAX);
    in = str_drop(in, 1);
    while (in.len > 0 && r.rc == 0) {
        size_t n = in.len < step ? in.len : step;

        feed(&r, str_n(in.p, n));
        in = str_drop(in, n);
    }
    if (r.rc == 0) {
        r.rc = http_in_eof(&r.reply, &r.e);
    }
    if (r.rc < 0 && (r.reply.state != HTTP_FAILED ||
                     http_in(&r.reply, str_c("x"), &used, &data, &r.e) == 0 || used > 0)) {
        abort(); /* once failed, it stays failed */
    }
    describe(&r, out);
    buf_release(&r.body);
    buf_release(&r.behind);
    http_reply_release(&r.reply);
}
