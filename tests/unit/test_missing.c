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
    is_int((int)m.count, MISSING_MAX + 1, "the list has a maximum");
    is_str(m.list[MISSING_MAX].text, "66 more things are missing inside; this list is full",
           "and says how many items it does not have");
    arena_release(&a);
}

static void guards_come_first(void)
{
    struct arena a = {0};
    struct missing m = {0};
    struct missing copy;

    for (int i = 0; i < MISSING_MAX; i++) {
        missing_add(&m, &a, arena_printf(&a, "cause %d", i), "x");
    }
    copy = missing_copy(&m, &a);
    missing_add_guard(&copy, &a, "guard 1", "one");
    missing_add_guard(&copy, &a, "guard 2", "two");
    missing_add_guard(&copy, &a, "guard 2", "again");
    ok(copy.count == MISSING_MAX + 1 && strcmp(copy.list[0].text, "one") == 0 &&
           strcmp(copy.list[1].text, "two") == 0 &&
           strcmp(copy.list[2].cause, "cause 0") == 0 &&
           strcmp(copy.list[MISSING_MAX - 1].cause, "cause 61") == 0,
       "items about guards are in front, and have room in a full list");
    ok(strncmp(copy.list[MISSING_MAX].text, "2 more things are ", 18) == 0,
       "the last items have none");
    ok(m.count == MISSING_MAX && strcmp(m.list[0].cause, "cause 0") == 0 &&
           strcmp(m.list[MISSING_MAX - 1].cause, "cause 63") == 0,
       "the list of which it is a copy is unchanged");
    for (int i = 3; i <= MISSING_MAX + 1; i++) {
        missing_add_guard(&m, &a, arena_printf(&a, "guard %d", i), "x");
    }
    for (int i = 3; i <= MISSING_MAX + 1; i++) {
        missing_add_guard(&copy, &a, arena_printf(&a, "guard %d", i), "x");
    }
    ok(copy.guards == MISSING_MAX && copy.count == MISSING_MAX + 1 &&
           strcmp(copy.list[MISSING_MAX - 1].cause, "guard 64") == 0 &&
           strncmp(copy.list[MISSING_MAX].text, "65 more", 7) == 0,
       "their number has a maximum as well");
    arena_release(&a);
}

/* A project's names could otherwise print lines that look like those of cco. */
static void an_item_is_one_line(void)
{
    struct arena a = {0};
    struct missing m = {0};

    missing_add(&m, &a, "link a\nb", "a\ncco: all is well\033[2J leads out");
    is_str(m.list[0].text, "a\\x0acco: all is well\\x1b[2J leads out", "the text is escaped");
    is_str(m.list[0].cause, "link a\\x0ab", "the cause, too");
    missing_add(&m, &a, "link a\nb", "again");
    is_int((int)m.count, 1, "the cause is compared in its listed form");
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
    guards_come_first();
    an_item_is_one_line();
    plans_have_the_items_of_the_facts();
    return done_testing();
}
