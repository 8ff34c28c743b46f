/* SPDX-License-Identifier: MIT */
#include "plan/missing.h"

#include "plan.h"
#include "tap.h"

#include <string.h>

static void a_cause_is_listed_once(void)
{
    struct arena a = {0};
    struct missing m = {0};

    missing_add(&m, &a, "one", "first text");
    missing_add(&m, &a, "two", "second text");
    missing_add(&m, &a, "one", "third text");
    is_int((int)m.count, 2, "each cause is in the list once");
    is_str(m.list[0].text, "first text", "the first text stays");
    for (int i = 0; i < 2 * MISSING_MAX; i++) {
        missing_add(&m, &a, arena_printf(&a, "cause %d", i), "x");
    }
    is_int((int)m.count, MISSING_MAX, "the list has a maximum");
    arena_release(&a);
}

static void plans_have_the_items_of_the_facts(void)
{
    struct planned t;

    planned_init(&t, NULL);
    missing_add(&t.f.missing, &t.arena, "tool x", "x is missing inside");
    ok(planned_build(&t) == 0, "the plan is built %s", t.e.text);
    ok(t.p.missing.count == 1 && strcmp(t.p.missing.list[0].text, "x is missing inside") == 0,
       "the plan has the item of the facts");
    ok(plan_print(&t.p, &t.f, &t.out, &t.e) == 0 &&
           strstr(buf_c(&t.out), "\"cause\": \"tool x\"") != NULL,
       "it is printed");
    planned_release(&t);
}

int main(void)
{
    a_cause_is_listed_once();
    plans_have_the_items_of_the_facts();
    return done_testing();
}
