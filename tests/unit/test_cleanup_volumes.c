/* SPDX-License-Identifier: MIT */
/* The volumes with copies of projects on a remote engine are removed only after a yes. */
#include "cli.h"
#include "tap.h"

static struct fake f;

#define VOLUME(name, project)                                                                  \
    "{\"Name\":\"" name "\",\"Labels\":{\"cco\":\"1\",\"cco.project\":\"" project              \
    "\",\"cco.mark\":\"11\"}}"

static const struct fake_rule rules[] = {
    CLI_PING,
    CLI_INFO,
    CLI_NO_CONTAINERS,
    {"GET /v1.41/images/json", FAKE_JSON("200 OK", "[]"), false},
    {"GET /v1.41/volumes?filters=",
     FAKE_JSON("200 OK", "{\"Volumes\":[" VOLUME("cco-a", "/a") "," VOLUME("cco-b", "/b") "]}"),
     false},
    {"DELETE /v1.41/volumes/cco-a", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
     false},
    {"DELETE /v1.41/volumes/cco-b",
     FAKE_JSON("500 Oops", "{\"message\":\"the disk is on fire\"}"), false},
    FAKE_END,
};

static bool removed_any(void)
{
    return fake_saw(&f, "\nDELETE ");
}

int main(void)
{
    cli_setup();
    (void)signal(SIGPIPE, SIG_IGN);
    cli_engine(&f, rules);
    is_int(cli("cleanup", NULL), 0, "a cleanup succeeds");
    ok(cli_out("2 volumes with copies of projects") && !removed_any(),
       "it keeps copies of projects, and prints their number");
    is_int(cli("cleanup", "--all", "--dry-run", NULL), 0, "a dry run succeeds");
    ok(cli_out("would remove volume cco-a (/a)") && !removed_any(),
       "it prints what it would remove, and removes nothing");
    ok(cli("cleanup", "--all", NULL) != 0 && !removed_any() && cli_err("cco-b  /b"),
       "without an answer each volume is listed and none is removed");
    is_int(cli("cleanup", "--all", "--yes", NULL), 0, "a cleanup with --yes succeeds");
    ok(removed_any() && cli_out("removed volume cco-a (/a)"), "it removes volumes");
    ok(cli_err("the disk is on fire") && cli_out("1 volume with copies"),
       "a volume that cannot be removed is reported");
    fake_stop(&f);
    tmpdir_remove();
    return done_testing();
}
