/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include "wire/http.h"

#include <stdlib.h>

static bool wants_more(const struct http_reply *r)
{
    return r->state == HTTP_HEAD || r->state == HTTP_BODY;
}

/* The first byte of the input selects the kind of request, and the rest is the reply. */
void fuzz_describe(struct str in, size_t step, struct buf *out)
{
    struct http_reply r;
    struct err e = {0};
    struct buf body;
    int rc = 0;
    unsigned how = in.len > 0 ? (unsigned char)in.p[0] : 0;

    in = str_drop(in, 1);
    http_reply_init(&r, (how & 1) != 0, (how & 2) != 0);
    buf_init(&body, 4 << 20);
    while (rc == 0 && in.len > 0 && wants_more(&r)) {
        struct str piece = str_n(in.p, in.len < step ? in.len : step);
        enum http_state before = r.state;
        struct str data;
        size_t used = 0;

        rc = http_in(&r, piece, &used, &data, &e);
        if (used > piece.len ||
            (data.len > 0 && (data.p < piece.p || data.p + data.len > piece.p + used)) ||
            (rc == 0 && used == 0 && r.state == before)) {
            abort(); /* no progress, or output outside of the input */
        }
        (void)buf_add_str(&body, data);
        in = str_drop(in, used);
    }
    if (rc == 0) {
        rc = http_in_eof(&r, &e);
    }
    if (rc < 0) {
        (void)buf_add_c(out, "failed");
    } else {
        struct str type = http_field(&r, "content-type");

        (void)buf_addf(out, "%d %d %d %.*s|", (int)r.state, r.status, (int)r.keep_alive,
                       (int)type.len, type.len > 0 ? type.p : "");
        (void)buf_add_str(out, buf_str(&body));
        (void)buf_add_str(out, in);
    }
    buf_release(&body);
    http_reply_release(&r);
}
