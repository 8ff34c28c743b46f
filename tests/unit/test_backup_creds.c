/* SPDX-License-Identifier: MIT */
/* `cco backup-creds` and `cco restore-creds` as a whole. tests/e2e/test_login_commands.py has
 * the rare cases. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"
#include "wire/json.h"

#define LOGIN(token)                                                                           \
    "{\"claudeAiOauth\":{\"accessToken\":\"" token                                             \
    "\",\"refreshToken\":\"rt-secret\",\"expiresAt\":1700000000000,\"subscriptionType\":"      \
    "\"max\"}}"

static const char *stored(void)
{
    return in_tmp("home/.claude/.credentials.json");
}

int main(void)
{
    struct json root = {0};
    struct err e = {0};
    struct buf path;

    cli_setup();
    is_int(cli("backup-creds", NULL), 125, "a backup fails if no login is stored");
    ok(cli_err("ANTHROPIC_API_KEY") && !cli_err(cli_secret()),
       "the message names the variable that is used, without its value");
    is_int(cli("backup-creds", "--list", NULL), 0, "a list without backups");
    ok(cli_out("no backups"), "says that there are none");
    is_int(cli("restore-creds", "--yes", NULL), 125, "restoring fails without a backup");
    ok(cli_err("cco backup-creds"), "the hint says how to make one");
    (void)mkdir(in_tmp("home/.claude"), 0700);
    put_file(stored(), LOGIN("one-secret"));
    is_int(cli("backup-creds", NULL), 0, "a stored login is backed up");
    buf_init(&path, 4096);
    (void)buf_add_str(&path, str_trim(str_c(get_file(in_tmp("out")))));
    is_str(get_file(buf_c(&path)), LOGIN("one-secret"), "the printed path has the login");
    is_int(mode_of(buf_c(&path)), 0600, "only the user can read it");
    is_int(cli("backup-creds", "--json", NULL), 0, "another backup, with --json");
    ok(json_parse(str_c(get_file(in_tmp("out"))), &root, &e) == 0 &&
           json_get(root, "path").type == JSON_STRING && !cli_out("secret"),
       "the object has the path and no secret");
    put_file(stored(), LOGIN("two-secret"));
    is_int(cli("restore-creds", buf_c(&path), NULL), 2,
           "restoring asks, and fails without a terminal");
    ok(cli_err("--yes") && cli_err("subscription max") && !cli_err("secret"),
       "the message describes the login, without a secret");
    is_str(get_file(stored()), LOGIN("two-secret"), "the stored login is unchanged");
    is_int(cli("restore-creds", buf_c(&path), "--yes", NULL), 0, "--yes answers");
    is_str(get_file(stored()), LOGIN("one-secret"), "the login is restored");
    ok(cli_out("before-restore"), "the replaced login is backed up");
    put_file(buf_c(&path), "{}");
    is_int(cli("restore-creds", buf_c(&path), "--yes", NULL), 125,
           "a file without a login is refused");
    ok(cli_err("does not contain a login"), "the message says so");
    is_int(cli("backup-creds", "--list", "--json", NULL), 0, "the list as JSON");
    ok(json_parse(str_c(get_file(in_tmp("out"))), &root, &e) == 0 && root.type == JSON_ARRAY &&
           !cli_out("secret"),
       "is an array without secrets");
    put_file(stored(), "broken");
    is_int(cli("backup-creds", NULL), 125, "a broken login is not backed up");
    is_int(cli("restore-creds", "--yes", NULL), 0,
           "without an argument, the newest valid backup is restored");
    is_str(get_file(stored()), LOGIN("one-secret"), "it replaces the broken login");
    buf_release(&path);
    tmpdir_remove();
    return done_testing();
}
