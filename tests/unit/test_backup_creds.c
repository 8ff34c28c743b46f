/* SPDX-License-Identifier: MIT */
/* The commands as a whole; tests/e2e/test_login_commands.py has the odd cases. */
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
    is_int(cli("backup-creds", NULL), 125, "nothing is stored");
    ok(cli_err("ANTHROPIC_API_KEY") && !cli_err(cli_secret()), "but a variable is used");
    is_int(cli("backup-creds", "--list", NULL), 0, "nor backed up");
    ok(cli_out("no backups"), "is told");
    is_int(cli("restore-creds", "--yes", NULL), 125, "nor can anything be restored");
    ok(cli_err("cco backup-creds"), "but by a backup first");
    (void)mkdir(in_tmp("home/.claude"), 0700);
    put_file(stored(), LOGIN("one-secret"));
    is_int(cli("backup-creds", NULL), 0, "a backup");
    buf_init(&path, 4096);
    (void)buf_add_str(&path, str_trim(str_c(get_file(in_tmp("out")))));
    is_str(get_file(buf_c(&path)), LOGIN("one-secret"), "is where it says");
    is_int(mode_of(buf_c(&path)), 0600, "for nobody else");
    is_int(cli("backup-creds", "--json", NULL), 0, "another one, for machines");
    ok(json_parse(str_c(get_file(in_tmp("out"))), &root, &e) == 0 &&
           json_get(root, "path").type == JSON_STRING && !cli_out("secret"),
       "tells where, and no secret");
    put_file(stored(), LOGIN("two-secret"));
    is_int(cli("restore-creds", buf_c(&path), NULL), 2, "there is nobody to ask");
    ok(cli_err("--yes") && cli_err("subscription max") && !cli_err("secret"),
       "what would be restored is told, without a secret");
    is_str(get_file(stored()), LOGIN("two-secret"), "nothing happened");
    is_int(cli("restore-creds", buf_c(&path), "--yes", NULL), 0, "with an answer");
    is_str(get_file(stored()), LOGIN("one-secret"), "it is restored");
    ok(cli_out("before-restore"), "and the other one kept");
    put_file(buf_c(&path), "{}");
    is_int(cli("restore-creds", buf_c(&path), "--yes", NULL), 125, "no credentials file");
    ok(cli_err("no credentials file"), "is told");
    is_int(cli("backup-creds", "--list", "--json", NULL), 0, "the list");
    ok(json_parse(str_c(get_file(in_tmp("out"))), &root, &e) == 0 && root.type == JSON_ARRAY &&
           !cli_out("secret"),
       "for machines");
    put_file(stored(), "broken");
    is_int(cli("backup-creds", NULL), 125, "a broken login is not backed up");
    is_int(cli("restore-creds", "--yes", NULL), 0, "but replaced by the newest whole one");
    is_str(get_file(stored()), LOGIN("one-secret"), "which it is");
    buf_release(&path);
    tmpdir_remove();
    return done_testing();
}
