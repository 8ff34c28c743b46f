/* SPDX-License-Identifier: MIT */
/* `cco sync` where there is nothing to do, or no way to do it. Transfers: tests/e2e/test_init_line.py. */
#include "cli.h"
#include "tap.h"

static struct fake f;

#define VOLUMES(list)                                                                          \
    {                                                                                          \
        "GET /v1.41/volumes?filters=", FAKE_JSON("200 OK", "{\"Volumes\":" list "}"), false    \
    }
#define NO_CONTAINERS                                                                          \
    {                                                                                          \
        "GET /v1.41/containers/json", FAKE_JSON("200 OK", "[]"), false                         \
    }

static void nothing(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING, CLI_INFO, VOLUMES("null"), NO_CONTAINERS, {NULL, NULL, false}};

    cli_engine(&f, rules);
    is_int(cli("sync", NULL), 0, "an engine that sees the files");
    ok(cli_err("nothing is to be brought here"), "has nothing to bring");
    is_int(cli("sync", "--json", NULL), 0, "for machines");
    ok(cli_out("\"conflicts\": []") && cli_out("\"created\": 0"),
       "it is a report as any other");
    ok(cli("sync", "x", NULL) == 2 && cli("sync", "--all", NULL) == 2, "words are none of its");
    fake_stop(&f);
}

static void without_image(void)
{
    static char volumes[512];
    const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        NO_CONTAINERS,
        {"GET /v1.41/volumes?filters=", volumes, false},
        {"GET /v1.41/images/debian%3A13/json",
         FAKE_JSON("404 Not Found", "{\"message\":\"No such image\"}"), false},
        {NULL, NULL, false}};

    (void)snprintf(volumes, sizeof(volumes),
                   FAKE_JSON("200 OK", "{\"Volumes\":[{\"Name\":\"cco-p\",\"Labels\":{\"cco."
                                       "mark\":\"1\",\"cco.project\":\"%s\"}}]}"),
                   in_tmp("home/project"));
    cli_engine(&f, rules);
    is_int(cli("sync", "--image", "debian:13", NULL), 125, "an image that is not there");
    ok(cli_err("--image REF takes any image"), "it is said what helps");
    ok(!fake_saw(&f, "\nPOST /v1.41/containers"), "nothing was made");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    (void)signal(SIGPIPE, SIG_IGN);
    nothing();
    without_image();
    tmpdir_remove();
    return done_testing();
}
