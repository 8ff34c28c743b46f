/* SPDX-License-Identifier: MIT */
/* A synchronization that is not possible. Others: tests/e2e/test_remote.py and
 * test_remote_lost.py. */
#include "session/remote_sync.h"

#include "cli.h"
#include "tap.h"

static struct fake f;

static void sync_needs_the_image(void)
{
    static char volumes[512];
    const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        CLI_NO_CONTAINERS,
        {"GET /v1.41/volumes?filters=", volumes, false},
        {"GET /v1.41/images/debian%3A13/json",
         FAKE_JSON("404 Not Found", "{\"message\":\"No such image\"}"), false},
        FAKE_END};

    (void)snprintf(volumes, sizeof(volumes),
                   FAKE_JSON("200 OK", "{\"Volumes\":[{\"Name\":\"cco-p\",\"Labels\":{\"cco."
                                       "mark\":\"1\",\"cco.project\":\"%s\"}}]}"),
                   in_tmp("home/project"));
    cli_engine(&f, rules);
    is_int(cli("sync", "--image", "debian:13", NULL), 125,
           "cco sync fails if the image is missing");
    ok(cli_err("cco sync --image REF"), "the hint names the option that helps");
    ok(!fake_saw(&f, "\nPOST /v1.41/containers"), "no container is made");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    (void)signal(SIGPIPE, SIG_IGN);
    sync_needs_the_image();
    tmpdir_remove();
    return done_testing();
}
