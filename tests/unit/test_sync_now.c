/* SPDX-License-Identifier: MIT */
/* `cco sync` if there is nothing to do. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

static struct fake f;

static void an_engine_that_sees_the_files_needs_no_sync(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/volumes?filters=", FAKE_JSON("200 OK", "{\"Volumes\":null}"), false},
        CLI_NO_CONTAINERS,
        FAKE_END};

    cli_engine(&f, rules);
    is_int(cli("sync", NULL), 0, "the command succeeds");
    ok(cli_err("there is nothing to synchronize"),
       "a message says that there is nothing to do");
    is_int(cli("sync", "--json", NULL), 0, "with --json");
    ok(cli_out("\"conflicts\": []") && cli_out("\"created\": 0"),
       "a report without changes is printed");
    ok(cli("sync", "x", NULL) == 2 && cli("sync", "--all", NULL) == 2,
       "words and other options are refused");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    (void)signal(SIGPIPE, SIG_IGN);
    an_engine_that_sees_the_files_needs_no_sync();
    tmpdir_remove();
    return done_testing();
}
