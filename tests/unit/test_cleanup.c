/* SPDX-License-Identifier: MIT */
#include "cli/app.h"

#include "base/file_lock.h"
#include "cli.h"
#include "tap.h"

#include <time.h>

#define LIST(state)                                                                            \
    {                                                                                          \
        "GET /v1.41/containers/json",                                                          \
            FAKE_JSON("200 OK", "[{\"Id\":\"ab\",\"Names\":[\"/cco-x-1\"],\"State\":\"" state  \
                                "\",\"Status\":\"s\",\"Labels\":{\"cco.project\":\"/p\"}}]"),  \
            false                                                                              \
    }
#define DELETE_AB                                                                              \
    {                                                                                          \
        "DELETE /v1.41/containers/ab", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", \
            false                                                                              \
    }

#define IMAGES                                                                                 \
    {                                                                                          \
        "GET /v1.41/images/json", FAKE_JSON("200 OK", "[]"), false                             \
    }

int main(void)
{
    static const struct fake_rule dead[] = {CLI_PING,  CLI_INFO, LIST("exited"),
                                            DELETE_AB, IMAGES,   FAKE_END};
    static const struct fake_rule live[] = {CLI_PING,  CLI_INFO, LIST("running"),
                                            DELETE_AB, IMAGES,   FAKE_END};
    static const struct fake_rule empty[] = {CLI_PING, CLI_INFO, CLI_NO_CONTAINERS, IMAGES,
                                             FAKE_END};
    static const struct fake_rule other[] = {
        CLI_PING,
        CLI_INFO,
        LIST("exited"),
        {"DELETE /v1.41/containers/ab", FAKE_JSON("500 Oops", "{\"message\":\"busy\"}"), false},
        IMAGES,
        FAKE_END};
    static char created[400];
    static const struct fake_rule starting[] = {
        CLI_PING,  CLI_INFO, {"GET /v1.41/containers/json", created, false},
        DELETE_AB, IMAGES,   FAKE_END};
    struct fake f;
    struct err e = {0};
    int lock;

    (void)snprintf(
        created, sizeof(created),
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[{\"Id\":\"ab\",\"Names\":"
        "[\"/cco-x-1\"],\"State\":\"created\",\"Status\":\"s\",\"Created\":%lld,"
        "\"Labels\":{\"cco.project\":\"/p\"}}]",
        (long long)time(NULL));
    cli_setup();
    (void)mkdir(in_tmp("run/cco"), 0700);
    cli_engine(&f, dead);
    is_int(cli("cleanup", NULL), 0, "a container that ended");
    ok(cli_out("removed container cco-x-1 (/p)") && fake_asked(&f, "DELETE"),
       "is removed, and that is told");
    fake_stop(&f);
    cli_engine(&f, live);
    is_int(cli("cleanup", NULL), 0, "a running one");
    ok(cli_out("left 1 running session alone") && !fake_asked(&f, "DELETE"), "is left alone");
    is_int(cli("cleanup", "--all", NULL), 2, "--all asks, and there is nobody to ask");
    ok(cli_err("--yes") && !fake_asked(&f, "DELETE"), "so nothing happens");
    is_int(cli("cleanup", "--all", "--yes", NULL), 0, "with --yes");
    ok(fake_asked(&f, "DELETE"), "it is stopped and removed");
    fake_stop(&f);
    cli_engine(&f, starting);
    is_int(cli("cleanup", NULL), 0, "one that was created just now");
    ok(cli_out("nothing to clean up") && !fake_asked(&f, "DELETE"), "may be about to start");
    put_file(in_tmp("run/cco/cco-x-1.lock"), "/p");
    is_int(cli("cleanup", NULL), 0, "unless its cco is known to be dead");
    ok(cli_out("removed container cco-x-1 (/p)") && fake_asked(&f, "DELETE"), "then it goes");
    put_file(in_tmp("run/cco/cco-x-1.lock"), "/p");
    fake_stop(&f);
    cli_engine(&f, dead);
    lock = file_lock(in_tmp("run/cco/cco-x-1.lock"), FILE_LOCK_NOW, &e);
    is_int(cli("cleanup", NULL), 0, "one that has ended, whose cco lives");
    ok(lock >= 0 && cli_out("nothing to clean up") && !fake_asked(&f, "DELETE"),
       "is that cco's to remove");
    fd_close(&lock);
    (void)unlink(in_tmp("run/cco/cco-x-1.lock"));
    fake_stop(&f);
    cli_engine(&f, other);
    is_int(cli("cleanup", NULL), 125, "one that the engine does not remove");
    ok(cli_err("remove cco-x-1: ") && cli_err("busy"), "is an error");
    fake_stop(&f);
    cli_engine(&f, empty);
    is_int(cli("cleanup", NULL), 0, "nothing there");
    ok(cli_out("nothing to clean up"), "is told");
    is_int(cli("cleanup", "--json", NULL), 0, "the same for machines");
    ok(cli_out("\"containers\": []") && cli_out("\"other_images\": 0") &&
           cli_out("\"dry_run\": false"),
       "is empty");
    (void)mkdir(in_tmp("run/cco/cco-dead-1"), 0700);
    put_file(in_tmp("run/cco/cco-dead-1/boot"), "x");
    put_file(in_tmp("run/cco/cco-dead-1.lock"), "");
    is_int(cli("cleanup", "--dry-run", NULL), 0, "what a killed session left");
    ok(cli_out("would remove private copies of cco-dead-1") &&
           file_exists(in_tmp("run/cco/cco-dead-1/boot")),
       "is only told of with --dry-run");
    is_int(cli("cleanup", NULL), 0, "without it");
    ok(cli_out("removed private copies of cco-dead-1") &&
           !file_exists(in_tmp("run/cco/cco-dead-1")),
       "is removed");
    fake_stop(&f);
    tmpdir_remove();
    return done_testing();
}
