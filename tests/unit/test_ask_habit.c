/* SPDX-License-Identifier: MIT */
/* Hints about words, without a terminal. tests/e2e/test_words.py has the questions. */
#include "cli.h"
#include "tap.h"

int main(void)
{
    cli_setup();
    is_int(cli("--engine", "native", "--dry-run", "build", NULL), 0, "the word is passed on");
    ok(cli_out("\"build\"") &&
           cli_err("build is not a command of cco. It goes to claude as a "
                   "prompt.") &&
           cli_err("cco's command for that: cco image build"),
       "with a hint: %s", get_file(in_tmp("err")));
    is_int(cli("--engine", "native", "--dry-run", "update", NULL), 0, "a command is passed on");
    ok(cli_err("It goes to claude as a command.") && cli_err("cco image build --rebuild"),
       "with a hint: %s", get_file(in_tmp("err")));
    is_int(cli("--engine", "native", "--dry-run", "--quiet", "build", NULL), 0,
           "--quiet is accepted");
    ok(!cli_err("build"), "and leaves the hint out");
    is_int(cli("--engine", "native", "--dry-run", "fix the build", NULL), 0,
           "a prompt is passed on");
    ok(!cli_err("not a command"), "without a hint");
    tmpdir_remove();
    return done_testing();
}
