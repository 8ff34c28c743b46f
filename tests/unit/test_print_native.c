/* SPDX-License-Identifier: MIT */
/* What stands for an image in the plan as JSON; whole plans: test_plan.c. */
#include "plan/print.h"

#include "plan_golden.h"

/* What the last call of printed() has made. */
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
    ok(json_done(&w) == 0, "and printed");
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
       "no network of its own");
    ok(has(text, "\"claude\":\"/home/ann/.local/bin/claude\""), "which claude");
    text = printed(&native_cases[1], false);
    ok(has(text, "\"hidden\":[\"/etc/shadow\",\"/etc/ssl/private\"]"), "what is hidden");
    ok(has(text, "no Docker engine found"), "why there is no engine");
    text = printed(&native_cases[2], false);
    ok(has(text, "\"net\"]") && has(text, "\"landlock\":false") &&
           has(text, "\"subuids\":[{\"first\":100000,\"count\":65536}]") &&
           has(text, "\"idmapped\":true"),
       "a network, namespaces inside, ranges of ids");
    text = printed(&native_cases[4], true);
    ok(has(text, "\"namespaces\":[]") && has(text, "max_user_namespaces"),
       "no namespaces, and why");
    planned_release(&t);
    return done_testing();
}
