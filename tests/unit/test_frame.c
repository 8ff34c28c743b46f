/* SPDX-License-Identifier: MIT */
#include "wire/frame.h"

#include "tap.h"

static struct buf b;

/* Every frame of `in`, fed `step` bytes more at a time: how many there are, -1 where it breaks.
 */
static int count(struct str in, size_t step, size_t *payload)
{
    size_t seen = 0;
    size_t at = 0;
    int n = 0;

    *payload = 0;
    while (seen < in.len) {
        seen = seen + step < in.len ? seen + step : in.len;
        for (;;) {
            struct str rest = str_n(in.p + at, seen - at);
            struct frame f = {0};
            struct err e = {0};
            int got = frame_next(&rest, &f, &e);

            if (got < 0) {
                return -1;
            }
            if (got == 0) {
                break;
            }
            at = seen - rest.len;
            *payload += f.payload.len;
            n++;
        }
    }
    return n;
}

static void round_trips(void)
{
    static char big[100000];
    const struct frame_exit end = {137, FRAME_OUT_OF_MEMORY, 9, str_c("why")};
    struct frame f = {0};
    struct err e = {0};
    struct str in;
    struct str rest = {0};
    enum frame_hello kind = FRAME_HELLO_HOST;
    struct frame_exit back = {0};
    unsigned rows = 0;
    unsigned cols = 0;
    size_t n = 0;
    bool same = true;

    buf_reset(&b);
    is_int(frame_add_hello(&b, FRAME_HELLO_INIT, str_c("secret")), 0, "a greeting");
    is_int(frame_add_size(&b, 70000, 80), 0, "a size");
    is_int(frame_add_exit(&b, &end), 0, "an end");
    is_int(frame_add_taken(&b, 0x01020304), 0, "an acknowledgement");
    is_int(frame_add_bytes(&b, FRAME_OUTPUT, str_n(big, sizeof(big))), 0, "bytes");
    in = buf_str(&b);
    ok(frame_next(&in, &f, &e) == 1 && frame_hello(f, &kind, &rest, &e) == 0 &&
           kind == FRAME_HELLO_INIT && str_eq_c(rest, "secret"),
       "the greeting comes back");
    ok(frame_next(&in, &f, &e) == 1 && frame_size(f.payload, &rows, &cols, &e) == 0 &&
           rows == 65535 && cols == 80,
       "the size too, as far as 16 bits go");
    ok(frame_next(&in, &f, &e) == 1 && frame_exit(f, &back, &e) == 0 && back.status == 137 &&
           back.reason == FRAME_OUT_OF_MEMORY && back.signo == 9 && str_eq_c(back.text, "why"),
       "the end with its reason");
    ok(frame_next(&in, &f, &e) == 1 && frame_taken(f, &n, &e) == 0 && n == 0x01020304,
       "the acknowledgement");
    for (size_t step = 1; step < 40; step++) {
        same = same && count(buf_str(&b), step, &n) == 4 + 7;
    }
    ok(same, "any split gives the same frames");
    ok(frame_hello(f, &kind, &rest, &e) < 0 && frame_exit(f, &back, &e) < 0,
       "one is not the other");
}

static void limits(void)
{
    struct buf small;
    static char big[FRAME_MAX + 1];

    buf_init(&small, FRAME_HEAD + 10);
    is_int((long long)frame_room(&small), 10, "room is counted without the head");
    ok(frame_add(&small, FRAME_INPUT, str_n(big, 11)) < 0 && small.len == 0,
       "what does not fit is not added in part");
    buf_reset(&small);
    is_int(frame_add(&small, FRAME_INPUT, str_n(big, 10)), 0, "what fits is");
    is_int((long long)frame_room(&small), 0, "no room is left");
    buf_release(&small);
    buf_reset(&b);
    ok(frame_add(&b, FRAME_INPUT, str_n(big, sizeof(big))) < 0,
       "no frame is longer than it may be");
    buf_reset(&b);
}

static void bytes_that_do_not_fit_are_an_overflow(void)
{
    struct buf small;

    buf_init(&small, 16);
    is_int(frame_add_bytes(&small, FRAME_OUTPUT, str_c("0123456789abcdef")), -1,
           "more bytes than fit");
    ok(small.overflowed && small.len == 0, "overflow the buffer, and none is added");
    buf_release(&small);
    buf_init(&small, 16);
    is_int(frame_add_hello(&small, FRAME_HELLO_KEY, str_c("0123456789abcdef")), -1,
           "so with a hello that does not fit");
    ok(small.overflowed && small.len == 0, "overflows the buffer");
    buf_release(&small);
}

static void refusals(void)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *what;
    } bad[] = {
        {"\0\0\0\0\0\0\0\0", 8, "type 0"},
        {"\x7f\0\0\0\0\0\0\0", 8, "a type that is not known"},
        {"\2\1\0\0\0\0\0\0", 8, "filler"},
        {"\2\0\0\0\1\0\0\0", 8, "a length of gigabytes"},
        {"\2\0\0\0\0\0\x40\1", 8, "one more than the limit"},
    };
    struct err e = {0};
    struct frame f = {0};
    enum frame_hello kind;
    struct str rest;
    unsigned rows;
    unsigned cols;
    size_t n;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        is_int(count(str_n(bad[i].bytes, bad[i].len), 1, &n), -1, bad[i].what);
    }
    f = (struct frame){FRAME_HELLO, str_c("\x02i")};
    ok(frame_hello(f, &kind, &rest, &e) < 0 && e.hint[0] != '\0', "another version: %s",
       e.text);
    ok(frame_size(str_c("abc"), &rows, &cols, &e) < 0, "a size of three bytes");
    f = (struct frame){FRAME_EXIT, str_n("\0\4\0", 3)};
    struct frame_exit x;

    ok(frame_exit(f, &x, &e) < 0, "a reason that is not known");
}

/* Every byte of a good stream changed in every bit: taken or refused, never more than there is.
 */
static void mutations(void)
{
    char copy[256];
    size_t len;
    size_t n;
    int fine = 0;
    int bad = 0;

    buf_reset(&b);
    (void)frame_add_hello(&b, FRAME_HELLO_INIT, str_c("secret"));
    (void)frame_add(&b, FRAME_OUTPUT, str_c("text"));
    (void)frame_add_size(&b, 1, 2);
    len = b.len;
    memcpy(copy, buf_data(&b), len);
    for (size_t i = 0; i < len * 8; i++) {
        copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
        if (count(str_n(copy, len), 1, &n) < 0) {
            bad++;
        } else {
            fine += n <= len ? 1 : 0;
        }
        copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
    }
    is_int(fine + bad, (long long)len * 8, "every mutation is taken or refused");
}

int main(void)
{
    buf_init(&b, 1 << 20);
    round_trips();
    limits();
    bytes_that_do_not_fit_are_an_overflow();
    refusals();
    mutations();
    buf_release(&b);
    return done_testing();
}
