/* SPDX-License-Identifier: MIT */
#include "session/npm_registry.h"

#include "base/env.h"
#include "tap.h"
#include "tmpdir.h"

#include <unistd.h>

static struct arena arena;
static struct facts facts;

static int find(char *const *env, const char *npmrc, struct npm_registry *r, struct err *e)
{
    struct session_context ctx = {.env = env, .arena = &arena, .facts = &facts};

    err_reset(e);
    npm_registry_release(r);
    put_file(in_tmp(".npmrc"), npmrc);
    return npm_registry_find(&ctx, r, e);
}

static void file_of_the_user_is_read(void)
{
    static char *none[] = {NULL};
    struct npm_registry r = {0};
    struct err e = {0};

    ok(find(none,
            "registry=https://r.example:8443/npm\n//r.example:8443/npm/:_authToken=sesame\n"
            "https-proxy=http://p.example:1\nnoproxy=n.example\ncafile=ca.pem\n",
            &r, &e) == 0,
       "the file is read");
    is_str(r.url.path, "/npm/", "it names the registry");
    is_str(r.shown, "https://r.example:8443/", "messages name only its server");
    ok(r.url.port == 8443 && !npm_registry_is_npms(&r),
       "the address is parsed, and is not npm's");
    is_str(r.authorization.p, "Authorization: Bearer sesame", "it has a login");
    is_str(env_value(r.env, "HTTPS_PROXY"), "http://p.example:1", "it names a proxy");
    is_str(env_value(r.env, "NO_PROXY"), "n.example", "it names hosts without a proxy");
    is_str(r.ca_file, in_tmp("ca.pem"), "a relative file of certificates is in the home");
    ok(find(none, "registry=https://registry.npmjs.org\n//r.example/:_authToken=sesame\n", &r,
            &e) == 0 &&
           npm_registry_is_npms(&r) && r.authorization.len == 0,
       "npm's registry is recognized, and gets no login of another one");
    ok(find(none, "registry=ftp://r.example/\n", &r, &e) < 0 && e.kind == ERR_FORMAT, "%s",
       e.text);
    npm_registry_release(&r);
}

static void variables_are_read(void)
{
    static char registry[] = "npm_config_registry=https://v.example/";
    static char proxy[] = "HTTPS_PROXY=http://e.example:2";
    static char other[300];
    char *env[] = {registry, proxy, NULL, NULL};
    struct npm_registry r = {0};
    struct err e = {0};

    ok(find(env, "registry=https://r.example/\n", &r, &e) == 0, "variables are read");
    is_str(r.shown, "https://v.example/", "a variable is stronger than the file");
    is_str(env_value(r.env, "HTTPS_PROXY"), "http://e.example:2", "the usual proxy counts");
    (void)snprintf(other, sizeof(other), "npm_config_userconfig=%s", in_tmp("other"));
    put_file(in_tmp("other"), "@anthropic-ai:registry=https://o.example/\n");
    env[0] = other;
    ok(find(env, "registry=https://r.example/\n", &r, &e) == 0, "another file is read");
    is_str(r.shown, "https://o.example/", "the variable names the user's file");
    npm_registry_release(&r);
    npm_registry_release(&r);
}

int main(void)
{
    tmpdir_make();
    facts.home = tmpdir;
    facts.state_dir = arena_printf(&arena, "%s/state", tmpdir);
    file_of_the_user_is_read();
    variables_are_read();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
