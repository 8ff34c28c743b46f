/* SPDX-License-Identifier: MIT */
#include "session/session_end.h"

#include "session/session_audit.h"

#include "base/log.h"
#include "context.h"
#include "creds/journal.h"
#include "host/project_key.h"
#include "session/sessions.h"
#include "tap.h"
#include "tmpdir.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct context c;
static char *no_env[] = {NULL};
static const char *report_name; /* the file of a report that is kept */

static const char *path(const char *name)
{
    return arena_printf(&c.arena, "%s/%s", tmpdir, name);
}

static struct plan sample(void)
{
    struct plan p = {.name = "cco-p-1", .run_dir = path("run/cco-p-1")};

    p.files.copies = arena_alloc(&c.arena, sizeof(p.files.copies[0]));
    p.files.copies[0] = (struct plan_copy){.kind = COPY_CLAUDE_JSON,
                                           .source = path("claude.json"),
                                           .name = "claude.json",
                                           .mode = 0600};
    p.files.copy_count = 1;
    return p;
}

static bool begin(struct session_dir *s)
{
    struct plan p = sample();
    struct err e = {0};

    session_dir_init(s);
    if (session_dir_open(s, &p, &c.facts, c.ctx.env, &e) < 0 ||
        session_audit_prepare(&c.ctx, &(struct strv){0}, s, &e) < 0) {
        (void)printf("# %s\n", e.text);
        return false;
    }
    return true;
}

/* Returns the end of a session that has ended in the background. */
static struct session_end ending(struct session_dir *s)
{
    return (struct session_end){.name = "cco-p-1",
                                .project = path("p"),
                                .outcome = SESSION_ENDED,
                                .dir = s,
                                .background = true};
}

static void outcome_decides(void)
{
    struct session_dir s;
    struct session_end w = ending(&s);
    struct err e = {0};

    ok(begin(&s), "a session that will be lost begins");
    w.outcome = SESSION_LOST;
    is_int((long long)session_end(&c.ctx, &w), 0, "a lost session has no changes");
    ok(file_exists(path("run/cco-p-1")) && !w.gone, "the directory of a lost session stays");
    session_dir_init(&s);
    w.outcome = SESSION_LEFT;
    ok(engine_open(&c.engine, &native_engine, &(struct engine_env){0}, &c.sig, &c.arena, &e) ==
           0,
       "an engine is opened %s", e.text);
    is_int((long long)session_end(&c.ctx, &w), 0,
           "a session that another process has has no changes");
    ok(file_exists(path("run/cco-p-1")),
       "the directory of a session that another process has stays");
    w.outcome = SESSION_FAILED;
    is_int((long long)session_end(&c.ctx, &w), 0,
           "a session without a directory has no changes");
    ok(file_exists(path("run/cco-p-1")) && w.error.kind == ERR_NONE,
       "ending a session without a directory removes nothing");
    w.killed = true;
    ok(session_dir_take(&s, path("run"), "cco-p-1", &w.error) == 0 &&
           session_end(&c.ctx, &w) == 0 && w.gone && !file_exists(path("run/cco-p-1")),
       "a killed session is removed after its lock was taken");
}

static void changes_are_reported_and_merged(void)
{
    struct session_dir s;
    struct session_end w = ending(&s);

    ok(begin(&s), "a session that changes nothing begins");
    is_int((long long)session_end(&c.ctx, &w), 0, "an idle session has no changes");
    ok(!file_exists(path("run/cco-p-1")) && !file_exists(path("state/reports")),
       "an idle session leaves neither directory nor report");
    ok(begin(&s), "a session begins that adds a server");
    w.returned_file = str_c("{\"mcpServers\":{\"srv\":{}}}");
    w.seen = true;
    (void)session_end(&c.ctx, &w);
    ok(!file_exists(path("state/reports")), "an attached terminal has said what is not kept");
    w.seen = false;
    ok(begin(&s), "another session begins that adds a server");
    (void)session_end(&c.ctx, &w);
    ok(file_exists(path("state/reports")), "without a terminal it is reported");
    ok(begin(&s), "a session that changes the project begins");
    put_file(path("p/.envrc"), "x");
    w.returned_file = str_c("{\"numStartups\":9,\"mcpServers\":{}}");
    is_int((long long)session_end(&c.ctx, &w), 1,
           "the change of a file that the host executes is counted");
    ok(strstr(get_file(path("claude.json")), "\"numStartups\":9") != NULL &&
           strstr(get_file(path("claude.json")), "mcpServers") == NULL,
       "permitted keys of .claude.json are merged");
    ok(!file_exists(path("run/cco-p-1")), "the directory is removed");
}

/* Reports are short enough to stay on the screen. */
static void many_changes_are_shortened(void)
{
    struct session_dir s;
    struct session_end w = ending(&s);
    const char *report;
    size_t lines = 0;

    (void)mkdir(path("p/.git"), 0700);
    (void)mkdir(path("p/.git/hooks"), 0700);
    ok(begin(&s), "a session that makes twenty hooks begins");
    for (int i = 0; i < 20; i++) {
        put_file(arena_printf(&c.arena, "%s/h%d", path("p/.git/hooks"), i), "x");
    }
    is_int((long long)session_end(&c.ctx, &w), 20, "twenty changes are counted");
    report = get_file(path(report_name));
    ok(strstr(report, ".git/hooks: 20 added") != NULL && strstr(report, "and 14 more") != NULL,
       "twenty hooks are one line");
    ok(begin(&s), "a session that makes many hooks begins");
    for (int i = 0; i < 500; i++) {
        put_file(arena_printf(&c.arena, "%s/i%d", path("p/.git/hooks"), i), "x");
    }
    is_int((long long)session_end(&c.ctx, &w), 500, "all changes are counted");
    report = get_file(path(report_name));
    for (const char *at = report; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    is_int((long long)lines, 1, "five hundred hooks are one line");
}

static void killed_session_is_ended_by_a_sweep(void)
{
    struct strv dead = {0};
    struct strv removed = {0};
    struct err e = {0};
    struct session_dir s;
    pid_t pid = fork();

    if (pid == 0) {
        if (begin(&s)) {
            put_file(path("run/cco-p-1/" JOURNAL_RETURNED), "{\"numStartups\":10}");
            put_file(path("p/.mcp.json"), "{}");
        }
        (void)kill(getpid(), SIGKILL);
    }
    (void)waitpid(pid, NULL, 0);
    strv_add(&dead, &c.arena, path("run/cco-p-1.lock"));
    ok(sessions_sweep_dead(&c.ctx, &dead, &removed, &e) == 0 && removed.count == 1,
       "a killed session is swept %s", e.text);
    ok(strstr(get_file(path("claude.json")), "\"numStartups\":10") != NULL,
       "the file that init had returned is merged");
    ok(!file_exists(path("run/cco-p-1")), "the directory of the killed session is removed");
    ok(sessions_sweep_dead(&c.ctx, &dead, &removed, &e) == 0 && removed.count == 1,
       "a second sweep finds nothing");
}

int main(void)
{
    tmpdir_make();
    log_set_level(LOG_QUIET);
    context_init(&c, no_env);
    c.facts.project = c.facts.cwd_physical = c.facts.claude_root = path("p");
    c.facts.home = path("home");
    c.facts.runtime_dir = path("run");
    c.facts.data_dir = path("data");
    c.facts.project_key = "p-1";
    c.facts.state_dir = path("state");
    c.facts.claude_json =
        (struct fact_path){path("claude.json"), path("claude.json"), FACT_FILE};
    (void)mkdir(path("p"), 0700);
    put_file(path("claude.json"), "{\"numStartups\":1}");
    report_name =
        arena_printf(&c.arena, "state/reports/%s.cco-p-1", project_key(&c.arena, path("p")));
    changes_are_reported_and_merged();
    outcome_decides();
    many_changes_are_shortened();
    killed_session_is_ended_by_a_sweep();
    tmpdir_remove();
    context_release(&c);
    return done_testing();
}
