/* SPDX-License-Identifier: MIT */
/* Compares the printed plans of all cases of tests/plan.h with the files
 * tests/plan/CASE/plan.json and plan.json.diff (golden.h). Every file of the room plan takes
 * part in these plans. */
#ifndef TESTS_PLAN_GOLDEN_H
#define TESTS_PLAN_GOLDEN_H

#include "golden.h"
#include "plan.h"
#include "unit/tap.h"

/* Adds the printed plan of a case to `out`. */
static void plan_print_case(void (*change)(struct opts *o, struct facts *f, struct arena *a),
                            const char *name, struct buf *out)
{
    struct planned t;

    planned_init(&t, change);
    ok(planned_build(&t) == 0, "%s: the plan is built %s", name, t.e.text);
    ok(plan_check(&t.p, &t.f, &t.e) == 0, "%s: the plan keeps the invariants %s", name,
       t.e.text);
    ok(plan_print(&t.p, &t.f, out, &t.e) == 0, "%s: the plan is printed", name);
    planned_release(&t);
}

static void plan_golden(const struct plan_case *c)
{
    struct buf base;
    struct buf out;
    struct buf again;

    buf_init(&base, LIMIT_REQUEST);
    buf_init(&out, LIMIT_REQUEST);
    buf_init(&again, LIMIT_REQUEST);
    if (c->base != NULL) {
        plan_print_case(c->base, "the base case", &base);
    }
    plan_print_case(c->change, c->name, &out);
    ok(golden_case(c->name, "plan.json", c->base != NULL ? buf_str(&base) : str_n(NULL, 0),
                   buf_str(&out)),
       "%s: the printed plan is that of the golden file", c->name);
    plan_print_case(c->change, c->name, &again);
    ok(str_cmp(buf_str(&out), buf_str(&again)) == 0, "%s: the same input gives the same bytes",
       c->name);
    ok(!str_contains(buf_str(&out), "refreshToken"), "%s: the plan contains no refresh token",
       c->name);
    buf_release(&base);
    buf_release(&out);
    buf_release(&again);
}

static void plan_goldens(void)
{
    for (size_t i = 0; i < sizeof(plan_cases) / sizeof(plan_cases[0]); i++) {
        plan_golden(&plan_cases[i]);
    }
    for (size_t i = 0; i < sizeof(native_cases) / sizeof(native_cases[0]); i++) {
        plan_golden(&native_cases[i]);
    }
}

#endif
