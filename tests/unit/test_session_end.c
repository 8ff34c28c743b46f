/* SPDX-License-Identifier: MIT */
#include "session/session_end.h"

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
static const char *report_name; /* what is told of a session that nobody was looking at */

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
        session_end_prepare(&c.ctx, s, &e) < 0) {
        (void)printf("# %s\n", e.text);
        return false;
    }
    return true;
}

/* Of a session that has ended while nobody was looking. */
static struct session_end ending(struct session_dir *s)
{
    return (struct session_end){.name = "cco-p-1",
                                .project = path("p"),
                                .outcome = SESSION_ENDED,
                                .dir = s,
                                .background = true};
}

/* Without a directory nothing is touched but what was asked for. */
static void outcomes(void)
{
    struct session_dir s;
    struct session_end w = ending(&s);
    struct err e = {0};

    ok(begin(&s), "a session begins");
    w.outcome = SESSION_LOST;
    is_int((long long)session_end(&c.ctx, &w), 0, "one that is lost is not ended");
    ok(file_exists(path("run/cco-p-1")) && !w.gone, "its directory waits for the next cco");
    session_dir_init(&s);
    w.outcome = SESSION_LEFT;
    ok(engine_open(&c.engine, &native_engine, &(struct engine_env){0}, &c.sig, &c.arena, &e) ==
           0,
       "an engine %s", e.text);
    is_int((long long)session_end(&c.ctx, &w), 0, "one that another process has");
    ok(file_exists(path("run/cco-p-1")), "is not touched");
    w.outcome = SESSION_FAILED;
    is_int((long long)session_end(&c.ctx, &w), 0, "one that never had a directory");
    ok(file_exists(path("run/cco-p-1")) && w.error.kind == ERR_NONE, "has nothing to remove");
    w.killed = true;
    ok(session_dir_take(&s, path("run"), "cco-p-1", &w.error) == 0 &&
           session_end(&c.ctx, &w) == 0 && w.gone && !file_exists(path("run/cco-p-1")),
       "a killed one is removed once its lock is taken");
}

static void a_session(void)
{
    struct session_dir s;
    struct session_end w = ending(&s);

    ok(begin(&s), "a session begins");
    is_int((long long)session_end(&c.ctx, &w), 0, "and ends as it began");
    ok(!file_exists(path("run/cco-p-1")) && !file_exists(path("state")), "leaving nothing");
    ok(begin(&s), "another one");
    put_file(path("p/.envrc"), "x");
    w.returned_file = str_c("{\"numStartups\":9,\"mcpServers\":{}}");
    is_int((long long)session_end(&c.ctx, &w), 1, "has changed what the host executes");
    ok(strstr(get_file(path("claude.json")), "\"numStartups\":9") != NULL &&
           strstr(get_file(path("claude.json")), "mcpServers") == NULL,
       "what may come home has");
    ok(!file_exists(path("run/cco-p-1")), "nothing is left");
}

/* What the user is told stays on the screen. */
static void many_changes(void)
{
    struct session_dir s;
    struct session_end w = ending(&s);
    const char *report;
    size_t lines = 0;

    (void)mkdir(path("p/.git"), 0700);
    (void)mkdir(path("p/.git/hooks"), 0700);
    ok(begin(&s), "a session begins");
    for (int i = 0; i < 20; i++) {
        put_file(arena_printf(&c.arena, "%s/h%d", path("p/.git/hooks"), i), "x");
    }
    is_int((long long)session_end(&c.ctx, &w), 20, "twenty changes");
    report = get_file(path(report_name));
    ok(strstr(report, "more") == NULL, "are told");
    ok(begin(&s), "another one");
    for (int i = 0; i < 500; i++) {
        put_file(arena_printf(&c.arena, "%s/i%d", path("p/.git/hooks"), i), "x");
    }
    is_int((long long)session_end(&c.ctx, &w), 500, "five hundred");
    report = get_file(path(report_name));
    for (const char *at = report; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    is_int((long long)lines, 21, "are twenty lines and one");
    ok(strstr(report, "cco-p-1: 480 more changes\n") != NULL, "which says how many more");
}

static void killed(void)
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
    strv_add(&dead, &c.arena, "cco-p-1");
    ok(sessions_sweep_dead(&c.ctx, &dead, &removed, &e) == 0 && removed.count == 1,
       "a killed one is found %s", e.text);
    ok(strstr(get_file(path("claude.json")), "\"numStartups\":10") != NULL,
       "what it had returned is taken");
    ok(!file_exists(path("run/cco-p-1")), "and nothing is left");
    ok(sessions_sweep_dead(&c.ctx, &dead, &removed, &e) == 0 && removed.count == 1, "once");
}

int main(void)
{
    tmpdir_make();
    log_set_level(LOG_QUIET);
    context_init(&c, no_env);
    c.facts.cwd_physical = path("p");
    c.facts.runtime_dir = path("run");
    c.facts.data_dir = path("data");
    c.facts.state_dir = path("state");
    c.facts.claude_json =
        (struct fact_path){path("claude.json"), path("claude.json"), FACT_FILE};
    (void)mkdir(path("p"), 0700);
    put_file(path("claude.json"), "{\"numStartups\":1}");
    report_name =
        arena_printf(&c.arena, "state/reports/%s.cco-p-1", project_key(&c.arena, path("p")));
    a_session();
    outcomes();
    many_changes();
    killed();
    tmpdir_remove();
    context_release(&c);
    return done_testing();
}
