/* SPDX-License-Identifier: MIT */
/* `cco attach` and `cco stop` without a session. The end-to-end tests use real sessions. */
#include "cli.h"
#include "tap.h"

int main(void)
{
    cli_setup();
    is_int(cli("attach", NULL), 125, "attach fails if no session runs");
    ok(cli_err("no session is running"), "the message says that no session runs");
    is_int(cli("attach", "x", NULL), 125, "attach fails if no session has the name");
    ok(cli_err("no session is called x"), "the message has the name");
    is_int(cli("stop", "x", NULL), 125, "stop fails if no session has the name");
    is_int(cli("stop", "x", "y", NULL), 125, "stop accepts several names");
    is_int(cli("rm", "x", NULL), 125, "rm is stop");
    ok(cli_err("no session is called x"), "and looks for a session, too");
    is_int(cli("stop", NULL), 125, "stop fails if the project has no session");
    is_int(cli("stop", "--all", NULL), 0, "stop --all succeeds without a session");
    ok(cli_err("no session is running"), "and says that none runs");
    is_int(cli("stop", "--all", "x", NULL), 2, "--all and a name together are refused");
    is_int(cli("attach", "a", "b", NULL), 2, "attach refuses a second name");
    is_int(cli("attach", "--read-only", "--wait", NULL), 2,
           "--read-only and --wait together are refused");
    is_int(cli("attach", "--detach-keys", "nonsense", NULL), 2, "bad detach keys are refused");
    tmpdir_remove();
    return done_testing();
}
