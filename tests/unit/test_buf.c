/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include "tap.h"

int main(void)
{
    struct buf b;
    char *p;
    bool good = true;
    size_t in = 0;
    size_t out = 0;

    buf_init(&b, 10);
    ok(buf_add(&b, "hello", 5) == 0 && buf_addf(&b, "%d", 123) == 0 &&
           buf_add_byte(&b, '!') == 0,
       "bytes, formatted text and a byte are added");
    is_str(buf_c(&b), "hello123!", "the content is available as a C string");
    is_int((long long)buf_room(&b), 1, "the room is the maximum minus the length");
    ok(buf_add_c(&b, "xy") < 0 && b.overflowed && b.len == 9,
       "nothing is added beyond the maximum");
    ok(buf_add_c(&b, "x") < 0, "after an overflow nothing more is added");
    buf_reset(&b);
    ok(b.len == 0 && !b.overflowed && buf_add_c(&b, "0123456789") == 0,
       "after a reset the buffer can be filled to the maximum");
    ok(buf_c(&b) == NULL && b.overflowed,
       "a full buffer has no room for the NUL of a C string");
    buf_reset(&b);
    p = buf_reserve(&b, 4);
    ok(p != NULL && buf_reserve(&b, 11) == NULL,
       "room is reserved, but not beyond the maximum");
    buf_reset(&b);
    p = buf_reserve(&b, 4);
    memcpy(p, "abcd", 4);
    buf_commit(&b, 3);
    buf_drop(&b, 1);
    is_mem(buf_data(&b), b.len, "bc", 2,
           "buf_commit() adds bytes and buf_drop() removes them at the front");
    buf_release(&b);
    buf_release(&b);
    ok(b.mem == NULL && b.max == 10, "a second release does nothing, and the maximum is kept");
    buf_init(&b, 1000);
    for (int i = 0; i < 20000; i++) { /* a short queue reuses its storage */
        unsigned char c = (unsigned char)in++;

        good = good && buf_add(&b, &c, 1) == 0;
        if (b.len > 700) {
            for (size_t k = 0; k < 650; k++) {
                good = good && (unsigned char)buf_data(&b)[0] == (unsigned char)out++;
                buf_drop(&b, 1);
            }
        }
    }
    ok(good && b.cap <= 4096, "a queue keeps its order and its storage: %zu", b.cap);
    buf_wipe(&b);
    ok(b.mem == NULL && b.len == 0, "a wiped buffer is empty");
    ok(buf_add(&b, NULL, 0) == 0 && buf_str(&b).len == 0,
       "adding no bytes from NULL is allowed");
    buf_release(&b);
    return done_testing();
}
