/* SPDX-License-Identifier: MIT */
/* Whole plans, and the names of sessions. */
#include "plan/plan.h"

#include "plan_golden.h"

static void name_of(const char *dir, const char *want)
{
    struct arena a = {0};
    struct opts o = {0};
    struct facts f;
    struct plan p;
    struct err e = {0};

    plan_facts(&f, &a);
    f.cwd = f.cwd_physical = dir;
    (void)plan_build(&o, &f, &a, &p, &e);
    is_str(p.name, want, "the session's name shows the directory");
    arena_release(&a);
}

/* cco in a container of the engine. */
static void network_of(const char *own, enum plan_network_mode want)
{
    struct arena a = {0};
    struct opts o = {0};
    struct facts f;
    struct plan p;
    struct err e = {0};

    plan_facts(&f, &a);
    f.engine.kind = SANDBOX_REMOTE_CONTAINER;
    f.engine.own_network = own;
    (void)plan_build(&o, &f, &a, &p, &e);
    ok(p.network.mode == want, "the network %s", own);
    arena_release(&a);
}

int main(void)
{
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
