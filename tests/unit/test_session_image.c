/* SPDX-License-Identifier: MIT */
/* Images that cannot be pulled, and the hints. */
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

static void refused_images_have_a_hint(void)
{
    struct fake f;

    cli_engine(&f, rules);
    is_int(cli("image", "pull", "ghcr.io/private", NULL), 125,
           "an image that needs a login cannot be pulled");
    ok(cli_err("pull access denied") && cli_err("docker login ghcr.io"),
       "the hint names docker login");
    is_int(cli("image", "pull", "far.example/a:1", NULL), 125,
           "an image of an unreachable registry cannot be pulled");
    ok(cli_err("no such host") && cli_err("must reach the registry"),
       "the hint names the network");
    is_int(cli("image", "pull", "reg.example/a:2", NULL), 125,
           "a tag that does not exist cannot be pulled");
    ok(cli_err("has no such tag"), "the hint names the tag");
    is_int(cli("image", "pull", "reg.example/arm", NULL), 125,
           "an image for other processors cannot be pulled");
    ok(cli_err("other processors"), "the hint names the processors");
    is_int(cli("image", "pull", "Reg", NULL), 125, "an invalid name cannot be pulled");
    ok(cli_err("in lower case"), "the hint gives the form of names");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    refused_images_have_a_hint();
    tmpdir_remove();
    return done_testing();
}
