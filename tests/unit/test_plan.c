/* SPDX-License-Identifier: MIT */
/* Whole plans, against the golden files tests/plan/CASE/plan.json and plan.json.diff (golden.h). */
#include "plan/plan.h"

#include "golden.h"
#include "plan.h"
#include "tap.h"

/* The printed plan of a case in `out`. */
static void print_case(void (*change)(struct opts *o, struct facts *f, struct arena *a),
                       const char *name, struct arena *a, struct buf *out)
{
    struct opts o = {0};
    struct facts f;
    struct plan p;
    struct err e = {0};

    plan_facts(&f, a);
    change(&o, &f, a);
    ok(plan_build(&o, &f, a, &p, &e) == 0, "%s: is planned %s", name, e.text);
    ok(plan_check(&p, &f, &e) == 0, "%s: keeps the invariants %s", name, e.text);
    ok(plan_print(&p, &f, out, &e) == 0, "%s: is printed", name);
}

static void golden(const struct plan_case *c)
{
    struct arena a = {0};
    struct buf base;
    struct buf out;
    struct buf again;

    buf_init(&base, LIMIT_REQUEST);
    buf_init(&out, LIMIT_REQUEST);
    buf_init(&again, LIMIT_REQUEST);
    if (c->base != NULL) {
        print_case(c->base, "the base case", &a, &base);
    }
    print_case(c->change, c->name, &a, &out);
    ok(golden_case(c->name, "plan.json", c->base != NULL ? buf_str(&base) : str_n(NULL, 0),
                   buf_str(&out)),
       "%s: is as before", c->name);
    print_case(c->change, c->name, &a, &again);
    ok(str_cmp(buf_str(&out), buf_str(&again)) == 0, "%s: same input, same bytes", c->name);
    ok(!str_contains(buf_str(&out), "refreshToken"), "%s: no secret", c->name);
    buf_release(&base);
    buf_release(&out);
    buf_release(&again);
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
