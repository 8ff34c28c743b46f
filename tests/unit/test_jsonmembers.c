/* SPDX-License-Identifier: MIT */
#include "wire/jsonmembers.h"

#include "tap.h"

static struct json parsed(const char *text)
{
    struct json v = {0};
    struct err e = {0};

    (void)json_parse(str_c(text), &v, &e);
    return v;
}

int main(void)
{
    struct arena a = {0};
    struct members all;
    size_t budget = 4;
    size_t count = 0;
    const struct member *one;

    ok(json_members(parsed("{\"b\":1,\"a\":2,\"\\u0062\":3,\"c\":4}"), &a, &budget, &all),
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
    ok(!json_members(parsed("{\"x\":1}"), &a, &budget, &all) && all.count == 0,
       "more than there may be");
    ok(json_members(parsed("{}"), &a, &budget, &all) && json_member(&all, str_c("a")) == NULL,
       "an empty object costs nothing");
    ok(json_members(parsed("[1]"), &a, &budget, &all) && all.count == 0,
       "what is no object has none");
    budget = 2;
    ok(json_count(parsed("[1,2]"), &budget, &count) && count == 2 && budget == 0,
       "items count as well");
    ok(!json_count(parsed("[1]"), &budget, &count), "up to the budget");
    arena_release(&a);
    return done_testing();
}
