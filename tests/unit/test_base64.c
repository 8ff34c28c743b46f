/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/base64.h"

int main(void)
{
    /* RFC 4648 section 10 */
    static const char *const pairs[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    static const char *const refused[] = {"Z",    "Zg",       "Zg=",  "Zg===",  "Z===",
                                          "====", "Zh==",     "Zm9=", "Zm9v\n", " Zm9v",
                                          "Zm=v", "Zg==Zg==", "Zm8-"};
    struct buf b;
    struct err e = {0};
    bool same = true;

    buf_init(&b, 600);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        buf_reset(&b);
        (void)base64_encode(str_c(pairs[i][0]), false, &b);
        is_str(buf_c(&b), pairs[i][1], "encoding gives the text of the RFC");
        buf_reset(&b);
        is_int(base64_decode(str_c(pairs[i][1]), false, &b, &e), 0,
               "the text of the RFC is decoded");
        is_str(buf_c(&b), pairs[i][0], "decoding gives the bytes of the RFC");
    }
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        buf_reset(&b);
        ok(base64_decode(str_c(refused[i]), false, &b, &e) < 0, "refused: '%s'", refused[i]);
    }
    buf_reset(&b);
    (void)base64_encode(str_n("\xfb\xff", 2), true, &b);
    is_str(buf_c(&b), "-_8=", "the URL alphabet has '-' and '_'");
    for (size_t len = 0; len < 256; len++) {
        char raw[256];
        struct buf back;

        for (size_t i = 0; i < len; i++) {
            raw[i] = (char)(i * 7 + len);
        }
        buf_init(&back, 300);
        buf_reset(&b);
        same = same && base64_encode(str_n(raw, len), len % 2 == 0, &b) == 0 &&
               base64_decode(buf_str(&b), len % 2 == 0, &back, &e) == 0 &&
               str_cmp(buf_str(&back), str_n(raw, len)) == 0;
        buf_release(&back);
    }
    ok(same, "decoding inverts encoding for every length");
    b.max = 2;
    buf_reset(&b);
    ok(base64_decode(str_c("Zm9v"), false, &b, &e) < 0 && e.kind == ERR_LIMIT,
       "decoding does not exceed the buffer's maximum");
    buf_reset(&b);
    ok(base64_encode(str_c("foo"), false, &b) < 0,
       "encoding does not exceed the buffer's maximum");
    err_reset(&e);
    (void)base64_decode(str_c("Zm9vZg="), false, &b, &e);
    ok(strstr(e.text, "incomplete") != NULL,
       "a text without a complete last group is reported as incomplete");
    buf_release(&b);
    return done_testing();
}
