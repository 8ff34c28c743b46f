/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "plan.h"
#include "tap.h"

#include <string.h>

static struct planned t;
static enum opts_network network;

static const struct plan_copy *copy_at(const char *target)
{
    for (size_t i = 0; i < t.p.files.copy_count; i++) {
        if (strcmp(t.p.files.copies[i].target, target) == 0) {
            return &t.p.files.copies[i];
        }
    }
    return NULL;
}

static bool shares; /* whether an option shares the directory /home/ann/keys */

static void plan_cloud(struct fact_cloud cloud)
{
    static struct opts_path shared = {
        .path = "/home/ann/keys", .access = ACCESS_WRITE, .option = "--add-dir"};
    static struct fact_option_path shown = {.target = "/home/ann/keys",
                                            .physical = "/home/ann/keys",
                                            .type = FACT_DIR,
                                            .id = "1:2"};

    planned_release(&t);
    planned_init(&t, NULL);
    t.f.login = (struct fact_login){.source = LOGIN_CLOUD,
                                    .variable = "CLAUDE_CODE_USE_BEDROCK",
                                    .detail = "CLAUDE_CODE_USE_BEDROCK"};
    t.f.cloud = cloud;
    t.o.network = network;
    t.o.paths = &shared;
    t.f.option_paths = &shown;
    t.o.path_count = t.f.option_path_count = shares ? 1 : 0;
    strv_add(&t.f.env_names, &t.arena, "AWS_PROFILE");
    ok(planned_build(&t) == 0 && plan_check(&t.p, &t.f, &t.e) == 0, "the plan is built %s",
       t.e.text);
}

static bool passes(const char *name)
{
    for (size_t i = 0; i < t.p.env.count; i++) {
        if (strcmp(t.p.env.vars[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

int main(void)
{
    const struct fact_path config = {"/home/ann/.aws/config", "/home/ann/.aws/config",
                                     FACT_FILE};
    const struct fact_path token = {"/home/ann/.aws/sso/cache/ab.json",
                                    "/home/ann/.aws/sso/cache/ab.json", FACT_FILE};
    const struct plan_copy *c;

    planned_init(&t, NULL);
    plan_cloud((struct fact_cloud){.profiles = "work\nbase", .aws_config = config});
    c = copy_at("/home/ann/.aws/config");
    ok(c != NULL && c->kind == COPY_AWS && c->by_init && c->mode == 0600 &&
           strcmp(c->text, "work\nbase") == 0,
       "the profiles of a file are copied");
    ok(copy_at("/home/ann/.aws/credentials") == NULL, "a missing file is not");
    ok(passes("AWS_PROFILE"), "the variable passes");
    plan_cloud((struct fact_cloud){
        .profiles = "work", .aws_config = config, .why = "it runs a program", .next = "Do x"});
    ok(copy_at("/home/ann/.aws/config") == NULL && t.p.missing.count == 1 &&
           strstr(t.p.missing.list[0].text, "it runs a program") != NULL &&
           !passes("AWS_PROFILE"),
       "a login that does not work inside is a line");
    plan_cloud((struct fact_cloud){
        .profiles = "work", .aws_config = config, .aws_token = token, .token_is_sso = true});
    c = copy_at("/home/ann/.aws/sso/cache/ab.json");
    ok(c != NULL && c->kind == COPY_SSO_TOKEN && c->by_init && c->mode == 0600,
       "a token of SSO is a copy of its own kind");
    plan_cloud((struct fact_cloud){.profiles = "work", .aws_token = config});
    c = copy_at("/home/ann/.aws/config");
    ok(c != NULL && c->kind == COPY_FILE && c->text == NULL,
       "a token of a web identity is copied to its own path");
    plan_cloud((struct fact_cloud){.google = config, .google_at = "/home/ann/g.json"});
    c = copy_at("/home/ann/g.json");
    ok(c != NULL && c->kind == COPY_FILE && c->by_init, "a file of Google Cloud is copied");
    shares = true;
    plan_cloud((struct fact_cloud){.google = config, .google_at = "/home/ann/keys/g.json"});
    ok(copy_at("/home/ann/keys/g.json") == NULL,
       "init does not write into a directory that an option shares");
    plan_cloud((struct fact_cloud){.google = config, .google_at = "/home/ann/g.json"});
    ok(copy_at("/home/ann/g.json") != NULL, "another place is no matter");
    shares = false;
    plan_cloud((struct fact_cloud){.by_machine = true});
    ok(t.p.network.mode == PLAN_NET_HOST && t.p.missing.count == 0,
       "the role of the machine works with its network");
    network = NETWORK_BRIDGE;
    plan_cloud((struct fact_cloud){.by_machine = true});
    ok(t.p.missing.count == 1 && strstr(t.p.missing.list[0].text, "--network host") != NULL,
       "with another network it is a line");
    planned_release(&t);
    return done_testing();
}
