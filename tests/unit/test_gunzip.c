/* SPDX-License-Identifier: MIT */
#include "wire/gunzip.h"

#include "base/buf.h"
#include "tap.h"

/* "hello, hello, hello\n" by `gzip -n -9`. */
static const unsigned char sample[] = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9,
    0xd7, 0x51, 0xc8, 0x40, 0xa2, 0xb8, 0x00, 0xe7, 0x42, 0x6e, 0x52, 0x14, 0x00, 0x00, 0x00};

static struct buf out;
static struct gunzip g;

/* Decompresses in pieces of `step` bytes, with `room` bytes for the output. Returns 0 if that
 * succeeded up to the end of the member, 1 if the end is missing, and -1 on error. */
static int decompress(struct str in, size_t step, size_t room, struct err *e)
{
    char piece[64];
    int rc = 0;

    gunzip_release(&g);
    buf_reset(&out);
    err_reset(e);
    while (in.len > 0 && rc == 0) {
        const size_t len = in.len < step ? in.len : step;
        struct str part = str_n(in.p, len);
        struct gunzip_out content = {.p = piece, .room = room, .made = room};

        while (rc == 0 && (part.len > 0 || content.made == room)) {
            size_t used = 0;

            rc = gunzip_in(&g, part, &used, &content, e);
            (void)buf_add(&out, piece, content.made);
            part = str_drop(part, used);
        }
        in = str_drop(in, len);
    }
    return rc < 0 ? rc : g.ended ? 0 : 1;
}

int main(void)
{
    static const char text[] = "hello, hello, hello\n";
    const struct str in = str_n((const char *)sample, sizeof(sample));
    unsigned char copy[sizeof(sample) + 1];
    struct err e = {0};
    bool same = true;

    buf_init(&out, 1 << 10);
    gunzip_init(&g);
    for (size_t step = 1; step <= in.len; step++) {
        for (size_t room = 1; room < 30; room++) {
            same = same && decompress(in, step, room, &e) == 0 && str_eq_c(buf_str(&out), text);
        }
    }
    ok(same, "the content does not depend on the split of the input or on the room");
    same = true;
    for (size_t len = 1; len < in.len; len++) {
        same = same && decompress(str_n(in.p, len), 7, 16, &e) == 1;
    }
    ok(same, "a file that is cut off has no end");
    memcpy(copy, sample, sizeof(sample));
    copy[sizeof(sample)] = 0;
    ok(decompress(str_n((char *)copy, sizeof(copy)), 64, 64, &e) < 0 && e.kind == ERR_FORMAT &&
           strstr(e.text, "follow") != NULL,
       "bytes behind the end are refused: %s", e.text);
    ok(decompress(str_n((char *)copy, sizeof(copy)), 1, 64, &e) < 0 &&
           strstr(e.text, "follow") != NULL,
       "bytes behind the end are refused if they arrive later");
    for (size_t at = sizeof(sample) - 8; at < sizeof(sample); at++) {
        memcpy(copy, sample, sizeof(sample));
        copy[at] ^= 1U;
        ok(decompress(str_n((char *)copy, sizeof(sample)), 64, 64, &e) < 0,
           "a wrong checksum or length is noticed: %s", e.text);
    }
    ok(decompress(str_c("plain text, and no gzip at all"), 64, 64, &e) < 0 &&
           strstr(e.text, "gzip: ") == e.text,
       "another format is refused: %s", e.text);
    {
        struct gunzip_out content = {.p = (char *)copy, .room = sizeof(copy)};
        size_t used;

        ok(gunzip_in(&g, in, &used, &content, &e) < 0, "it stays failed");
    }
    gunzip_release(&g);
    gunzip_release(&g);
    buf_release(&out);
    return done_testing();
}
