/* SPDX-License-Identifier: MIT */
#include "session/session_dir.h"

#include "base/file.h"
#include "child.h"
#include "session_dir.h"
#include "tap.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static struct facts facts;

static struct plan sample(void)
{
    struct plan p = {.name = "cco-t-1", .command.workdir = "/p"};

    p.run_dir = path("run/cco-t-1");
    p.files.mounts = arena_array(&arena, 3, sizeof(p.files.mounts[0]));
    p.files.mounts[0] = (struct plan_mount){.source = path("data/claude"),
                                            .target = "/h/.claude",
                                            .is_dir = true,
                                            .make_source = true};
    p.files.mounts[1] = (struct plan_mount){.source = path("home/todos"),
                                            .target = "/h/.claude/todos",
                                            .is_dir = true,
                                            .make_source = true};
    p.files.mounts[2] =
        (struct plan_mount){.source = path("data/claude/.credentials.json"),
                            .target = "/h/.claude/.credentials.json",
                            .make_source = true,
                            .placeholder = path("data/claude/.credentials.json")};
    p.files.mount_count = 3;
    p.files.copies = arena_array(&arena, 2, sizeof(p.files.copies[0]));
    p.files.copies[0] = (struct plan_copy){
        .kind = COPY_LOGIN, .source = path("login"), .name = "login", .mode = 0600};
    p.files.copies[1] =
        (struct plan_copy){.kind = COPY_CLAUDE_JSON, .name = "claude.json", .mode = 0600};
    p.files.copy_count = 2;
    return p;
}

static void directory_is_made_and_removed(void)
{
    struct plan p = sample();
    struct session_dir s;
    struct session_dir other;
    struct strv swept = {0};
    struct err e = {0};

    session_dir_init(&s);
    session_dir_init(&other);
    ok(session_dir_open(&s, &p, &facts, no_env, &e) == 0, "a session directory is made %s",
       e.text);
    is_int(mode_of(p.run_dir), 0700, "the directory is private");
    is_int(mode_of(path("run/cco-t-1/files/login")), 0600, "the copies are private");
    ok(strstr(get_file(path("run/cco-t-1/files/login")), "refresh") == NULL,
       "the copy of the login has no refresh token");
    ok(strstr(get_file(path("run/cco-t-1/files/claude.json")), "hasTrustDialogAccepted") !=
           NULL,
       "the copy of .claude.json answers claude's questions");
    ok(file_is_dir(path("home/todos")) &&
           file_is_regular(path("data/claude/.credentials.json")),
       "sources and mount points are made");
    is_int(session_dir_boot(&s, str_c("boot"), NULL, &e), 0, "init's boot file is written");
    is_int(mode_of(path("run/cco-t-1/boot")), 0600, "the boot file is private");
    ok(session_dir_open(&other, &p, &facts, no_env, &e) < 0,
       "a second session of the same name is refused: %s", e.text);
    is_str(get_file(path("run/cco-t-1/boot")), "boot",
           "the first session's files are unchanged");
    is_int(sweep("run", &swept, &e), 0, "a sweep succeeds");
    is_int((long long)swept.count, 0, "a sweep leaves a living session alone");
    session_dir_release(&s);
    ok(!file_exists(p.run_dir) && !file_exists(path("run/cco-t-1.lock")),
       "a released session leaves nothing");
    session_dir_release(&s);
    session_dir_release(&other);
}

/* Opens the session directory, although the files of the killed session cannot be removed. */
static int open_over_files_that_stay(void)
{
    struct plan p = sample();
    struct session_dir s;
    struct err e = {0};
    bool refused;

    session_dir_init(&s);
    refused =
        make_call_fail(SYS_unlinkat, EIO) && session_dir_open(&s, &p, &facts, no_env, &e) < 0;
    session_dir_release(&s);
    return refused ? 0 : 1;
}

static void killed_session_is_swept(void)
{
    struct plan p = sample();
    struct strv swept = {0};
    struct err e = {0};
    pid_t pid = fork();

    if (pid == 0) {
        struct session_dir s;

        session_dir_init(&s);
        (void)session_dir_open(&s, &p, &facts, no_env, &e);
        (void)kill(getpid(), SIGKILL);
    }
    (void)waitpid(pid, NULL, 0);
    ok(file_exists(path("run/cco-t-1/files/login")), "a killed session leaves its copies");
    is_int(in_child(open_over_files_that_stay), 0,
           "a session whose directory has files that cannot be removed is refused");
    ok(file_exists(p.run_dir) && file_exists(path("run/cco-t-1.lock")),
       "the lock file stays with the directory, so that a sweep finds both");
    is_int(sweep("run", &swept, &e), 0, "the sweep after a kill succeeds");
    ok(swept.count == 1 && strcmp(swept.v[0], "cco-t-1") == 0,
       "the sweep finds the killed session");
    ok(!file_exists(p.run_dir), "the sweep removes the directory");
}

/* Sessions that start at the same moment make the same missing directories and files. */
static void simultaneous_starts_do_not_disturb_each_other(void)
{
    enum { ROUNDS = 100 };
    struct plan p = sample();
    struct err e = {0};
    int failures = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct session_dir s;
        pid_t pid;
        int status = 0;

        if (file_remove_tree(path("data"), &e) < 0 || file_remove_tree(path("home"), &e) < 0) {
            break;
        }
        pid = fork();
        p.name = pid == 0 ? "cco-t-2" : "cco-t-1";
        session_dir_init(&s);
        if (session_dir_open(&s, &p, &facts, no_env, &e) < 0) {
            failures++;
        }
        session_dir_release(&s);
        if (pid == 0) {
            _exit(failures > 0);
        }
        failures += waitpid(pid, &status, 0) != pid || status != 0;
    }
    ok(failures == 0, "sessions that start at once do not disturb each other %s", e.text);
}

static void errors_leave_nothing(void)
{
    struct plan p = sample();
    struct session_dir s;
    struct err e = {0};

    session_dir_init(&s);
    put_file(path("login"), "no json");
    ok(session_dir_open(&s, &p, &facts, no_env, &e) < 0,
       "a login that cannot be copied is an error: %s", e.text);
    ok(!file_exists(p.run_dir), "no directory is left after the error");
    session_dir_release(&s);
    put_file(path("login"), "{\"claudeAiOauth\":{\"accessToken\":\"a\"}}");
    (void)unlink(path("data/claude/.credentials.json"));
    ok(symlink("/etc/passwd", path("data/claude/.credentials.json")) == 0,
       "a link with the name of a mount point can be made");
    ok(session_dir_open(&s, &p, &facts, no_env, &e) == 0 &&
           file_is_regular(path("data/claude/.credentials.json")),
       "the link is replaced by a mount point and not followed %s", e.text);
    s.marks = true;
    session_dir_release(&s);
    ok(!file_exists(p.run_dir) && file_is_regular(path("run/cco-t-1.lock")) && !s.marks,
       "with `marks` the lock's file stays");
    session_dir_init(&s);
    is_int(session_dir_open(&s, &p, &facts, no_env, &e), 0,
           "a session of the same name can start with that lock file");
    session_dir_release(&s);
    ok(!file_exists(path("run/cco-t-1.lock")),
       "the lock's file is removed with the next session");
    (void)chmod(path("run"), 0777);
    ok(session_dir_open(&s, &p, &facts, no_env, &e) == 0 && mode_of(path("run")) == 0700,
       "a runtime directory that others could access becomes private");
    session_dir_release(&s);
}

int main(void)
{
    tmpdir_make();
    put_file(path("login"),
             "{\"claudeAiOauth\":{\"accessToken\":\"a\",\"refreshToken\":\"refresh\"}}");
    facts.runtime_dir = path("run");
    facts.project = facts.cwd_physical = facts.claude_root = facts.dotenv_dir = "/p";
    facts.data_dir = path("data");
    facts.project_key = "p-1";
    facts.login = (struct fact_login){
        .source = LOGIN_FILE, .path = path("login"), .detail = path("login"), .dir = tmpdir};
    directory_is_made_and_removed();
    killed_session_is_swept();
    simultaneous_starts_do_not_disturb_each_other();
    errors_leave_nothing();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
