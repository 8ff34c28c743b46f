/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/stdcopy.h"

#include "base/buf.h"

static int feed(const char *p, size_t len, size_t step, struct buf *out)
{
    struct stdcopy s;
    struct str rest = str_n(p, len);
    struct err e = {0};

    stdcopy_init(&s);
    buf_reset(out);
    while (rest.len > 0) {
        struct str piece = str_n(rest.p, rest.len < step ? rest.len : step);
        struct str data = {0};
        size_t used = 0;

        if (stdcopy_in(&s, piece, &used, &data, &e) < 0) {
            is_int(stdcopy_in(&s, piece, &used, &data, &e), -1, "once failed, it stays failed");
            return -1;
        }
        for (size_t i = 0; i < data.len; i++) {
            (void)buf_addf(out, "%d%c", (int)s.stream, data.p[i]);
        }
        rest = str_drop(rest, used);
    }
    return stdcopy_at_boundary(&s) ? 1 : 0;
}

int main(void)
{
    static const char good[] =
        "\1\0\0\0\0\0\0\3hi\n\2\0\0\0\0\0\0\0\2\0\0\0\0\0\0\1e\3\0\0\0\0\0\0\1!"
        "\0\0\0\0\0\0\0\1o";
    static const char bad_type[] = "\4\0\0\0\0\0\0\1x";
    static const char bad_fill[] = "\1\0\1\0\0\0\0\1x";
    struct buf out;
    bool same = true;

    buf_init(&out, 1024);
    for (size_t step = 1; step < sizeof(good); step++) {
        same = same && feed(good, sizeof(good) - 1, step, &out) == 1 &&
               strcmp(buf_c(&out), "1h1i1\n2e3!0o") == 0;
    }
    ok(same, "every split gives the same payloads");
    is_int(feed(good, 9, 9, &out), 0, "a position inside a frame is not a boundary");
    is_int(feed(good, 3, 3, &out), 0, "a position inside a head is not a boundary");
    is_int(feed(bad_type, 9, 9, &out), -1, "an unknown stream is refused");
    is_int(feed(bad_fill, 9, 1, &out), -1, "a byte other than zero in a head is refused");
    buf_release(&out);
    return done_testing();
}
