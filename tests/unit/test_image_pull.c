/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

#define IMAGE FAKE_JSON("200 OK", "{\"Id\":\"sha256:77\",\"Config\":{}}")
#define END                                                                                    \
    {                                                                                          \
        NULL, NULL, false                                                                      \
    }

static const struct fake_rule good[] = {
    CLI_PING,
    CLI_INFO,
    {"GET /v1.41/images/reg.example%2Fa%3A1/json", IMAGE, false},
    {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{}"), false},
    {"POST /v1.41/images/create?fromImage=reg.example%2Fa&tag=1 ",
     FAKE_JSON("200 OK", "{\"status\":\"done\"}"), false},
    {"POST /v1.41/images/create?fromImage=far.example%2Fa&tag=1 ",
     FAKE_JSON("500 Internal Server Error",
               "{\"message\":\"dial tcp: lookup far.example: no such host\"}"),
     false},
    {"POST /v1.41/images/create?fromImage=reg.example%2Fa&tag=2 ",
     FAKE_JSON("404 Not Found",
               "{\"message\":\"manifest for a:2 not found: manifest unknown\"}"),
     false},
    {"POST /v1.41/images/create?fromImage=reg.example%2Farm&tag=latest ",
     FAKE_JSON("200 OK", "{\"error\":\"no matching manifest for linux/amd64\"}"), false},
    {"POST /v1.41/images/create?fromImage=Reg",
     FAKE_JSON("400 Bad Request",
               "{\"message\":\"invalid reference format: repository name must be lowercase\"}"),
     false},
    {"POST /v1.41/images/create",
     FAKE_JSON("404 Not Found", "{\"message\":\"pull access denied\"}"), false},
    END};

static void docker_config(const char *text)
{
    (void)mkdir(in_tmp("home/.docker"), 0700);
    (void)unlink(in_tmp("home/.docker/config.json"));
    put_file(in_tmp("home/.docker/config.json"), text);
}

static void logins(void)
{
    struct fake f;

    cli_engine(&f, good);
    is_int(cli("image", "pull", "reg.example/a:1", NULL), 0, "without a login");
    ok(cli_out("reg.example/a:1  sha256:77"), "it tells what came");
    ok(!fake_saw(&f, "X-Registry-Auth"), "none is sent");
    docker_config("{\"auths\":{\"reg.example\":{\"auth\":\"dTpw\"}}}");
    is_int(cli("image", "pull", "reg.example/a:1", NULL), 0, "with one");
    ok(fake_saw(&f, "X-Registry-Auth: eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAi"), "it is sent");
    ok(!cli_out("dTpw") && strstr(get_file(in_tmp("err")), "dTpw") == NULL, "and not shown");
    docker_config("{\"credsStore\":\"nowhere\"}");
    is_int(cli("image", "pull", "reg.example/a:1", NULL), 0, "a helper that is not there");
    ok(cli_err("docker-credential-nowhere is not in PATH"), "is told, and it is tried without");
    docker_config("{");
    is_int(cli("image", "pull", "reg.example/a:1", NULL), 0, "a broken file");
    ok(cli_err("config.json"), "is told too");
    (void)unlink(in_tmp("home/.docker/config.json"));
    put_file(in_tmp("home/project/config.json"),
             "{\"auths\":{\"reg.example\":{\"auth\":\"ZTpl\"}}}");
    ok(symlink("../project/config.json", in_tmp("home/.docker/config.json")) == 0 &&
           cli("image", "pull", "reg.example/a:1", NULL) == 0 &&
           cli_err("leads through the project"),
       "a file that an agent may have planted is not used");
    (void)unlink(in_tmp("home/.docker/config.json"));
    fake_stop(&f);
}

static void refused(void)
{
    static const struct fake_rule vanishing[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{}"), false},
        {"POST /v1.41/images/create", FAKE_JSON("200 OK", "{}"), false},
        END};
    struct fake f;

    cli_engine(&f, good);
    is_int(cli("image", "pull", "ghcr.io/private", NULL), 125, "one that needs a login");
    ok(cli_err("pull access denied") && cli_err("docker login ghcr.io"), "says how");
    is_int(cli("image", "pull", "far.example/a:1", NULL), 125,
           "a registry that is out of reach");
    ok(cli_err("no such host") && cli_err("must reach the registry"), "what to look at");
    is_int(cli("image", "pull", "reg.example/a:2", NULL), 125, "a tag that is not there");
    ok(cli_err("has no such tag"), "what to look at");
    is_int(cli("image", "pull", "reg.example/arm", NULL), 125, "one for other processors");
    ok(cli_err("other processors"), "what to look at");
    is_int(cli("image", "pull", "Reg", NULL), 125, "what is no name");
    ok(cli_err("in lower case"), "what to look at");
    fake_stop(&f);
    cli_engine(&f, vanishing);
    is_int(cli("image", "pull", "x", NULL), 125, "an engine that does not have it then");
    ok(cli_err("does not have it"), "is told");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    logins();
    refused();
    tmpdir_remove();
    return done_testing();
}
