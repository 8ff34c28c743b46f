/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include "tap.h"

static void only_equal_secrets_are_equal(void)
{
    ok(secret_equal(str_c("hunter2"), str_c("hunter2")), "the same bytes");
    ok(secret_equal(str_c(""), str_c("")), "none at all");
    ok(!secret_equal(str_c("hunter2"), str_c("hunter3")), "not if the last byte differs");
    ok(!secret_equal(str_c("hunter2"), str_c("Hunter2")), "not if the first byte differs");
    ok(!secret_equal(str_c("hunter2"), str_c("hunter")), "not if the second is shorter");
    ok(!secret_equal(str_c("hunter"), str_c("hunter2")), "not if the first is shorter");
    ok(!secret_equal(str_c(""), str_c("x")) && !secret_equal(str_c("x"), str_c("")),
       "not if one is empty");
    ok(!secret_equal(str_n("a\0b", 3), str_n("a\0c", 3)), "a zero byte is not the end");
    ok(!secret_equal(str_n("\x01\x02", 2), str_n("\x02\x01", 2)),
       "differences do not cancel each other");
}

int main(void)
{
    struct secret s = {0};
    char text[] = "hunter2";

    secret_release(&s);
    secret_set(&s, str_c("one"));
    secret_set(&s, str_c("another"));
    is_str(s.p, "another", "the last one counts, as a C string");
    is_int((long long)s.len, 7, "and its length");
    secret_release(&s);
    ok(s.p == NULL && s.len == 0, "released is empty");
    secret_wipe(text, sizeof(text) - 1);
    is_mem(text, 7, "\0\0\0\0\0\0\0", 7, "wiped");
    only_equal_secrets_are_equal();
    return done_testing();
}
