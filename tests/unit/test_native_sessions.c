/* SPDX-License-Identifier: MIT */
/* Sessions of no engine, by what they noted: listed, ended and swept without anybody being
 * asked. */
#include "session/native_sessions.h"

#include "cli.h"
#include "native/native.h"
#include "tap.h"

#include <signal.h>
#include <sys/wait.h>

static pid_t init;

/* A session whose cco was killed. */
static void leave(const char *name, const char *engine, uint64_t started)
{
    char path[256];
    char text[64];

    (void)snprintf(path, sizeof(path), "run/cco/%s.lock", name);
    put_file(in_tmp(path), "/the project");
    (void)snprintf(path, sizeof(path), "run/cco/%s.key", name);
    put_file(in_tmp(path), "k");
    (void)snprintf(path, sizeof(path), "run/cco/%s", name);
    (void)mkdir(in_tmp(path), 0700);
    (void)snprintf(path, sizeof(path), "run/cco/%s/engine", name);
    put_file(in_tmp(path), engine);
    (void)snprintf(path, sizeof(path), "run/cco/%s/init", name);
    (void)snprintf(text, sizeof(text), "%d %llu", (int)init, (unsigned long long)started);
    put_file(in_tmp(path), text);
}

static void start_init(void)
{
    init = fork();
    if (init == 0) {
        (void)pause();
        _exit(0);
    }
}

static bool init_ended(void)
{
    int status = 0;

    return waitpid(init, &status, 0) == init && WIFSIGNALED(status);
}

static void added(void)
{
    struct arena a = {0};
    uint64_t started = native_started(init);
    const struct session_dir_found all[] = {
        {.name = "cco-a",
         .project = "/a",
         .native = true,
         .init_pid = (uint64_t)init,
         .init_started = started},
        {.name = "cco-b",
         .project = "/b",
         .native = true,
         .init_pid = (uint64_t)init,
         .init_started = started + 1},
        {.name = "cco-c",
         .project = "/c",
         .alive = true,
         .init_pid = (uint64_t)init,
         .init_started = started},
    };
    struct engine_found told = {.id = "c0ffee", .name = "cco-d", .state = "exited"};
    struct engine_found *list = &told;
    size_t count = 1;

    native_sessions_add(&a, all, 3, &list, &count);
    is_int((long long)count, 2, "one runs");
    ok(strcmp(list[0].id, "c0ffee") == 0 && list[1].id == NULL &&
           strcmp(list[1].name, "cco-a") == 0 && strcmp(list[1].state, "running") == 0,
       "and comes behind what an engine told");
    ok(!native_sessions_need_engine(all, 3), "no engine is missed");
    ok(native_sessions_need_engine(&(struct session_dir_found){.name = "cco-e"}, 1),
       "but for one of an engine's without its process");
    arena_release(&a);
}

/* There is no engine at all in these. */
static void commands(void)
{
    (void)mkdir(in_tmp("run/cco"), 0700);
    leave("cco-n-1", "native", native_started(init));
    leave("cco-n-2", "native", native_started(init) + 1);
    leave("cco-d-1", "unix:///elsewhere", 0);
    is_int(cli("sessions", "--json", NULL), 0, "sessions");
    ok(cli_out("cco-n-1") && cli_out("orphaned") && cli_out("\"native\"") &&
           cli_out("/the project") && !cli_out("cco-n-2") && !cli_out("cco-d-1"),
       "one lives");
    is_int(cli("--engine", "native", "cleanup", NULL), 0, "cleanup");
    ok(cli_out("removed private copies of cco-n-2") &&
           cli_out("left 1 running session alone") && !cli_out("cco-d-1"),
       "removes what another left");
    ok(file_exists(in_tmp("run/cco/cco-d-1.key")) &&
           !file_exists(in_tmp("run/cco/cco-n-2.lock")),
       "and nothing of an engine's");
    is_int(cli("stop", "n-1", NULL), 0, "stop");
    ok(cli_out("cco-n-1") && init_ended() && !file_exists(in_tmp("run/cco/cco-n-1.key")) &&
           !file_exists(in_tmp("run/cco/cco-n-1")),
       "ends it, and sweeps");
    is_int(cli("stop", "n-1", NULL), 125, "once");
    start_init();
    leave("cco-n-3", "native", native_started(init));
    is_int(cli("--engine", "native", "cleanup", "--all", "--dry-run", NULL), 0, "all of them");
    ok(cli_out("would stop session cco-n-3") &&
           native_lives((uint64_t)init, native_started(init)),
       "are told beforehand");
    is_int(cli("--engine", "native", "cleanup", "--all", "--yes", NULL), 0, "and ended");
    ok(cli_out("stopped session cco-n-3") && cli_out("removed private copies of cco-n-3") &&
           init_ended(),
       "with what they left");
}

int main(void)
{
    cli_setup();
    start_init();
    added();
    commands();
    tmpdir_remove();
    return done_testing();
}
