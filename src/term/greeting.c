/* SPDX-License-Identifier: MIT */
#include "term/greeting.h"

#include "base/secret.h"
#include "wire/frame.h"

int init_line_greets(struct str *in, const char *secret, struct err *e)
{
    struct frame f = {0};
    struct str rest = {0};
    enum frame_hello kind;
    int got = frame_next(in, &f, e);

    if (got <= 0) {
        return got;
    }
    if (frame_hello(f, &kind, &rest, e) < 0) {
        return -1;
    }
    if (kind != FRAME_HELLO_INIT || (secret != NULL && !secret_equal(rest, str_c(secret)))) {
        return err_set(e, ERR_REFUSED, "whoever calls is not the session's init");
    }
    return 1;
}
