/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include "tap.h"

static void only_equal_secrets_are_equal(void)
{
    ok(secret_equal(str_c("hunter2"), str_c("hunter2")), "equal bytes are equal");
    ok(secret_equal(str_c(""), str_c("")), "two empty secrets are equal");
    ok(!secret_equal(str_c("hunter2"), str_c("hunter3")), "a different last byte is detected");
    ok(!secret_equal(str_c("hunter2"), str_c("Hunter2")), "a different first byte is detected");
    ok(!secret_equal(str_c("hunter2"), str_c("hunter")),
       "a shorter second secret is different");
    ok(!secret_equal(str_c("hunter"), str_c("hunter2")), "a shorter first secret is different");
    ok(!secret_equal(str_c(""), str_c("x")) && !secret_equal(str_c("x"), str_c("")),
       "an empty secret differs from another");
    ok(!secret_equal(str_n("a\0b", 3), str_n("a\0c", 3)), "bytes behind a NUL are compared");
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
    is_str(s.p, "another", "the second secret replaces the first, with a NUL behind it");
    is_int((long long)s.len, 7, "the length does not include the NUL");
    secret_release(&s);
    ok(s.p == NULL && s.len == 0, "a released secret is empty");
    secret_wipe(text, sizeof(text) - 1);
    is_mem(text, 7, "\0\0\0\0\0\0\0", 7, "wiped memory contains zeros");
    only_equal_secrets_are_equal();
    return done_testing();
}
