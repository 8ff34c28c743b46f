/* SPDX-License-Identifier: MIT */
#include "wire/npm_config.h"

#include "tap.h"

#include <stdlib.h>

static char *none[] = {NULL};
static struct arena arena;

static struct npm_config of_file(const char *text, char *const *env)
{
    struct npm_config c = {.scope = "@anthropic-ai"};

    npm_config_file(&c, str_c(text), env, &arena);
    return c;
}

static void registry_is(const char *text, const char *want)
{
    struct npm_config c = of_file(text, none);

    is_str(npm_config_registry(&c, &arena), want, text);
}

static void registries_of_files_are_read(void)
{
    registry_is("", NPM_REGISTRY);
    registry_is("registry=https://r.example/npm", "https://r.example/npm/");
    registry_is("  registry = \"https://r.example/\"  \r\n", "https://r.example/");
    registry_is("registry=https://r.example/ ; the company's", "https://r.example/");
    registry_is("# registry=https://r.example/\n;registry=https://s.example/", NPM_REGISTRY);
    registry_is("@anthropic-ai:registry=https://a.example/\nregistry=https://b.example/",
                "https://a.example/");
    registry_is("@other:registry=https://a.example/", NPM_REGISTRY);
    registry_is("@anthropic-ai-x:registry=https://a.example/", NPM_REGISTRY);
    registry_is("registry=https://a.example/\nregistry=https://b.example/",
                "https://a.example/");
    registry_is("[section]\nregistry=https://a.example/", NPM_REGISTRY);
    registry_is("registry\n=https://a.example/\n", NPM_REGISTRY);
    registry_is("registry=null", NPM_REGISTRY);
}

static void other_values_are_read(void)
{
    static char home[] = "HOME=/home/ann";
    static char port[] = "PORT=8080";
    char *env[] = {home, port, NULL};
    struct npm_config c = of_file("cafile=${HOME}/ca.pem\nhttps-proxy=http://p:${PORT}\n"
                                  "proxy=http://q:${MISSING}\nnoproxy=a.example,b.example\n",
                                  env);

    is_str(c.cafile, "/home/ann/ca.pem", "a variable is replaced");
    is_str(c.https_proxy, "http://p:8080", "the proxy for https is read");
    is_str(c.proxy, "http://q:${MISSING}", "a variable that is not set stays");
    is_str(c.noproxy, "a.example,b.example", "the hosts without a proxy are read");
}

static void variables_win(void)
{
    static char variables[][64] = {
        "NPM_CONFIG_REGISTRY=https://v.example", "npm_config_https_proxy=http://p:1",
        "npm_config_cafile=", "npm_config_=x", "registry=https://w.example"};
    char *env[] = {variables[0], variables[1], variables[2], variables[3], variables[4], NULL};
    struct npm_config c = {.scope = "@anthropic-ai"};

    npm_config_variables(&c, env, &arena);
    npm_config_file(&c, str_c("registry=https://f.example\ncafile=/f.pem"), env, &arena);
    is_str(npm_config_registry(&c, &arena), "https://v.example/", "a variable wins");
    is_str(c.https_proxy, "http://p:1", "the variable of the proxy is read");
    is_str(c.cafile, "/f.pem", "an empty variable does not count");
}

static const char *login(const char *text, const char *address, char *const *env)
{
    static char value[512];
    struct buf out;
    struct url url;
    struct err e = {0};
    bool found;

    if (url_parse_web(str_c(address), &arena, &url, &e) < 0) {
        abort();
    }
    buf_init(&out, 1 << 10);
    found = npm_config_login(str_c(text), env, &url, &out);
    (void)snprintf(value, sizeof(value), "%.*s", (int)out.len, buf_data(&out));
    buf_wipe(&out);
    return found ? value : NULL;
}

static void logins_are_for_their_registry_only(void)
{
    static const char *const text =
        "//r.example/:_authToken=all\n//r.example/npm/:_authToken=\"npm\"\n"
        "//s.example:8443/:_auth=YTpi\n//t.example/x:username=ann\n"
        "//t.example/x:_password=c2VzYW1l\n_authToken=legacy\n";
    static char token[] = "TOKEN=secret";
    static char bad[] = "BAD=a\r\nX: y";
    char *env[] = {token, bad, NULL};

    is_str(login(text, "https://r.example/", none), "Bearer all", "a token for a host");
    is_str(login(text, "https://r.example/npm/", none), "Bearer npm", "the longest place wins");
    is_str(login(text, "https://r.example/npmx/", none), "Bearer all",
           "a place is a whole directory");
    is_str(login(text, "https://s.example:8443/", none), "Basic YTpi", "a port is compared");
    is_str(login(text, "https://s.example/", none), NULL, "another port gets no login");
    is_str(login(text, "https://t.example/x/", none),
           "Basic YW5uOnNlc2FtZQ==", "a user name and a password are sent together");
    is_str(login(text, "https://t.example/", none), NULL, "a directory above gets no login");
    is_str(login(text, "https://xr.example/", none), NULL, "another host gets no login");
    is_str(login("//r.example/:_authToken=${TOKEN}", "https://r.example/", env),
           "Bearer secret", "a token may come from a variable");
    is_str(login("//r.example/:_authToken=${BAD}", "https://r.example/", env), NULL,
           "a token with a line break is refused");
    is_str(login("//r.example/:username=ann\n//r.example/:_password=?", "https://r.example/",
                 none),
           NULL, "a password that is not base64 is refused");
}

int main(void)
{
    registries_of_files_are_read();
    other_values_are_read();
    variables_win();
    logins_are_for_their_registry_only();
    arena_release(&arena);
    return done_testing();
}
