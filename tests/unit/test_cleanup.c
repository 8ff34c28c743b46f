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
    is_int(cli("cleanup", NULL), 0, "with a container that has ended");
    ok(cli_out("removed container cco-x-1 (/p)") && fake_asked(&f, "DELETE"),
       "the container is removed, and its name printed");
    fake_stop(&f);
    cli_engine(&f, live);
    is_int(cli("cleanup", NULL), 0, "with a container that runs");
    ok(cli_out("left session cco-x-1 (/p) alone: it runs (--all ends it, too)") &&
           !fake_asked(&f, "DELETE"),
       "the container stays");
    is_int(cli("cleanup", "--all", NULL), 2, "--all asks, and fails without a terminal");
    ok(cli_err("--yes") && !fake_asked(&f, "DELETE"), "the container stays");
    is_int(cli("cleanup", "--all", "--yes", NULL), 0, "--yes answers");
    ok(fake_asked(&f, "DELETE"), "the container is removed");
    fake_stop(&f);
    cli_engine(&f, starting);
    is_int(cli("cleanup", NULL), 0, "with a container that was created just now");
    ok(cli_out("left session cco-x-1 (/p) alone: it was created") && !fake_asked(&f, "DELETE"),
       "the container stays, because it may be about to start");
    put_file(in_tmp("run/cco/cco-x-1.lock"), "/p");
    is_int(cli("cleanup", NULL), 0, "if its cco was killed");
    ok(cli_out("removed container cco-x-1 (/p)") && fake_asked(&f, "DELETE"),
       "the container is removed");
    put_file(in_tmp("run/cco/cco-x-1.lock"), "/p");
    fake_stop(&f);
    cli_engine(&f, dead);
    lock = file_lock(in_tmp("run/cco/cco-x-1.lock"), FILE_LOCK_NOW, &e);
    is_int(cli("cleanup", NULL), 0, "with a container that has ended, but whose cco lives");
    ok(lock >= 0 && cli_out("alone: its cco still runs") && !fake_asked(&f, "DELETE"),
       "the container stays, because that cco removes it");
    fd_close(&lock);
    (void)unlink(in_tmp("run/cco/cco-x-1.lock"));
    fake_stop(&f);
    cli_engine(&f, other);
    is_int(cli("cleanup", NULL), 125, "with a container that the engine does not remove");
    ok(cli_err("remove cco-x-1: ") && cli_err("busy"), "the error has the engine's reason");
    fake_stop(&f);
    cli_engine(&f, empty);
    is_int(cli("cleanup", NULL), 0, "with nothing to remove");
    ok(cli_out("nothing to clean up"), "a message says so");
    is_int(cli("cleanup", "--json", NULL), 0, "the same with --json");
    ok(cli_out("\"containers\": []") && cli_out("\"other_images\": 0") &&
           cli_out("\"dry_run\": false"),
       "the lists are empty");
    (void)mkdir(in_tmp("run/cco/cco-dead-1"), 0700);
    put_file(in_tmp("run/cco/cco-dead-1/boot"), "x");
    put_file(in_tmp("run/cco/cco-dead-1.lock"), "");
    is_int(cli("cleanup", "--dry-run", NULL), 0, "with private copies of a killed session");
    ok(cli_out("would remove private copies of cco-dead-1") &&
           file_exists(in_tmp("run/cco/cco-dead-1/boot")),
       "--dry-run prints them and removes nothing");
    is_int(cli("cleanup", NULL), 0, "without --dry-run");
    ok(cli_out("removed private copies of cco-dead-1") &&
           !file_exists(in_tmp("run/cco/cco-dead-1")),
       "they are removed");
    fake_stop(&f);
    tmpdir_remove();
    return done_testing();
}
