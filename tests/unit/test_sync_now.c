/* SPDX-License-Identifier: MIT */
/* What `cco sync` prints where there is nothing to do. */
#include "cli/app.h"

#include "cli.h"
#include "tap.h"

static struct fake f;

static void nothing(void)
{
    static const struct fake_rule rules[] = {
        CLI_PING,
        CLI_INFO,
        {"GET /v1.41/volumes?filters=", FAKE_JSON("200 OK", "{\"Volumes\":null}"), false},
        CLI_NO_CONTAINERS,
        FAKE_END};

    cli_engine(&f, rules);
    is_int(cli("sync", NULL), 0, "an engine that sees the files");
    ok(cli_err("there is nothing to synchronize"), "has nothing to bring");
    is_int(cli("sync", "--json", NULL), 0, "for machines");
    ok(cli_out("\"conflicts\": []") && cli_out("\"created\": 0"),
       "it is a report as any other");
    ok(cli("sync", "x", NULL) == 2 && cli("sync", "--all", NULL) == 2, "words are none of its");
    fake_stop(&f);
}

int main(void)
{
    cli_setup();
    (void)signal(SIGPIPE, SIG_IGN);
    nothing();
    tmpdir_remove();
    return done_testing();
}
