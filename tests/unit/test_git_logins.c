/* SPDX-License-Identifier: MIT */
/* Tests what is found in the environment, and what the plan makes of it. */
#include "host/git_logins.h"

#include "plan.h"
#include "tap.h"

#include <string.h>

static struct arena arena;

static bool is_found(const char *key, const char *value)
{
    char *env[] = {arena_printf(&arena, "GIT_CONFIG_KEY_7=%s", key),
                   arena_printf(&arena, "GIT_CONFIG_VALUE_7=%s", value), NULL};
    struct facts f = {0};

    git_logins_probe(env, &arena, &f);
    return f.git_logins.count == 2 && strcmp(f.git_logins.v[0], "7") == 0 &&
           strstr(f.git_logins.v[1], "TOKEN") == NULL;
}

static void settings_with_logins_are_found(void)
{
    static const char *const with[][2] = {
        {"http.https://github.com/.extraheader", "AUTHORIZATION: basic TOKEN"},
        {"HTTP.ExtraHeader", "x"},
        {"http.cookieFile", "/x"},
        {"http.proxy", "ann:TOKEN@proxy:8080"},
        {"remote.origin.proxy", "http://ann@proxy"},
        {"credential.helper", "!echo password=TOKEN"},
        {"credential.https://x.example.username", "ann"},
        {"url.https://TOKEN@github.com/.insteadOf", "https://github.com/"},
        {"remote.origin.url", "https://x:TOKEN@github.com/a"},
        {"url.ssh://ann:TOKEN@h/.insteadOf", "x"},
        {"sendemail.smtpPass", "TOKEN"},
    };
    static const char *const without[][2] = {
        {"user.name", "Ann"},
        {"user.email", "ann@example.org"},
        {"http.proxy", "http://proxy:8080"},
        {"http.sslVerify", "false"},
        {"url.ssh://git@github.com/.insteadOf", "https://github.com/"},
        {"url.git@github.com:.insteadOf", "https://github.com/"},
        {"safe.directory", "*"},
        {"nothing", "x"},
        {"", ""},
    };

    for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
        ok(is_found(with[i][0], with[i][1]), "%s is found", with[i][0]);
    }
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
        ok(!is_found(without[i][0], without[i][1]), "'%s' is not", without[i][0]);
    }
}

static const struct plan_var *var(const struct planned *t, const char *name)
{
    for (size_t i = 0; i < t->p.env.count; i++) {
        if (strcmp(t->p.env.vars[i].name, name) == 0) {
            return &t->p.env.vars[i];
        }
    }
    return NULL;
}

static void plan_has(struct planned *t, bool option)
{
    static const char *const names[] = {"GIT_CONFIG_COUNT",   "GIT_CONFIG_KEY_0",
                                        "GIT_CONFIG_KEY_1",   "GIT_CONFIG_VALUE_0",
                                        "GIT_CONFIG_VALUE_1", "GIT_CONFIG_VALUE_2"};

    planned_init(t, NULL);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        strv_add(&t->f.env_names, &t->arena, names[i]);
    }
    strv_add(&t->f.git_logins, &t->arena, "0");
    strv_add(&t->f.git_logins, &t->arena, "http.extraheader");
    if (option) {
        strv_add(&t->o.env, &t->arena, "GIT_CONFIG_KEY_0");
        strv_add(&t->o.env, &t->arena, "GIT_CONFIG_VALUE_0");
    }
    ok(planned_build(t) == 0 && plan_check(&t->p, &t->f, &t->e) == 0, "the plan is built %s",
       t->e.text);
}

static void logins_stay_outside(void)
{
    struct planned t;

    plan_has(&t, false);
    ok(var(&t, "GIT_CONFIG_VALUE_0")->from == ENV_FIXED &&
           strcmp(var(&t, "GIT_CONFIG_VALUE_0")->value, "") == 0 &&
           strcmp(var(&t, "GIT_CONFIG_KEY_0")->value, "cco.leftout") == 0,
       "a harmless setting takes the number of the login");
    ok(var(&t, "GIT_CONFIG_COUNT")->from == ENV_HOST &&
           var(&t, "GIT_CONFIG_VALUE_1")->from == ENV_HOST,
       "other settings pass");
    ok(var(&t, "GIT_CONFIG_VALUE_2") == NULL, "a value without a key does not");
    is_int((int)t.p.missing.count, 1, "there is one line");
    is_str(t.p.missing.list[0].text,
           "settings of git in the environment that can contain a password are missing inside: "
           "http.extraheader. To pass it: --env GIT_CONFIG_KEY_0 --env GIT_CONFIG_VALUE_0",
           "which names the options");
    planned_release(&t);
    plan_has(&t, true);
    ok(var(&t, "GIT_CONFIG_VALUE_0")->from == ENV_HOST &&
           var(&t, "GIT_CONFIG_KEY_0")->from == ENV_HOST && t.p.missing.count == 0,
       "--env brings the login");
    planned_release(&t);
}

int main(void)
{
    settings_with_logins_are_found();
    logins_stay_outside();
    arena_release(&arena);
    return done_testing();
}
