/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/json_edit.h"

static void drop(const char *text, const char *want, const char *name)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, 1024);
    is_int(json_drop_key(str_c(text), "t", &b, &e), want == NULL ? -1 : 0, name);
    if (want != NULL) {
        is_str(buf_c(&b), want, name);
    }
    buf_release(&b);
}

static void set(const char *text, size_t depth, const char *want, const char *name)
{
    static const char *const path[] = {"p", "/a b"};
    struct buf b;
    struct err e = {0};

    buf_init(&b, 1024);
    is_int(json_set_member(str_c(text), (struct json_place){path, depth, "k"}, str_c("true"),
                           &b, &e),
           want == NULL ? -1 : 0, name);
    if (want != NULL) {
        is_str(buf_c(&b), want, name);
    }
    buf_release(&b);
}

int main(void)
{
    struct buf tiny;
    struct err e = {0};

    drop("{}", "{}", "an object without members stays");
    drop("{\"t\":1}", "{}", "the only member is dropped");
    drop("{\"t\":1, \"a\" : 2.0}", "{ \"a\" : 2.0}",
         "the first member is dropped with the comma behind it");
    drop("{\"a\":1 , \"t\":2 }", "{\"a\":1 }",
         "the last member is dropped with the comma before it");
    drop("{\"a\":1,\n  \"t\": {\"x\":[1]},\n  \"b\":3}", "{\"a\":1,\n  \"b\":3}",
         "a member in the middle is dropped");
    drop("{\"t\":1,\"t\":2,\"t\":3}", "{}", "all members with the key are dropped");
    drop("{\"t\":1,\"t\":2,\"a\":3,\"t\":4}", "{\"a\":3}",
         "members before and behind another one are dropped");
    drop("[{\"t\":\"s\"},{\"x\":{\"t\":0,\"y\":1}}]", "[{},{\"x\":{\"y\":1}}]",
         "members are dropped at every depth");
    drop("{\"\\u0074\":1,\"a\":\"t\"}", "{\"a\":\"t\"}",
         "an escaped key is dropped, and an equal value stays");
    drop("\"t\"", "\"t\"", "a string of that text stays");
    drop("{\"t\":1", NULL, "a text that is not JSON is refused");

    set("{}", 0, "{\"k\":true}", "a member is added to an empty object");
    set("{ \"k\" : 1.50 ,\"z\":0}", 0, "{ \"k\" : true ,\"z\":0}",
        "a member is replaced at its place");
    set("{\n  \"a\": 1\n}\n", 0, "{\n  \"a\": 1,\"k\":true\n}\n",
        "a new member follows the last one");
    set("{\"a\":1}", 2, "{\"a\":1,\"p\":{\"/a b\":{\"k\":true}}}",
        "missing objects of the path are added");
    set("{\"p\":{\"/a b\":{\"x\":1}}}", 2, "{\"p\":{\"/a b\":{\"x\":1,\"k\":true}}}",
        "existing objects of the path are used");
    set("{\"p\":{}}", 2, "{\"p\":{\"/a b\":{\"k\":true}}}", "a path can be partly missing");
    set("{\"p\":[]}", 2, NULL, "an array in the path is refused");
    set("[]", 0, NULL, "an array at the top is refused");

    buf_init(&tiny, 4);
    ok(json_drop_key(str_c("{\"a\":1}"), "t", &tiny, &e) < 0 && e.kind == ERR_LIMIT,
       "the output does not exceed the buffer's maximum");
    buf_release(&tiny);
    return done_testing();
}
