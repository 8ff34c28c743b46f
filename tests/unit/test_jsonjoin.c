/* SPDX-License-Identifier: MIT */
#include "wire/jsonjoin.h"

#include "tap.h"

static struct json parsed(const char *text)
{
    struct json v = {0};
    struct err e = {0};

    (void)json_parse(str_c(text), &v, &e);
    return v;
}

static void same(const char *a, const char *b, bool want)
{
    ok(json_same(parsed(a), parsed(b)) == want, "%s %s %s", a, want ? "is" : "is not", b);
}

static void join(const char *base, const char *ours, const char *theirs, const char *want)
{
    struct buf out;
    size_t budget = 100;
    enum json_joined joined;

    buf_init(&out, 1024);
    joined = json_join(parsed(base), parsed(ours), parsed(theirs), &budget, &out);
    ok(joined == (want == NULL ? JSON_JOIN_NOTHING : JSON_JOIN_DONE), "%s + %s", ours, theirs);
    is_str(buf_c(&out), want == NULL ? "" : want, theirs);
    buf_release(&out);
}

int main(void)
{
    struct buf out;
    size_t budget = 5;

    same("{\"a\":[1,2]}", "{ \"a\" : [ 1 ,2 ]\n}", true);
    same("\"\\u0061\\/\"", "\"a/\"", true);
    same("{\"\\u0061\":1}", "{\"a\":1}", true);
    same("1.0", "1", false);
    same("[\"a\",\"b\"]", "[\"a\\\",\\\"b\"]", false);
    same("\"1\"", "1", false);
    same("\"a b\"", "\"ab\"", false);
    same("[]", "{}", false);
    same("true", "false", false);
    ok(json_same((struct json){0}, (struct json){0}), "nothing is nothing");
    ok(!json_same((struct json){0}, parsed("null")), "but not null");

    join("[1]", "[1,2]", "[1,3]", "[1,2,3]");
    join("[1]", "[2,1]", "[3,1]", "[3,2,1]");
    join("[1]", "[2,1]", "[3,4,1,5]", "[3,4,2,1,5]");
    join("[1]", "[1,2]", "[2]", NULL);
    join("[1]", "[]", "[1]", NULL);
    join("[]", "[2]", "[3,4]", "[2,3,4]");
    join("[1]", "[]", "[3,4,1,5]", "[3,4,5]");
    join("[]", "[\n  1\n]", "[2]", "[\n  1,2\n]");
    join("[{\"a\":1}]", "[]", "[{ \"a\" : 1 },\"x\"]", "[\"x\"]");
    join("[]", "[[1]]", "[[1],[ 1, 2 ]]", "[[1],[ 1, 2 ]]");

    buf_init(&out, 1024);
    ok(json_join(parsed("[1,2]"), parsed("[3]"), parsed("[4,5,6]"), &budget, &out) ==
               JSON_JOIN_MANY &&
           out.len == 0,
       "more items than there may be");
    buf_release(&out);
    return done_testing();
}
