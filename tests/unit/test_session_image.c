/* SPDX-License-Identifier: MIT */
/* Images that cannot be pulled. */
#include "session/session_image.h"

#include "cli.h"
#include "tap.h"

static const struct fake_rule rules[] = {
    CLI_PING,
    CLI_INFO,
    {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{}"), false},
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
    FAKE_END};

static void refused(void)
{
    struct fake f;

    cli_engine(&f, rules);
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
}

int main(void)
{
    cli_setup();
    refused();
    tmpdir_remove();
    return done_testing();
}
