/* SPDX-License-Identifier: MIT */
/* The messages of `cco image pull`. test_registry_login.c and test_session_image.c test logins
 * and refusals. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

static void vanishing(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/images/", FAKE_JSON("404 Not Found", "{}"), false},
        {"POST /v1.41/images/create", FAKE_JSON("200 OK", "{}"), false},
        FAKE_END};
    struct fake f;

    cli_engine(&f, rules);
    is_int(cli("image", "pull", "x", NULL), 125,
           "it is an error if the engine does not have the image afterwards");
    ok(cli_err("does not have the image"), "the message says that the image is missing");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    vanishing();
    tmpdir_remove();
    return done_testing();
}
