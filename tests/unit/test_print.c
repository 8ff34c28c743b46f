/* SPDX-License-Identifier: MIT */
#include "plan/plan.h"

#include "plan_golden.h"
#include "wire/json.h"

static void source_of_the_login_is_printed(void)
{
    static const struct {
        enum login_source source;
        const char *name;
    } all[] = {{LOGIN_NONE, "none"},
               {LOGIN_CLOUD, "cloud"},
               {LOGIN_AUTH_TOKEN, "auth_token"},
               {LOGIN_API_KEY, "api_key"},
               {LOGIN_HELPER, "helper"},
               {LOGIN_OAUTH_TOKEN, "oauth_token"},
               {LOGIN_KEYCHAIN, "keychain"},
               {LOGIN_FILE, "file"},
               {LOGIN_PRIMARY_KEY, "primary_key"}};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        static struct planned t;
        struct json root = {0};

        planned_init(&t, NULL);
        t.f.login.source = all[i].source;
        ok(planned_build(&t) == 0 && plan_print(&t.p, &t.f, &t.out, &t.e) == 0 &&
               json_parse(buf_str(&t.out), &root, &t.e) == 0,
           "the plan is printed");
        is_str(json_string_dup(json_path(root, "login.source"), &t.arena), all[i].name,
               "the source of the login is printed");
        planned_release(&t);
    }
}

int main(void)
{
    static struct planned t;
    struct json root;
    struct json_iter it;
    struct json v;
    size_t references = 0;

    plan_goldens();
    source_of_the_login_is_printed();
    planned_init(&t, NULL);
    strv_add(&t.o.env, &t.arena, "API_PASSWORD=hunter2");
    is_int(planned_build(&t), 0, "the plan is built");
    is_int(plan_print(&t.p, &t.f, &t.out, &t.e), 0, "the plan is printed");
    is_int(json_parse(buf_str(&t.out), &root, &t.e), 0, "the printed plan is JSON");
    ok(!str_contains(buf_str(&t.out), "hunter2"), "a value of --env is not printed");
    ok(str_contains(buf_str(&t.out), "API_PASSWORD"),
       "the name of a variable of --env is printed");
    it = json_iter(json_get(root, "env"));
    while (json_next(&it, NULL, &v)) {
        references += json_get(v, "value").type == JSON_STRING ? 0U : 1U;
    }
    ok(references >= 2, "variables by reference have no value");
    ok(str_ends(buf_str(&t.out), "}\n"), "the printed plan ends with a newline");
    it = json_iter(json_get(root, "mounts"));
    while (json_next(&it, NULL, &v)) {
        ok(json_get(v, "why").type == JSON_STRING && json_get(v, "why").raw.len > 5,
           "each mount has its reason");
    }
    t.out.max = 100;
    buf_reset(&t.out);
    ok(plan_print(&t.p, &t.f, &t.out, &t.e) < 0,
       "the plan does not exceed the buffer's maximum");
    planned_release(&t);
    return done_testing();
}
