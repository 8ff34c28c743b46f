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

static void strings_are_unescaped(void)
{
    struct buf b;

    buf_init(&b, 64);
    is_int(json_string(
               parse("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u20ac\\ud83d\\ude00\""), &b),
           0, "a string with every escape is unescaped");
    is_mem(buf_data(&b), b.len, "a\"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 19,
           "the unescaped string has the right bytes");
    buf_reset(&b);
    is_int(json_string(parse("\"\\ud800x\\udc00\\ud800\\u0041\""), &b), 0,
           "a string with lone surrogates is unescaped");
    is_str(buf_c(&b),
           "\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd"
           "A",
           "each lone surrogate becomes U+FFFD");
    buf_reset(&b);
    (void)json_string(parse("\"\\udc00\\udc00\""), &b);
    is_str(buf_c(&b), "\xef\xbf\xbd\xef\xbf\xbd", "two second halves are not a pair");
    buf_reset(&b);
    is_int(json_string(parse("7"), &b), -1, "a number is not read as a string");
    b.max = 3;
    is_int(json_string(parse("\"abcd\""), &b), -1, "a string past the buffer's maximum fails");
    buf_release(&b);
}

static void members_are_found(void)
{
    struct json v = parse("{\"a\":{\"b\":[1,{\"c\":\"x\"}]},\"k\\u0065y\":true,\"a\":0,"
                          "\"n\":-5,\"u\":18446744073709551615,\"f\":1.0,\"\":null}");
    struct arena a = {0};
    uint64_t u = 7;
    int64_t i = 7;

    is_int(json_get(v, "a").type, JSON_OBJECT, "the first of two equal keys is found");
    is_int(json_path(v, "a.b").type, JSON_ARRAY, "a path leads down");
    is_int(json_path(v, "a.b.c").type, JSON_NONE, "a path does not lead through arrays");
    ok(json_true(json_get(v, "key")), "keys are compared unescaped");
    is_int(json_get(v, "zzz").type, JSON_NONE, "a missing member is JSON_NONE");
    is_int(json_get(json_get(v, "n"), "x").type, JSON_NONE, "a number has no members");
    is_int(json_get(v, "").type, JSON_NULL, "a member with an empty key is found");
    ok(json_i64(json_get(v, "n"), &i) && i == -5, "a negative integer is read");
    ok(!json_u64(json_get(v, "n"), &u) && u == 7, "a negative integer is not read as unsigned");
    ok(json_u64(json_get(v, "u"), &u) && u == UINT64_MAX,
       "the largest unsigned integer is read");
    ok(!json_i64(json_get(v, "u"), &i), "the largest unsigned integer is not read as signed");
    ok(!json_u64(json_get(v, "f"), &u), "1.0 is not read as an integer");
    ok(json_i64(parse("-9223372036854775807"), &i) && i == -INT64_MAX &&
           json_i64(parse("1234567890"), &i) && i == 1234567890,
       "numbers of many digits are decimal");
    ok(json_is(json_path(v, "a"), "x") == false, "an object is not compared as a string");
    is_str(json_string_dup(json_get(json_get(v, "a"), "zz"), &a), NULL,
           "a missing member is copied as NULL");
    arena_release(&a);
}

static void iteration_keeps_the_order(void)
{
    struct json_iter it = json_iter(parse("[ 1 , \"a,]b\" ,[2,3], {\"x\":[]} ]"));
    struct json key;
    struct json v;
    size_t n = 0;
    static const char *const raw[] = {"1", "\"a,]b\"", "[2,3]", "{\"x\":[]}"};

    while (json_next(&it, &key, &v)) {
        is_mem(v.raw.p, v.raw.len, raw[n], strlen(raw[n]),
               "items are returned in order, as written");
        is_int(key.type, JSON_NONE, "items of arrays have no key");
        n++;
    }
    is_int((long long)n, 4, "the iteration ends after the last item");
    it = json_iter(parse("{ \"a\" : 1 , \"b\":{} }"));
    ok(json_next(&it, &key, &v) && json_is(key, "a") && json_next(&it, &key, &v) &&
           json_is(key, "b") && !json_next(&it, &key, &v),
       "members are returned in order");
    it = json_iter(parse("\"x\""));
    ok(!json_next(&it, NULL, &v), "a string has no items");
}

static void same(const char *a, const char *b, bool want)
{
    ok(json_same(parse(a), parse(b)) == want, "%s %s %s", a, want ? "is" : "is not", b);
}

static void equality_ignores_spelling(void)
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
    ok(json_same((struct json){0}, (struct json){0}), "JSON_NONE equals JSON_NONE");
    ok(!json_same((struct json){0}, parse("null")), "JSON_NONE does not equal null");
}

static void sorted_members_are_found(void)
{
    struct arena a = {0};
    struct json_members all;
    size_t budget = 4;
    size_t count = 0;
    const struct json_member *one;

    ok(json_members(parse("{\"b\":1,\"a\":2,\"\\u0062\":3,\"c\":4}"), &a, &budget, &all),
       "as many members as the budget are collected");
    is_int((long long)all.count, 4, "all members are counted");
    is_int((long long)budget, 0, "the members are subtracted from the budget");
    one = json_member(&all, str_c("b"));
    ok(one != NULL && str_eq_c(one->value.raw, "3") && one->twice && one->last,
       "the last member of a key is found, however the key is spelled");
    ok(all.list[0].twice && !all.list[0].last,
       "the first member of a key is marked as `twice`");
    one = json_member(&all, str_c("a"));
    ok(one != NULL && !one->twice && one->last, "a member whose key occurs once is `last`");
    ok(json_member(&all, str_c("")) == NULL && json_member(&all, str_c("d")) == NULL &&
           json_member(&all, str_c("aa")) == NULL,
       "a missing member is NULL");
    ok(!json_members(parse("{\"x\":1}"), &a, &budget, &all) && all.count == 0,
       "more members than the budget are refused");
    ok(json_members(parse("{}"), &a, &budget, &all) && json_member(&all, str_c("a")) == NULL,
       "an empty object costs nothing");
    ok(json_members(parse("[1]"), &a, &budget, &all) && all.count == 0,
       "an array has no members");
    budget = 2;
    ok(json_count_items(parse("[1,2]"), &budget, &count) && count == 2 && budget == 0,
       "items of an array are counted");
    ok(!json_count_items(parse("[1]"), &budget, &count),
       "more items than the budget are refused");
    arena_release(&a);
}

int main(void)
{
    strings_are_unescaped();
    members_are_found();
    iteration_keeps_the_order();
    equality_ignores_spelling();
    sorted_members_are_found();
    return done_testing();
}
