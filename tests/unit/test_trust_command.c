/* SPDX-License-Identifier: MIT */
/* `cco trust` as a whole. tests/e2e/test_trust_project.py has the sessions. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"
#include "trust/ledger.h"
#include "wire/json.h"

#include <sys/stat.h>
#include <unistd.h>

/* Makes the project a repository that an agent could have made. */
static void test_repository(void)
{
    const char *tree;
    struct arena a = {0};
    struct err e = {0};

    (void)unlink(in_tmp("home/project/.env"));
    tree = arena_strdup(&a, in_tmp("home/project"));
    is_int(cli("trust", "--yes", tree, NULL), 0, "a repository that nobody could have made");
    ok(cli_err("nothing to trust"), "needs no trust");
    ok(ledger_record(in_tmp("home/.local/state/cco"), &tree, 1, &e) == 0, "a tree: %s", e.text);
    ok(mkdir(in_tmp("home/project/.git"), 0700) == 0 &&
           mkdir(in_tmp("home/project/.git/objects"), 0700) == 0,
       "it gets a repository");
    put_file(in_tmp("home/project/.git/HEAD"), "ref: refs/heads/main\n");
    is_int(cli("trust", "--yes", tree, NULL), 0, "the command that its subdirectories name");
    ok(cli_err("sessions in its subdirectories"), "also asks in the top level itself");
    is_int(cli("trust", "--list", NULL), 0, "the list");
    ok(cli_out("trusted   repository"), "has the repository");
    is_int(cli("trust", "--remove", NULL), 125,
           "without a path, the repository is not a decision");
    is_int(cli("trust", "--list", NULL), 0, "the list");
    ok(cli_out("trusted   repository"), "still has it");
    is_int(cli("trust", "--remove", tree, NULL), 0, "with its path it is removed");
    ok(cli_err("not the project of its subdirectories any more"), "which is said");
    is_int(cli("trust", "--yes", in_tmp("home"), NULL), 125, "the home");
    ok(cli_err("cannot be a project"), "can never be trusted");
    is_int(cli("trust", "--list", "foo", NULL), 2,
           "a path that --list would ignore is refused");
    arena_release(&a);
}

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
    is_int(cli("trust", "missing", NULL), 2, "a missing path is an error");
    is_int(cli("trust", ".env", NULL), 2, "a file of the project needs no trust");
    is_int(cli("trust", "--list", "--remove", NULL), 2, "two of these options are refused");
    test_repository();
    tmpdir_remove();
    return done_testing();
}
