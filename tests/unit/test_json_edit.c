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

    drop("{}", "{}", "nothing to drop");
    drop("{\"t\":1}", "{}", "the only member");
    drop("{\"t\":1, \"a\" : 2.0}", "{ \"a\" : 2.0}", "the first member, its comma with it");
    drop("{\"a\":1 , \"t\":2 }", "{\"a\":1 }", "the last member, the comma before it");
    drop("{\"a\":1,\n  \"t\": {\"x\":[1]},\n  \"b\":3}", "{\"a\":1,\n  \"b\":3}",
         "one in the middle");
    drop("{\"t\":1,\"t\":2,\"t\":3}", "{}", "all of several");
    drop("{\"t\":1,\"t\":2,\"a\":3,\"t\":4}", "{\"a\":3}", "several around one");
    drop("[{\"t\":\"s\"},{\"x\":{\"t\":0,\"y\":1}}]", "[{},{\"x\":{\"y\":1}}]",
         "at every depth");
    drop("{\"\\u0074\":1,\"a\":\"t\"}", "{\"a\":\"t\"}", "an escaped key, but no value");
    drop("\"t\"", "\"t\"", "a string of that text stays");
    drop("{\"t\":1", NULL, "what is no JSON is refused");

    set("{}", 0, "{\"k\":true}", "into an empty object");
    set("{ \"k\" : 1.50 ,\"z\":0}", 0, "{ \"k\" : true ,\"z\":0}", "replaced where it stands");
    set("{\n  \"a\": 1\n}\n", 0, "{\n  \"a\": 1,\"k\":true\n}\n",
        "added behind the last member");
    set("{\"a\":1}", 2, "{\"a\":1,\"p\":{\"/a b\":{\"k\":true}}}",
        "objects on the way are made");
    set("{\"p\":{\"/a b\":{\"x\":1}}}", 2, "{\"p\":{\"/a b\":{\"x\":1,\"k\":true}}}",
        "or used");
    set("{\"p\":{}}", 2, "{\"p\":{\"/a b\":{\"k\":true}}}", "or half of each");
    set("{\"p\":[]}", 2, NULL, "an array on the way is refused");
    set("[]", 0, NULL, "an array at the top is refused");

    buf_init(&tiny, 4);
    ok(json_drop_key(str_c("{\"a\":1}"), "t", &tiny, &e) < 0 && e.kind == ERR_LIMIT,
       "the output's maximum is kept");
    buf_release(&tiny);
    return done_testing();
}
