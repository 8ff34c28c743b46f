/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

#define LIST(state)                                                                            \
    {                                                                                          \
        "GET /v1.41/containers/json",                                                          \
            FAKE_JSON("200 OK", "[{\"Id\":\"ab\",\"Names\":[\"/cco-x-1\"],\"State\":\"" state  \
                                "\",\"Status\":\"s\",\"Labels\":{\"cco.project\":\"/p\"}}]"),  \
            false                                                                              \
    }
#define DELETE_AB                                                                              \
    {                                                                                          \
        "DELETE /v1.41/containers/ab", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", \
            false                                                                              \
    }

int main(void)
{
    static const struct fake_rule dead[] = {
        CLI_PING, CLI_INFO, LIST("exited"), DELETE_AB, {NULL, NULL, false}};
    static const struct fake_rule live[] = {
        CLI_PING, CLI_INFO, LIST("running"), DELETE_AB, {NULL, NULL, false}};
    static const struct fake_rule empty[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/containers/json", FAKE_JSON("200 OK", "[]"), false},
        {NULL, NULL, false}};
    struct fake f;

    cli_setup();
    cli_engine(&f, dead);
    is_int(cli("cleanup", NULL), 0, "a container that ended");
    ok(cli_out("removed container cco-x-1 (/p)") && fake_asked(&f, "DELETE"),
       "is removed, and that is told");
    fake_stop(&f);
    cli_engine(&f, live);
    is_int(cli("cleanup", NULL), 0, "a running one");
    ok(cli_out("left 1 running session alone") && !fake_asked(&f, "DELETE"), "is left alone");
    is_int(cli("cleanup", "--all", NULL), 2, "--all asks, and there is nobody to ask");
    ok(cli_err("--yes") && !fake_asked(&f, "DELETE"), "so nothing happens");
    is_int(cli("cleanup", "--all", "--yes", NULL), 0, "with --yes");
    ok(fake_asked(&f, "DELETE"), "it is stopped and removed");
    fake_stop(&f);
    cli_engine(&f, empty);
    is_int(cli("cleanup", NULL), 0, "nothing there");
    ok(cli_out("nothing to clean up"), "is told");
    (void)mkdir(in_tmp("run/cco"), 0700);
    (void)mkdir(in_tmp("run/cco/cco-dead-1"), 0700);
    put_file(in_tmp("run/cco/cco-dead-1/boot"), "x");
    put_file(in_tmp("run/cco/cco-dead-1.lock"), "");
    is_int(cli("cleanup", NULL), 0, "what a killed session left");
    ok(cli_out("removed private copies of cco-dead-1") &&
           !file_exists(in_tmp("run/cco/cco-dead-1")),
       "is removed");
    fake_stop(&f);
    tmpdir_remove();
    return done_testing();
}
