/* SPDX-License-Identifier: MIT */
/* `cco` before there is a session. test_session_run.c has sessions. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

int main(void)
{
    cli_setup();
    cli_more_env = "CCO_LINE=pigeon";
    is_int(cli("shell", "true", NULL), 2, "an unknown value of CCO_LINE is refused");
    ok(cli_err("CCO_LINE=pigeon") && cli_err("expected socket or stream"),
       "the message names it and the accepted values");
    cli_more_env = "CCO_LINE=stream";
    is_int(cli("--image", "small", "shell", "true", NULL), 125,
           "a session fails without an engine");
    is_int(cli("--dry-run", "--image", "small", "shell", "true", NULL), 0, "its plan does not");
    ok(cli_err("the plan assumes a local Docker engine") && cli_out("\"small\""),
       "the plan is printed, with a warning");
    ok(!cli_out(cli_secret()), "it contains no secret");
    ok(access(in_tmp("run/cco"), F_OK) < 0, "no session directory is made");
    is_int(cli("--dry-run", "--engine", "native", "--image", "small", "shell", "true", NULL), 2,
           "a plan with an option that the engine has no feature for is refused");
    ok(cli_err("--image cannot be used with --engine native") &&
           cli_err("Leave the option out.") && cli_out("\"error\": {") && !cli_out("\"argv\""),
       "the reason and a hint are printed in place of the plan");
    tmpdir_remove();
    return done_testing();
}
