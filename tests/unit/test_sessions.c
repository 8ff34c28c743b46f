/* SPDX-License-Identifier: MIT */
/* `cco sessions` with and without an engine. */
#include "session/sessions.h"

#include "cli.h"
#include "tap.h"

#define LIST(body)                                                                             \
    {                                                                                          \
        "GET /v1.41/containers/json", FAKE_JSON("200 OK", body), false                         \
    }

static void listing(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING, CLI_INFO,
        LIST("[{\"Id\":\"c1\",\"Names\":[\"/cco-x-1\"],\"State\":\"running\",\"Created\":7,"
             "\"Labels\":{\"cco.project\":\"/lost\"}},"
             "{\"Id\":\"c2\",\"Names\":[\"/cco-x-2\"],\"State\":\"exited\",\"Labels\":{}}]"),
        FAKE_END};
    struct fake f;

    is_int(cli("sessions", NULL), 0, "without a session");
    ok(cli_err("no session is running") && !cli_out("NAME"), "a message says so");
    is_int(cli("sessions", "--json", NULL), 0, "with --json");
    ok(cli_out("[]"), "the list is empty");
    (void)mkdir(in_tmp("run/cco"), 0700);
    put_file(in_tmp("run/cco/cco-x-1.lock"), "");
    put_file(in_tmp("run/cco/cco-x-2.lock"), "");
    is_int(cli("sessions", NULL), 0, "sessions without a process, and no engine");
    ok(cli_err("no engine answers"), "a warning says that they are not listed");
    cli_engine(&f, rules);
    is_int(cli("sessions", "--json", NULL), 0, "with an engine");
    ok(cli_out("\"orphaned\"") && cli_out("/lost") && !cli_out("cco-x-2"),
       "the sessions whose containers run are listed");
    is_int(cli("sessions", "x", NULL), 2, "an argument is refused");
    fake_stop(&f);
    (void)unlink(in_tmp("run/cco/cco-x-1.lock"));
    (void)unlink(in_tmp("run/cco/cco-x-2.lock"));
    (void)rmdir(in_tmp("run/cco"));
}

int main(void)
{
    cli_setup();
    listing();
    tmpdir_remove();
    return done_testing();
}
