/* SPDX-License-Identifier: MIT */
/* Native sessions are listed, ended and swept without an engine. */
#include "session/native_sessions.h"

#include "cli.h"
#include "native/native.h"
#include "tap.h"

#include <signal.h>
#include <sys/wait.h>

static pid_t init;

/* Makes the files of a session whose cco was killed. */
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

static void running_sessions_are_added_to_the_list(void)
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
    is_int((long long)count, 2, "the native session that runs is added");
    ok(strcmp(list[0].id, "c0ffee") == 0 && list[1].id == NULL &&
           strcmp(list[1].name, "cco-a") == 0 && strcmp(list[1].state, "running") == 0,
       "it comes after the containers of the engine, without an id");
    ok(!native_sessions_need_engine(all, 3), "native and living sessions need no engine");
    ok(native_sessions_need_engine(&(struct session_dir_found){.name = "cco-e"}, 1),
       "a session of an engine without its process needs the engine");
    arena_release(&a);
}

/* No engine answers in these tests. */
static void commands_work_without_an_engine(void)
{
    (void)mkdir(in_tmp("run/cco"), 0700);
    leave("cco-n-1", "native", native_started(init));
    leave("cco-n-2", "native", native_started(init) + 1);
    leave("cco-d-1", "unix:///elsewhere", 0);
    is_int(cli("sessions", "--json", NULL), 0, "cco sessions succeeds");
    ok(cli_out("cco-n-1") && cli_out("orphaned") && cli_out("\"native\"") &&
           cli_out("/the project") && !cli_out("cco-n-2") && !cli_out("cco-d-1"),
       "only the native session that runs is listed");
    is_int(cli("--engine", "native", "cleanup", NULL), 0, "cco cleanup succeeds");
    ok(cli_out("removed private copies of cco-n-2") &&
           cli_out(" alone: it runs (--all ends it, too)") &&
           cli_out("left session cco-d-1 (/the project) alone: only its engine knows"),
       "the files of a dead native session are removed, and a running one is left alone");
    ok(file_exists(in_tmp("run/cco/cco-d-1.key")) &&
           !file_exists(in_tmp("run/cco/cco-n-2.lock")),
       "the files of a session of an engine stay");
    is_int(cli("stop", "n-1", NULL), 0, "cco stop succeeds");
    ok(cli_out("cco-n-1") && init_ended() && !file_exists(in_tmp("run/cco/cco-n-1.key")) &&
           !file_exists(in_tmp("run/cco/cco-n-1")),
       "the session ends and its files are removed");
    is_int(cli("stop", "n-1", NULL), 125, "a session that has ended cannot be stopped again");
    start_init();
    leave("cco-n-3", "native", native_started(init));
    is_int(cli("--engine", "native", "cleanup", "--all", "--dry-run", NULL), 0,
           "cco cleanup --all --dry-run succeeds");
    ok(cli_out("would stop session cco-n-3") &&
           native_lives((uint64_t)init, native_started(init)),
       "the dry run names the session and does not end it");
    is_int(cli("--engine", "native", "cleanup", "--all", "--yes", NULL), 0,
           "cco cleanup --all --yes succeeds");
    ok(cli_out("stopped session cco-n-3") && cli_out("removed private copies of cco-n-3") &&
           init_ended(),
       "the session is ended and its files are removed");
}

int main(void)
{
    cli_setup();
    start_init();
    running_sessions_are_added_to_the_list();
    commands_work_without_an_engine();
    tmpdir_remove();
    return done_testing();
}
