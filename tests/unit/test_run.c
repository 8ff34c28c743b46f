/* SPDX-License-Identifier: MIT */
/* What `cco` does before there is a session. Sessions: test_session_run.c. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

int main(void)
{
    cli_setup();
    cli_more_env = "CCO_LINE=pigeon";
    is_int(cli("shell", "true", NULL), 2, "a line that is none");
    ok(cli_err("CCO_LINE=pigeon") && cli_err("expected socket or stream"), "is told");
    cli_more_env = "CCO_LINE=stream";
    is_int(cli("--image", "small", "shell", "true", NULL), 125, "no engine, no session");
    is_int(cli("--dry-run", "--image", "small", "shell", "true", NULL), 0, "but its plan");
    ok(cli_err("the plan assumes a local Docker engine") && cli_out("\"small\""), "is printed");
    ok(!cli_out(cli_secret()), "without any secret");
    ok(access(in_tmp("run/cco"), F_OK) < 0, "and nothing is made");
    is_int(cli("--dry-run", "--engine", "native", "--image", "small", "shell", "true", NULL), 2,
           "no plan with an option that the engine lacks the feature for");
    ok(cli_err("--image cannot be used with --engine native") &&
           cli_err("Leave the option out.") && cli_out("\"error\": {") && !cli_out("\"argv\""),
       "but the reason and what to do");
    tmpdir_remove();
    return done_testing();
}
