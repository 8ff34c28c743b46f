/* SPDX-License-Identifier: MIT */
/* Init's first words. */
#include "term/greeting.h"

#include "tap.h"
#include "wire/frame.h"

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct buf text;

static void say(enum frame_hello kind, const char *secret)
{
    buf_reset(&text);
    (void)frame_add_hello(&text, kind, str_c(secret));
}

int main(void)
{
    struct err e = {0};
    struct str in;

    buf_init(&text, FRAME_MAX);
    say(FRAME_HELLO_INIT, SECRET);
    for (size_t n = 0; n < text.len; n++) {
        in = str_n(buf_data(&text), n);
        if (init_line_greets(&in, SECRET, &e) != 0 || in.len != n) {
            ok(false, "%zu bytes are not yet a greeting", n);
        }
    }
    (void)buf_add_c(&text, "rest");
    in = buf_str(&text);
    ok(init_line_greets(&in, SECRET, &e) == 1 && str_eq_c(in, "rest"),
       "the whole is, and is cut off");
    in = buf_str(&text);
    ok(init_line_greets(&in, NULL, &e) == 1,
       "a line that nobody else can be on needs no secret");
    in = buf_str(&text);
    ok(init_line_greets(&in, "another", &e) < 0 && e.kind == ERR_REFUSED, "another secret: %s",
       e.text);
    say(FRAME_HELLO_HOST, SECRET);
    in = buf_str(&text);
    err_reset(&e);
    ok(init_line_greets(&in, NULL, &e) < 0 && e.kind == ERR_REFUSED, "not init: %s", e.text);
    in = str_c("HTTP/1.1 200 OK\r\n");
    err_reset(&e);
    ok(init_line_greets(&in, NULL, &e) < 0, "no frame: %s", e.text);
    buf_release(&text);
    return done_testing();
}
