/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include "tap.h"

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
    return done_testing();
}
