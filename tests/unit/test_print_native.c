/* SPDX-License-Identifier: MIT */
/* What stands for an image in the plan as JSON; whole plans: test_plan.c. */
#include "plan/print.h"

#include "plan_golden.h"

static struct arena arena;

static const char *printed(const struct plan_case *c, bool landlock_only)
{
    struct opts o = {0};
    struct facts f;
    struct plan p;
    struct err e = {0};
    struct json_w w;
    struct buf out;
    const char *text;

    plan_facts(&f, &arena);
    c->change(&o, &f, &arena);
    ok(plan_build(&o, &f, &arena, &p, &e) == 0 &&
           (p.kind == SANDBOX_LANDLOCK_ONLY) == landlock_only,
       "%s is planned", c->name);
    buf_init(&out, LIMIT_REQUEST);
    json_w_init(&w, &out, 0);
    json_w_object(&w);
    print_native(&w, &p);
    json_w_end(&w);
    ok(json_done(&w) == 0, "and printed");
    text = arena_str(&arena, buf_str(&out));
    buf_release(&out);
    return text;
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
    arena_release(&arena);
    return done_testing();
}
