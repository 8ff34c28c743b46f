/* SPDX-License-Identifier: MIT */
#include "base/limits.h"
#include "tap.h"
#include "wire/json.h"

static void sample(struct json_w *w)
{
    json_w_object(w);
    json_w_key(w, "a\"b");
    json_w_array(w);
    json_w_u64(w, UINT64_MAX);
    json_w_raw(w, str_c("-9223372036854775808"));
    json_w_bool(w, true);
    json_w_c(w, NULL);
    json_w_array(w);
    json_w_end(w);
    json_w_end(w);
    json_w_key(w, "o");
    json_w_object(w);
    json_w_end(w);
    json_w_key(w, "s");
    json_w_str(w, str_n("\x01\n\\\"\x7f\xc3\xa9\0", 8));
    json_w_key(w, "r");
    json_w_raw(w, str_c("[1, 2]"));
    json_w_end(w);
}

static void calls_in_a_wrong_order_fail(void)
{
    struct json_w w;
    struct buf b;

    buf_init(&b, 100);
    json_w_init(&w, &b, 0);
    is_int(json_done(&w), -1, "a writer without a value is not done");
    json_w_object(&w);
    json_w_c(&w, "no key");
    json_w_end(&w);
    is_int(json_done(&w), -1, "a value without a key in an object fails");
    json_w_init(&w, &b, 0);
    json_w_object(&w);
    json_w_key(&w, "list");
    json_w_array(&w);
    json_w_key(&w, "key");
    json_w_c(&w, "value");
    json_w_end(&w);
    json_w_end(&w);
    is_int(json_done(&w), -1, "a key in an array of an object fails");
    json_w_init(&w, &b, 0);
    json_w_array(&w);
    json_w_key(&w, "k");
    is_int(json_done(&w), -1, "a key in an array fails");
    json_w_init(&w, &b, 0);
    json_w_null(&w);
    json_w_null(&w);
    is_int(json_done(&w), -1, "two values at the top fail");
    json_w_init(&w, &b, 0);
    json_w_end(&w);
    is_int(json_done(&w), -1, "an end without a beginning fails");
    json_w_init(&w, &b, 0);
    json_w_object(&w);
    json_w_key(&w, "k");
    json_w_end(&w);
    is_int(json_done(&w), -1, "a key without a value fails");
    json_w_init(&w, &b, 0);
    for (int i = 0; i < LIMIT_JSON_DEPTH; i++) {
        json_w_array(&w);
    }
    ok(!w.failed, "the writer nests as deeply as the reader");
    json_w_array(&w);
    is_int(json_done(&w), -1, "deeper nesting fails");
    b.max = 10;
    buf_reset(&b);
    json_w_init(&w, &b, 0);
    json_w_c(&w, "0123456789");
    is_int(json_done(&w), -1, "a value past the buffer's maximum fails");
    buf_release(&b);
}

static void members_are_written(void)
{
    static const char *const items[] = {"x", "y z"};
    struct json_w w;
    struct buf b;

    buf_init(&b, 200);
    json_w_init(&w, &b, 0);
    json_w_object(&w);
    json_w_member(&w, "none", NULL);
    json_w_member_bool(&w, "no", false);
    json_w_member_u64(&w, "n", 7);
    json_w_member_list(&w, "list", items, 2);
    json_w_member_words(&w, "words", " a  bc d ");
    json_w_member_words(&w, "no_words", NULL);
    json_w_end(&w);
    is_int(json_done(&w), 0, "an object with members is written");
    is_str(buf_c(&b),
           "{\"none\":null,\"no\":false,\"n\":7,\"list\":[\"x\",\"y z\"],"
           "\"words\":[\"a\",\"bc\",\"d\"],\"no_words\":[]}",
           "each member has its value");
    buf_release(&b);
}

int main(void)
{
    struct json_w w;
    struct buf b;
    struct json v;
    struct err e = {0};

    members_are_written();
    buf_init(&b, 4096);
    json_w_init(&w, &b, 0);
    sample(&w);
    is_int(json_done(&w), 0, "one complete value is done");
    is_str(buf_c(&b),
           "{\"a\\\"b\":[18446744073709551615,-9223372036854775808,true,null,[]],\"o\":{},"
           "\"s\":\"\\u0001\\n\\\\\\\"\\u007f\xc3\xa9\\u0000\",\"r\":[1, 2]}",
           "the compact form has no blanks");
    is_int(json_parse(buf_str(&b), &v, &e), 0, "the written text is JSON");
    ok(!w.lossy, "`lossy` is not set for UTF-8");
    buf_reset(&b);
    json_w_init(&w, &b, 2);
    json_w_array(&w);
    json_w_u64(&w, 1);
    json_w_object(&w);
    json_w_key(&w, "k");
    json_w_bool(&w, false);
    json_w_end(&w);
    json_w_end(&w);
    is_str(buf_c(&b), "[\n  1,\n  {\n    \"k\": false\n  }\n]",
           "the indented form has line breaks and blanks");
    buf_reset(&b);
    json_w_init(&w, &b, 0);
    json_w_str(&w, str_n("a\xff"
                         "b",
                         3));
    is_str(buf_c(&b),
           "\"a\xef\xbf\xbd"
           "b\"",
           "a bad byte becomes U+FFFD");
    ok(w.lossy, "`lossy` is set");
    buf_reset(&b);
    json_w_init(&w, &b, 0);
    json_w_c(&w, "\x7f\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0\xd8\x9c\xd8\x9d\xe2\x80\xae\xe2\x81\xa9"
                 "\xe2\x81\xaa\xf0\x9f\x98\x80");
    is_str(buf_c(&b),
           "\"\\u007f\\u0080\\u009b\\u009f\xc2\xa0\\u061c\xd8\x9d\\u202e\\u2069\xe2\x81\xaa\xf0"
           "\x9f\x98\x80\"",
           "characters that control a terminal or the direction of text are escaped");
    ok(!w.lossy, "`lossy` is not set for them");
    buf_release(&b);
    calls_in_a_wrong_order_fail();
    return done_testing();
}
