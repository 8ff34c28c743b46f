/* SPDX-License-Identifier: MIT */
#include "wire/frame.h"

#include "tap.h"

static struct buf b;

/* Reads the frames of `in` while `step` more bytes arrive at a time. Returns the number of
 * frames, and -1 if the stream is malformed. */
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

static void frames_are_added_and_read(void)
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
    is_int(frame_add_hello(&b, FRAME_HELLO_INIT, str_c("secret")), 0, "HELLO is added");
    is_int(frame_add_size(&b, 70000, 80), 0, "SIZE is added");
    is_int(frame_add_exit(&b, &end), 0, "EXIT is added");
    is_int(frame_add_taken(&b, 0x01020304), 0, "TAKEN is added");
    is_int(frame_add_bytes(&b, FRAME_OUTPUT, str_n(big, sizeof(big))), 0,
           "bytes are added as frames");
    in = buf_str(&b);
    ok(frame_next(&in, &f, &e) == 1 && frame_hello(f, &kind, &rest, &e) == 0 &&
           kind == FRAME_HELLO_INIT && str_eq_c(rest, "secret"),
       "HELLO is read");
    ok(frame_next(&in, &f, &e) == 1 && frame_size(f.payload, &rows, &cols, &e) == 0 &&
           rows == 65535 && cols == 80,
       "SIZE is read, with numbers up to 65535");
    ok(frame_next(&in, &f, &e) == 1 && frame_exit(f, &back, &e) == 0 && back.status == 137 &&
           back.reason == FRAME_OUT_OF_MEMORY && back.signo == 9 && str_eq_c(back.text, "why"),
       "EXIT is read with its reason");
    ok(frame_next(&in, &f, &e) == 1 && frame_taken(f, &n, &e) == 0 && n == 0x01020304,
       "TAKEN is read");
    for (size_t step = 1; step < 40; step++) {
        same = same && count(buf_str(&b), step, &n) == 4 + 7;
    }
    ok(same, "every split of the bytes gives the same frames");
    ok(frame_hello(f, &kind, &rest, &e) < 0 && frame_exit(f, &back, &e) < 0,
       "a frame is not read as another type");
}

static void frame_is_added_whole_or_not_at_all(void)
{
    struct buf small;
    static char big[FRAME_MAX + 1];

    buf_init(&small, FRAME_HEAD + 10);
    is_int((long long)frame_room(&small), 10, "the room does not include the head");
    ok(frame_add(&small, FRAME_INPUT, str_n(big, 11)) < 0 && small.len == 0,
       "a frame that does not fit is not added at all");
    buf_reset(&small);
    is_int(frame_add(&small, FRAME_INPUT, str_n(big, 10)), 0, "a frame that fits is added");
    is_int((long long)frame_room(&small), 0, "the full buffer has no room");
    buf_release(&small);
    buf_reset(&b);
    ok(frame_add(&b, FRAME_INPUT, str_n(big, sizeof(big))) < 0,
       "a payload longer than FRAME_MAX is refused");
    buf_reset(&b);
}

static void bytes_that_do_not_fit_are_an_overflow(void)
{
    struct buf small;

    buf_init(&small, 16);
    is_int(frame_add_bytes(&small, FRAME_OUTPUT, str_c("0123456789abcdef")), -1,
           "bytes that do not fit are refused");
    ok(small.overflowed && small.len == 0,
       "they overflow the buffer, and none of them is added");
    buf_release(&small);
    buf_init(&small, 16);
    is_int(frame_add_hello(&small, FRAME_HELLO_KEY, str_c("0123456789abcdef")), -1,
           "a HELLO that does not fit is refused");
    ok(small.overflowed && small.len == 0, "it overflows the buffer, and nothing is added");
    buf_release(&small);
}

static void malformed_frames_are_refused(void)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *what;
    } bad[] = {
        {"\0\0\0\0\0\0\0\0", 8, "type 0 is refused"},
        {"\x7f\0\0\0\0\0\0\0", 8, "an unknown type is refused"},
        {"\2\1\0\0\0\0\0\0", 8, "a byte other than zero behind the type is refused"},
        {"\2\0\0\0\1\0\0\0", 8, "a length of 16 MiB is refused"},
        {"\2\0\0\0\0\0\x40\1", 8, "a length of FRAME_MAX + 1 is refused"},
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
    ok(frame_hello(f, &kind, &rest, &e) < 0 && e.hint[0] != '\0',
       "another version is refused with a hint: %s", e.text);
    ok(frame_size(str_c("abc"), &rows, &cols, &e) < 0, "a SIZE of three bytes is refused");
    f = (struct frame){FRAME_EXIT, str_n("\0\4\0", 3)};
    struct frame_exit x;

    ok(frame_exit(f, &x, &e) < 0, "an unknown reason is refused");
}

/* Flips every bit of a valid stream; payloads are never longer than the input. */
static void mutated_streams_do_no_harm(void)
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
    is_int(fine + bad, (long long)len * 8, "every mutation is read or refused");
}

int main(void)
{
    buf_init(&b, 1 << 20);
    frames_are_added_and_read();
    frame_is_added_whole_or_not_at_all();
    bytes_that_do_not_fit_are_an_overflow();
    malformed_frames_are_refused();
    mutated_streams_do_no_harm();
    buf_release(&b);
    return done_testing();
}
