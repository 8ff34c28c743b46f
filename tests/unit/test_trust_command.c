/* SPDX-License-Identifier: MIT */
/* `cco trust` as a whole. tests/e2e/test_trust_project.py has the sessions. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"
#include "wire/json.h"

int main(void)
{
    struct json root = {0};
    struct err e = {0};

    cli_setup();
    is_int(cli("trust", NULL), 0, "a project without items");
    ok(cli_err("nothing to trust"), "needs no trust");
    is_int(cli("trust", "--list", NULL), 0, "the list without decisions");
    ok(cli_out("no decisions"), "says that there are none");
    put_file(in_tmp("home/project/.env"), "ANTHROPIC_API_KEY=sk-of-the-file\nPATH=./bin\n");
    is_int(cli("trust", NULL), 2, "a project with items is asked about");
    ok(cli_err("PATH: ") && cli_err("--yes") && !cli_err("sk-of-the-file"),
       "after they were shown, without secrets");
    is_int(cli("trust", "--yes", NULL), 0, "--yes answers");
    is_int(cli("trust", NULL), 0, "a trusted project");
    ok(cli_err("already"), "is not asked about again");
    is_int(cli("trust", "--list", "--json", NULL), 0, "the list as JSON");
    ok(json_parse(str_c(get_file(in_tmp("out"))), &root, &e) == 0 && root.type == JSON_ARRAY &&
           cli_out("\"trusted\""),
       "has the decision");
    is_int(cli("trust", "--remove", NULL), 0, "the decision is forgotten");
    is_int(cli("trust", "--remove", NULL), 125, "only once");
    is_int(cli("trust", "missing", NULL), 125, "a missing path is an error");
    is_int(cli("trust", ".env", NULL), 2, "a file of the project needs no trust");
    is_int(cli("trust", "--list", "--remove", NULL), 2, "two of these options are refused");
    tmpdir_remove();
    return done_testing();
}
