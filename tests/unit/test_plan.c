/* SPDX-License-Identifier: MIT */
/* Tests whole plans, and the names of sessions. */
#include "plan/plan.h"

#include "base/limits.h"
#include "plan_golden.h"

static void name_of(const char *dir, const char *want)
{
    struct planned t;

    planned_init(&t, NULL);
    t.f.project = t.f.cwd_physical = dir;
    (void)planned_build(&t);
    is_str(t.p.name, want, "the session's name contains the directory's name");
    planned_release(&t);
}

/* Plans for a cco that runs in a container of the engine. */
static void network_of(const char *own, enum plan_network_mode want)
{
    struct planned t;

    planned_init(&t, NULL);
    t.f.engine.kind = SANDBOX_REMOTE_CONTAINER;
    t.f.engine.own_network = own;
    (void)planned_build(&t);
    ok(t.p.network.mode == want,
       "in a container with the network %s, the plan has the right mode", own);
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
    plan_goldens();
    network_of("host", PLAN_NET_HOST);
    network_of("container:5c9a", PLAN_NET_OWN);
    name_of("/srv/my app (2)", "cco-my-app-2--0123");
    name_of("/srv/\xc3\xa9", "cco-project-0123");
    name_of("/srv/--x", "cco-x-0123");
    name_of("/srv/abcdefghijklmnopqrstuvwxyzabcdefghijklmnop",
            "cco-abcdefghijklmnopqrstuvwxyzabcdef-0123");
    return done_testing();
}
