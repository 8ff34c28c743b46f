/* SPDX-License-Identifier: MIT */
#include "host/user.h"

#include "tap.h"

static struct arena arena;

int main(void)
{
    struct user_entry u = {0};

    ok(user_find(0, &arena, &u) && strcmp(u.name, "root") == 0, "root has an entry");
    ok(!user_find(4000000000, &arena, &u), "an unused uid has no entry");
    is_str(u.name, "root", "the result is unchanged without an entry");
    arena_release(&arena);
    return done_testing();
}
