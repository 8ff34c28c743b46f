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

static void login_is_sent_and_not_shown(void)
{
    struct fake f;

    cli_engine(&f, rules);
    is_int(cli("image", "pull", "reg.example/a:1", NULL), 0,
           "an image is pulled without a login");
    ok(cli_out("reg.example/a:1  sha256:77"), "the name and id of the image are printed");
    ok(!fake_saw(&f, "X-Registry-Auth"), "no login is sent");
    docker_config("{\"auths\":{\"reg.example\":{\"auth\":\"dTpw\"}}}");
    is_int(cli("image", "pull", "reg.example/a:1", NULL), 0, "an image is pulled with a login");
    ok(fake_saw(&f, "X-Registry-Auth: eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAi"),
       "the login is sent");
    ok(!cli_out("dTpw") && strstr(get_file(in_tmp("err")), "dTpw") == NULL,
       "the login is not shown");
    docker_config("{\"credsStore\":\"nowhere\"}");
    is_int(cli("image", "pull", "reg.example/a:1", NULL), 0,
           "an image is pulled if the credential helper does not exist");
    ok(cli_err("docker-credential-nowhere is not in PATH"),
       "a warning names the missing helper");
    docker_config("{");
    is_int(cli("image", "pull", "reg.example/a:1", NULL), 0,
           "an image is pulled if Docker's configuration is broken");
    ok(cli_err("config.json"), "a warning names the broken file");
    (void)unlink(in_tmp("home/.docker/config.json"));
    put_file(in_tmp("home/project/config.json"),
             "{\"auths\":{\"reg.example\":{\"auth\":\"ZTpl\"}}}");
    ok(symlink("../project/config.json", in_tmp("home/.docker/config.json")) == 0 &&
           cli("image", "pull", "reg.example/a:1", NULL) == 0 &&
           cli_err("where an agent could write"),
       "a configuration that leads through the project is not used");
    (void)unlink(in_tmp("home/.docker/config.json"));
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    login_is_sent_and_not_shown();
    tmpdir_remove();
    return done_testing();
}
