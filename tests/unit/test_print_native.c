/* SPDX-License-Identifier: MIT */
/* Tests the part of a printed plan that a native sandbox has in place of an image. test_plan.c
 * tests whole plans. */
#include "plan/print.h"

#include "plan_golden.h"

/* The plan of the last call of printed(). */
static struct planned t;

static const char *printed(const struct plan_case *c, bool landlock_only)
{
    struct json_w w;

    planned_release(&t);
    planned_init(&t, c->change);
    ok(planned_build(&t) == 0 && (t.p.kind == SANDBOX_LANDLOCK_ONLY) == landlock_only,
       "%s is planned", c->name);
    json_w_init(&w, &t.out, 0);
    json_w_object(&w);
    print_native(&w, &t.p);
    json_w_end(&w);
    ok(json_done(&w) == 0, "the member \"native\" is printed");
    return buf_c(&t.out);
}

static bool has(const char *text, const char *part)
{
    bool found = strstr(text, part) != NULL;

    if (!found) {
        (void)printf("#   not in %s\n", text);
    }
    return found;
}

int main(void)
{
    const char *text = printed(&native_cases[0], false);

    plan_goldens();
    ok(has(text, "\"namespaces\":[\"user\",\"mount\",\"pid\",\"ipc\",\"uts\",\"cgroup\"]"),
       "the namespaces do not include the network");
    ok(has(text, "\"claude\":\"/home/ann/.local/bin/claude\""),
       "the path of claude is printed");
    text = printed(&native_cases[1], false);
    ok(has(text, "\"hidden\":[\"/etc/shadow\",\"/etc/ssl/private\"]"),
       "hidden paths are printed");
    ok(has(text, "no Docker engine found"), "the reason why no engine is used is printed");
    text = printed(&native_cases[2], false);
    ok(has(text, "\"net\"]") && has(text, "\"landlock\":false") &&
           has(text, "\"subuids\":[{\"first\":100000,\"count\":65536}]") &&
           has(text, "\"idmapped\":true"),
       "a network namespace, user namespaces and ranges of ids are printed");
    text = printed(&native_cases[4], true);
    ok(has(text, "\"namespaces\":[]") && has(text, "max_user_namespaces"),
       "the reason why there are no namespaces is printed");
    planned_release(&t);
    return done_testing();
}
