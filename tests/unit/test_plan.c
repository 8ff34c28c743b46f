/* SPDX-License-Identifier: MIT */
/* Whole plans, against tests/plan/CASE/plan.json. CCO_UPDATE_GOLDEN=1 writes them anew. */
#include "plan/plan.h"

#include "plan.h"
#include "tap.h"

static void golden(const struct plan_case *c)
{
    struct arena a = {0};
    struct opts o = {0};
    struct facts f;
    struct plan p;
    struct plan again;
    struct err e = {0};
    struct buf out;
    struct buf out2;

    buf_init(&out, LIMIT_REQUEST);
    buf_init(&out2, LIMIT_REQUEST);
    plan_facts(&f, &a);
    c->change(&o, &f, &a);
    ok(plan_build(&o, &f, &a, &p, &e) == 0, "%s: is planned %s", c->name, e.text);
    ok(plan_check(&p, &f, &e) == 0, "%s: keeps the invariants %s", c->name, e.text);
    ok(plan_print(&p, &f, &out, &e) == 0, "%s: is printed", c->name);
    ok(plan_golden(c->name, "plan.json", buf_str(&out)), "%s: is as before", c->name);
    (void)plan_build(&o, &f, &a, &again, &e);
    (void)plan_print(&again, &f, &out2, &e);
    ok(str_cmp(buf_str(&out), buf_str(&out2)) == 0, "%s: same input, same bytes", c->name);
    ok(!str_contains(buf_str(&out), "refreshToken"), "%s: no secret", c->name);
    buf_release(&out);
    buf_release(&out2);
    arena_release(&a);
}

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

int main(void)
{
    for (size_t i = 0; i < sizeof(plan_cases) / sizeof(plan_cases[0]); i++) {
        golden(&plan_cases[i]);
    }
    for (size_t i = 0; i < sizeof(native_cases) / sizeof(native_cases[0]); i++) {
        golden(&native_cases[i]);
    }
    name_of("/srv/my app (2)", "cco-my-app-2--0123");
    name_of("/srv/\xc3\xa9", "cco-project-0123");
    name_of("/srv/--x", "cco-x-0123");
    name_of("/srv/abcdefghijklmnopqrstuvwxyzabcdefghijklmnop",
            "cco-abcdefghijklmnopqrstuvwxyzabcdef-0123");
    return done_testing();
}
