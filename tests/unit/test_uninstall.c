/* SPDX-License-Identifier: MIT */
/* `cco uninstall` with a scripted engine. It runs in the test program, which must not remove
 * itself, so the dry runs are here, and tests/e2e/test_uninstall.py removes a real cco. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

#define CONTAINER(id, name, state)                                                             \
    "{\"Id\":\"" id "\",\"Names\":[\"/" name "\"],\"State\":\"" state                          \
    "\",\"Status\":\"s\",\"Labels\":{\"cco.project\":\"/p\"}}"

int main(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/containers/json",
         FAKE_JSON("200 OK", "[" CONTAINER("ab", "cco-x-1", "exited") "," CONTAINER(
                                 "cd", "cco-y-2", "running") "]"),
         false},
        {"GET /v1.41/volumes", FAKE_JSON("200 OK", "{\"Volumes\":[]}"), false},
        {"GET /v1.41/images/json",
         FAKE_JSON("200 OK", "[{\"Id\":\"sha256:a\",\"Size\":1,\"RepoTags\":["
                             "\"cco:aaaaaaaaaaaa\"],\"Labels\":{\"cco\":\"1\"}},"
                             "{\"Id\":\"sha256:b\",\"Size\":1,\"RepoTags\":[\"theirs:1\"],"
                             "\"Labels\":{\"cco\":\"1\"}}]"),
         false},
        FAKE_END};
    struct fake f;

    cli_setup();
    (void)mkdir(in_tmp("run/cco"), 0700);
    (void)mkdir(in_tmp("home/.local"), 0700);
    (void)mkdir(in_tmp("home/.local/share"), 0700);
    (void)mkdir(in_tmp("home/.local/share/cco"), 0700);
    (void)mkdir(in_tmp("home/.config"), 0700);
    (void)mkdir(in_tmp("home/.config/cco"), 0700);
    (void)mkdir(in_tmp("home/.local/state"), 0700);
    (void)symlink(in_tmp("home"), in_tmp("home/.local/state/cco"));
    cli_engine(&f, rules);
    is_int(cli("uninstall", "--dry-run", NULL), 0, "a dry run succeeds");
    ok(cli_out("would remove session cco-y-2\n") &&
           cli_out("would remove container cco-x-1\n") &&
           cli_out("would remove image cco:aaaaaaaaaaaa\n") && !cli_out("theirs") &&
           cli_out("/home/.local/share/cco\n"),
       "it lists what there is: %s", get_file(in_tmp("out")));
    ok(cli_out("/home/.config/cco: it is your configuration; --all removes it, too\n"),
       "the configuration stays");
    ok(cli_out("/home/.local/state/cco: it is not a directory"),
       "nothing is removed through a link");
    is_int(cli("uninstall", "--dry-run", "--all", NULL), 0, "a dry run with --all succeeds");
    ok(cli_out("would remove ") && cli_out("/home/.config/cco\n"),
       "the configuration would be removed, too");
    is_int(cli("uninstall", "--dry-run", "--json", NULL), 0, "a dry run with --json succeeds");
    ok(cli_out("\"dry_run\": true") && cli_out("\"sessions\": [\n      \"cco-y-2\"\n    ]") &&
           cli_out("\"reason\": ") && cli_out("\"error\": null"),
       "it is an object: %s", get_file(in_tmp("out")));
    is_int(cli("uninstall", NULL), 2, "without a terminal, --yes is required");
    ok(cli_err("--yes") && cli_err("cco: image cco:aaaaaaaaaaaa") &&
           cli_err("\"end these sessions, and remove all of this? Backups"),
       "after the list");
    ok(!fake_asked(&f, "DELETE"), "nothing was removed");
    is_int(cli("uninstall", "x", NULL), 2, "words are refused");
    is_int(cli("uninstall", "--dry-run", NULL), 0, "nothing is kept without a session");
    ok(cli_out("would remove ") && cli_out("/run/cco\n") && !cli_out("may need it"),
       "the runtime directory goes: %s", get_file(in_tmp("out")));
    put_file(in_tmp("run/cco/cco-far-1.lock"), "/p");
    put_file(in_tmp("run/cco/cco-far-1.key"), "x");
    (void)mkdir(in_tmp("run/cco/cco-far-1"), 0700);
    put_file(in_tmp("run/cco/cco-far-1/engine"), "unix:///far.sock");
    is_int(cli("uninstall", "--dry-run", NULL), 0, "with a session of another engine");
    ok(cli_out("kept cco-far-1: only its engine knows whether it runs: unix:///far.sock\n") &&
           cli_out("/run/cco: the session cco-far-1 may need it\n") &&
           cli_out("/home/.local/share/cco: the session cco-far-1 may need it\n") &&
           cli_out("would remove container cco-x-1\n") && !cli_out("would remove /"),
       "what belongs to it is kept: %s", get_file(in_tmp("out")));
    is_int(cli("uninstall", NULL), 2, "without a terminal");
    ok(cli_err("cco: kept cco-far-1: only its engine knows"), "the question says so");
    fake_stop(&f);
    (void)unlink(in_tmp("run/cco/cco-far-1.lock"));
    (void)unlink(in_tmp("run/cco/cco-far-1.key"));
    (void)unlink(in_tmp("run/cco/cco-far-1/engine"));
    (void)rmdir(in_tmp("run/cco/cco-far-1"));
    is_int(cli("uninstall", "--engine", "native", NULL), 2, "without sessions");
    ok(cli_err("\"remove all of this? Backups of the login") && !cli_err("end these sessions"),
       "the question names none: %s", get_file(in_tmp("err")));
    ok(file_is_dir(in_tmp("home/.local/share/cco")), "the directories are still there");
    is_int(cli("uninstall", "--engine", "docker", "--dry-run", NULL), 125,
           "an engine that is named and does not answer is an error");
    ok(cli_err("--engine native"), "whose hint says how to go on without it");
    tmpdir_remove();
    return done_testing();
}
