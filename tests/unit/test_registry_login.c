/* SPDX-License-Identifier: MIT */
#include "session/registry_login.h"

#include "cli.h"
#include "tap.h"

static const struct fake_rule rules[] = {
    CLI_PING,
    CLI_INFO,
    {"GET /v1.41/images/reg.example%2Fa%3A1/json",
     FAKE_JSON("200 OK", "{\"Id\":\"sha256:77\",\"Config\":{}}"), false},
    {"POST /v1.41/images/create?fromImage=reg.example%2Fa&tag=1 ",
     FAKE_JSON("200 OK", "{\"status\":\"done\"}"), false},
    FAKE_END};

static void docker_config(const char *text)
{
    (void)mkdir(in_tmp("home/.docker"), 0700);
    (void)unlink(in_tmp("home/.docker/config.json"));
    put_file(in_tmp("home/.docker/config.json"), text);
}

static void logins(void)
{
    struct fake f;

    cli_engine(&f, rules);
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

int main(void)
{
    cli_setup();
    logins();
    tmpdir_remove();
    return done_testing();
}
