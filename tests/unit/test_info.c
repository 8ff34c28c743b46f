/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"
#include "wire/json.h"

int main(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{\"message\":\"no such image\"}"),
         false},
        {NULL, NULL, false}};
    struct fake f;
    struct json root = {0};
    struct err e = {0};

    cli_setup();
    is_int(cli("info", NULL), 1, "without an engine: not ready");
    ok(cli_out("/nowhere/docker.sock"), "says what is missing");
    cli_engine(&f, rules);
    is_int(cli("info", NULL), 0, "with one: ready");
    ok(cli_out("Docker 20.10.24") && cli_out("not built yet") && cli_out("ANTHROPIC_API_KEY"),
       "what is there");
    ok(!cli_out(cli_secret()), "no secret");
    is_int(cli("info", "--json", NULL), 0, "for machines");
    ok(json_parse(str_c(get_file(in_tmp("out"))), &root, &e) == 0, "as JSON %s", e.text);
    ok(json_true(json_get(root, "ready")) && json_true(json_path(root, "engine.ready")),
       "with the same answer");
    fake_stop(&f);
    tmpdir_remove();
    return done_testing();
}
