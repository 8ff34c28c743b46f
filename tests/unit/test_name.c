/* SPDX-License-Identifier: MIT */
/* Tests the names of sessions. */
#include "base/limits.h"
#include "plan.h"
#include "tap.h"

/* Compares the name of a session in the project `dir`, started with --name `given` if that is
 * not NULL. */
static void name_of(const char *dir, const char *given, const char *want)
{
    struct planned t;

    planned_init(&t, NULL);
    t.o.name = given;
    t.f.project = t.f.cwd_physical = dir;
    (void)planned_build(&t);
    is_str(t.p.name, want, want);
    planned_release(&t);
}

static void names_have_letters_digits_and_three_signs(void)
{
    static const char *const good[] = {"azAZ09._-", "a", "0"};
    static const char *const bad[] = {"",    "a b", "a/b", "a:b", "a@b",      "a[b",
                                      "a`b", "a{b", "a,b", "a+b", "a\xc3\xa9"};
    char longest[LIMIT_NAME + 1];

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        ok(plan_name_is_valid(str_c(good[i])), "a valid name: %s", good[i]);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ok(!plan_name_is_valid(str_c(bad[i])), "not a valid name: '%s'", bad[i]);
    }
    memset(longest, 'n', sizeof(longest));
    ok(plan_name_is_valid(str_n(longest, LIMIT_NAME)), "a name of LIMIT_NAME bytes is valid");
    ok(!plan_name_is_valid(str_n(longest, sizeof(longest))), "a longer name is not valid");
}

int main(void)
{
    names_have_letters_digits_and_three_signs();
    name_of("/srv/my app (2)", NULL, "cco-my-app-2--0123");
    name_of("/srv/\xc3\xa9", NULL, "cco-project-0123");
    name_of("/srv/--x", NULL, "cco-x-0123");
    name_of("/srv/abcdefghijklmnopqrstuvwxyzabcdefghijklmnop", NULL,
            "cco-abcdefghijklmnopqrstuvwxyzabcdef-0123");
    name_of("/srv/x", "work", "cco-work");
    name_of("/srv/x", "cco-work", "cco-work");
    name_of("/srv/x", "a--b", "cco-a--b");
    name_of("/srv/x", "fix  the/bug", "cco-fix-the-bug");
    name_of("/srv/x", " \xc3\xa9", "cco-x-0123");
    name_of("/srv/x", "cco-", "cco-x-0123");
    name_of("/srv/x", "aaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbccccccccccccccccccccdddd",
            "cco-aaaaaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbbbbbcccccccccccccccccccc");
    return done_testing();
}
