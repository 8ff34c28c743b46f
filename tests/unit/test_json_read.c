/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/json.h"

#include <stdlib.h>

static struct json parse(const char *text)
{
    struct err e = {0};
    struct json v = {0};

    if (json_parse(str_c(text), &v, &e) < 0) {
        (void)printf("# %s: %s\n", text, e.text);
        abort();
    }
    return v;
}

static void strings(void)
{
    struct buf b;

    buf_init(&b, 64);
    is_int(json_string(
               parse("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac\\ud83d\\ude00\""), &b),
           0, "a string with every escape is unescaped");
    is_mem(buf_data(&b), b.len, "a\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 19,
           "to the right bytes");
    buf_reset(&b);
    is_int(json_string(parse("\"\\ud800x\\udc00\\ud800\\u0041\""), &b), 0,
           "lone surrogates pass");
    is_str(buf_c(&b),
           "\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd"
           "A",
           "as U+FFFD each");
    buf_reset(&b);
    (void)json_string(parse("\"\\udc00\\udc00\""), &b);
    is_str(buf_c(&b), "\xef\xbf\xbd\xef\xbf\xbd", "two second halves are not a pair");
    buf_reset(&b);
    is_int(json_string(parse("7"), &b), -1, "a number is no string");
    b.max = 3;
    is_int(json_string(parse("\"abcd\""), &b), -1, "a string past the buffer's maximum fails");
    buf_release(&b);
}

static void members(void)
{
    struct json v = parse("{\"a\":{\"b\":[1,{\"c\":\"x\"}]},\"k\\u0065y\":true,\"a\":0,"
                          "\"n\":-5,\"u\":18446744073709551615,\"f\":1.0,\"\":null}");
    struct arena a = {0};
    uint64_t u = 7;
    int64_t i = 7;

    is_int(json_get(v, "a").type, JSON_OBJECT, "the first of two equal keys is found");
    is_int(json_path(v, "a.b").type, JSON_ARRAY, "a path leads down");
    is_int(json_path(v, "a.b.c").type, JSON_NONE, "but not through arrays");
    ok(json_true(json_get(v, "key")), "keys are compared unescaped");
    is_int(json_get(v, "zzz").type, JSON_NONE, "a missing member is none");
    is_int(json_get(json_get(v, "n"), "x").type, JSON_NONE, "a number has no members");
    is_int(json_get(v, "").type, JSON_NULL, "the empty key can be asked for");
    ok(json_i64(json_get(v, "n"), &i) && i == -5, "a negative integer");
    ok(!json_u64(json_get(v, "n"), &u) && u == 7, "is no unsigned one");
    ok(json_u64(json_get(v, "u"), &u) && u == UINT64_MAX, "the largest unsigned integer");
    ok(!json_i64(json_get(v, "u"), &i), "does not fit a signed one");
    ok(!json_u64(json_get(v, "f"), &u), "1.0 is no plain integer");
    ok(json_i64(parse("-9223372036854775807"), &i) && i == -INT64_MAX &&
           json_i64(parse("1234567890"), &i) && i == 1234567890,
       "numbers of many digits are decimal");
    ok(json_is(json_path(v, "a"), "x") == false, "an object is no string");
    is_str(json_string_dup(json_get(json_get(v, "a"), "zz"), &a), NULL,
           "no copy of what is not there");
    arena_release(&a);
}

static void iteration(void)
{
    struct json_iter it = json_iter(parse("[ 1 , \"a,]b\" ,[2,3], {\"x\":[]} ]"));
    struct json key;
    struct json v;
    size_t n = 0;
    static const char *const raw[] = {"1", "\"a,]b\"", "[2,3]", "{\"x\":[]}"};

    while (json_next(&it, &key, &v)) {
        is_mem(v.raw.p, v.raw.len, raw[n], strlen(raw[n]), "items come in order, as written");
        is_int(key.type, JSON_NONE, "items of arrays have no key");
        n++;
    }
    is_int((long long)n, 4, "and then end");
    it = json_iter(parse("{ \"a\" : 1 , \"b\":{} }"));
    ok(json_next(&it, &key, &v) && json_is(key, "a") && json_next(&it, &key, &v) &&
           json_is(key, "b") && !json_next(&it, &key, &v),
       "members come in order");
    it = json_iter(parse("\"x\""));
    ok(!json_next(&it, NULL, &v), "a string has no items");
}

static void same(const char *a, const char *b, bool want)
{
    ok(json_same(parse(a), parse(b)) == want, "%s %s %s", a, want ? "is" : "is not", b);
}

static void equality(void)
{
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
    ok(!json_same((struct json){0}, parse("null")), "but not null");
}

static void sorted_members(void)
{
    struct arena a = {0};
    struct json_members all;
    size_t budget = 4;
    size_t count = 0;
    const struct json_member *one;

    ok(json_members(parse("{\"b\":1,\"a\":2,\"\\u0062\":3,\"c\":4}"), &a, &budget, &all),
       "as many as there may be");
    is_int((long long)all.count, 4, "all of them");
    is_int((long long)budget, 0, "and counted");
    one = json_member(&all, str_c("b"));
    ok(one != NULL && str_eq_c(one->value.raw, "3") && one->twice && one->last,
       "the last of a key, however it is spelled");
    ok(all.list[0].twice && !all.list[0].last, "the first one is known to be there twice");
    one = json_member(&all, str_c("a"));
    ok(one != NULL && !one->twice && one->last, "one that is there once");
    ok(json_member(&all, str_c("")) == NULL && json_member(&all, str_c("d")) == NULL &&
           json_member(&all, str_c("aa")) == NULL,
       "one that is not there");
    ok(!json_members(parse("{\"x\":1}"), &a, &budget, &all) && all.count == 0,
       "more than there may be");
    ok(json_members(parse("{}"), &a, &budget, &all) && json_member(&all, str_c("a")) == NULL,
       "an empty object costs nothing");
    ok(json_members(parse("[1]"), &a, &budget, &all) && all.count == 0,
       "what is no object has none");
    budget = 2;
    ok(json_count_items(parse("[1,2]"), &budget, &count) && count == 2 && budget == 0,
       "items count as well");
    ok(!json_count_items(parse("[1]"), &budget, &count), "up to the budget");
    arena_release(&a);
}

int main(void)
{
    strings();
    members();
    iteration();
    equality();
    sorted_members();
    return done_testing();
}
