/* SPDX-License-Identifier: MIT */
#include "plan/plan.h"

#include "plan_golden.h"
#include "wire/json.h"

static void logins(void)
{
    static const struct {
        enum login_source source;
        const char *name;
    } all[] = {{LOGIN_NONE, "none"},
               {LOGIN_CLOUD, "cloud"},
               {LOGIN_AUTH_TOKEN, "auth-token"},
               {LOGIN_API_KEY, "api-key"},
               {LOGIN_HELPER, "helper"},
               {LOGIN_OAUTH_TOKEN, "oauth-token"},
               {LOGIN_KEYCHAIN, "keychain"},
               {LOGIN_FILE, "file"}};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct arena a = {0};
        struct opts o = {0};
        struct facts f;
        struct plan p;
        struct err e = {0};
        struct buf out;
        struct json root = {0};

        buf_init(&out, LIMIT_REQUEST);
        plan_facts(&f, &a);
        f.login.source = all[i].source;
        ok(plan_build(&o, &f, &a, &p, &e) == 0 && plan_print(&p, &f, &out, &e) == 0 &&
               json_parse(buf_str(&out), &root, &e) == 0,
           "printed");
        is_str(json_string_dup(json_path(root, "login.source"), &a), all[i].name,
               "the source of the login");
        buf_release(&out);
        arena_release(&a);
    }
}

int main(void)
{
    struct arena a = {0};
    struct opts o = {0};
    struct facts f;
    struct plan p;
    struct err e = {0};
    struct buf out;
    struct json root;
    struct json_iter it;
    struct json v;
    size_t idmapped = 0;

    plan_goldens();
    logins();
    buf_init(&out, LIMIT_REQUEST);
    plan_facts(&f, &a);
    strv_add(&o.env, &a, "API_PASSWORD=hunter2");
    is_int(plan_build(&o, &f, &a, &p, &e), 0, "a plan");
    is_int(plan_print(&p, &f, &out, &e), 0, "printed");
    is_int(json_parse(buf_str(&out), &root, &e), 0, "is JSON");
    ok(!str_contains(buf_str(&out), "hunter2"), "a value of --env is not printed");
    ok(str_contains(buf_str(&out), "API_PASSWORD"), "its name is");
    it = json_iter(json_get(root, "env"));
    while (json_next(&it, NULL, &v)) {
        idmapped += json_get(v, "value").type == JSON_STRING ? 0U : 1U;
    }
    ok(idmapped >= 2, "variables by reference have no value");
    ok(str_ends(buf_str(&out), "}\n"), "a newline ends it");
    it = json_iter(json_get(root, "mounts"));
    while (json_next(&it, NULL, &v)) {
        ok(json_get(v, "why").type == JSON_STRING && json_get(v, "why").raw.len > 5,
           "each mount says why");
    }
    out.max = 100;
    buf_reset(&out);
    ok(plan_print(&p, &f, &out, &e) < 0, "the maximum is kept");
    buf_release(&out);
    arena_release(&a);
    return done_testing();
}
