/* SPDX-License-Identifier: MIT */
#include "session/session_audit.h"

#include "base/fd.h"
#include "base/file.h"
#include "context.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <sys/file.h>

#define CONVERSATION "01234567-89ab-cdef-0123-456789abcdef"

static struct context c;
static struct strv kept;

/* Prepares the session "s" of the project "p" again. */
static void prepare(void)
{
    struct session_dir s = {.dir = in_tmp("run/s"), .lock_fd = -1};
    struct err e = {0};

    (void)file_remove_tree(in_tmp("run"), &e);
    (void)mkdir(in_tmp("run"), 0700);
    (void)mkdir(in_tmp("run/s"), 0700);
    ok(session_audit_prepare(&c.ctx, &kept, &s, &e) == 0, "the state before is written %s",
       e.text);
}

static void changes_are_counted(void)
{
    struct strv lines = {0};

    prepare();
    is_int((long long)session_audit_compare(in_tmp("run/s"), &c.arena, &lines), 0,
           "an unchanged project has no changes");
    put_file(in_tmp("p/.envrc"), "x");
    is_int((long long)session_audit_compare(in_tmp("run/s"), &c.arena, &lines), 1,
           "a change is counted");
    is_str(lines.v[0], ".envrc added (direnv sources it)", "and has a line");
    (void)unlink(in_tmp("p/.envrc"));
}

static void failure_counts_as_a_change(void)
{
    struct strv lines = {0};

    prepare();
    put_file(in_tmp("run/s/audit"), "not a snapshot");
    is_int((long long)session_audit_compare(in_tmp("run/s"), &c.arena, &lines), 1,
           "a comparison that fails counts as a change");
    ok(lines.count == 1 && strstr(lines.v[0], "cannot find out") != NULL, "and has a line");
    (void)unlink(in_tmp("run/s/audit"));
    is_int((long long)session_audit_compare(in_tmp("run/s"), &c.arena, &lines), 0,
           "a session that has not begun has no changes");
}

static void directories_of_options_count(void)
{
    struct opts_path paths[] = {{.path = "a", .access = ACCESS_WRITE},
                                {.path = "b", .access = ACCESS_READ}};
    struct fact_option_path facts[] = {
        {.physical = arena_strdup(&c.arena, in_tmp("a")), .type = FACT_DIR},
        {.physical = arena_strdup(&c.arena, in_tmp("b")), .type = FACT_DIR}};
    struct strv lines = {0};

    (void)mkdir(in_tmp("a"), 0700);
    (void)mkdir(in_tmp("b"), 0700);
    c.opts.paths = paths;
    c.opts.path_count = 2;
    c.facts.option_paths = facts;
    c.facts.option_path_count = 2;
    prepare();
    put_file(in_tmp("a/.envrc"), "x");
    put_file(in_tmp("b/.envrc"), "x");
    is_int((long long)session_audit_compare(in_tmp("run/s"), &c.arena, &lines), 1,
           "a directory that the session can write is examined, another one is not");
    is_str(lines.v[0],
           arena_printf(&c.arena, "%s added (direnv sources it)", in_tmp("a/.envrc")),
           "its path is absolute");
    c.opts.path_count = 0;
    c.facts.option_path_count = 0;
}

static void common_directory_of_git_counts(void)
{
    struct strv lines = {0};

    (void)mkdir(in_tmp("g"), 0700);
    c.facts.git_common_dir = arena_strdup(&c.arena, in_tmp("g"));
    prepare();
    put_file(in_tmp("g/config"), "[core]\npager = x\n");
    is_int((long long)session_audit_compare(in_tmp("run/s"), &c.arena, &lines), 1,
           "the common directory of a worktree is examined as git's own");
    c.facts.git_common_dir = NULL;
}

static void state_before_another_session_is_taken(void)
{
    const struct session_dir other = {.dir = arena_strdup(&c.arena, in_tmp("run/cco-o")),
                                      .lock_fd = -1};
    const struct session_dir mine = {.dir = arena_strdup(&c.arena, in_tmp("run/cco-s")),
                                     .lock_fd = -1};
    const struct session_dir later = {.dir = arena_strdup(&c.arena, in_tmp("run/cco-t")),
                                      .lock_fd = -1};
    struct strv lines = {0};
    struct err e = {0};
    int fd;

    prepare();
    (void)mkdir(other.dir, 0700);
    (void)mkdir(mine.dir, 0700);
    (void)mkdir(later.dir, 0700);
    put_file(in_tmp("run/cco-o.lock"), "p");
    fd = open(in_tmp("run/cco-o.lock"), O_RDWR | O_CLOEXEC);
    ok(flock(fd, LOCK_EX) == 0 && session_audit_prepare(&c.ctx, &kept, &other, &e) == 0,
       "another session runs");
    put_file(in_tmp("p/.envrc"), "x");
    ok(session_audit_prepare(&c.ctx, &kept, &mine, &e) == 0, "a session begins");
    is_int((long long)session_audit_compare(mine.dir, &c.arena, &lines), 1,
           "what the other session has changed counts in both");
    c.facts.project = c.facts.cwd_physical = arena_strdup(&c.arena, in_tmp("q"));
    (void)mkdir(in_tmp("q"), 0700);
    ok(session_audit_prepare(&c.ctx, &kept, &later, &e) == 0, "a session in another directory");
    is_int((long long)session_audit_compare(later.dir, &c.arena, &lines), 0,
           "is not compared with the state of this one");
    c.facts.project = c.facts.cwd_physical = arena_strdup(&c.arena, in_tmp("p"));
    (void)file_remove_tree(later.dir, &e);
    (void)mkdir(later.dir, 0700);
    fd_close(&fd);
    ok(session_audit_prepare(&c.ctx, &kept, &later, &e) == 0, "the other session was killed");
    is_int((long long)session_audit_compare(later.dir, &c.arena, &lines), 0,
           "its changes count no more");
    (void)unlink(in_tmp("run/cco-o.lock"));
    (void)unlink(in_tmp("p/.envrc"));
}

static void directories_of_claude_count(void)
{
    struct strv lines = {0};

    (void)mkdir(in_tmp("k"), 0700);
    strv_add(&kept, &c.arena, arena_strdup(&c.arena, in_tmp("k")));
    strv_add(&kept, &c.arena, arena_strdup(&c.arena, in_tmp("missing")));
    prepare();
    put_file(in_tmp("k/.envrc"), "x");
    is_int((long long)session_audit_compare(in_tmp("run/s"), &c.arena, &lines), 1,
           "a directory of claude's that the session can write is examined");
    kept = (struct strv){0};
}

static void caches_are_not_walked_through(void)
{
    struct strv lines = {0};

    c.opts.caches = true;
    c.facts.project_key = "p-1";
    c.facts.data_dir = tmpdir;
    (void)mkdir(in_tmp("caches"), 0700);
    (void)mkdir(in_tmp("caches/p-1"), 0700);
    (void)mkdir(in_tmp("caches/p-1/npm"), 0700);
    prepare();
    put_file(in_tmp("caches/p-1/npm/.envrc"), "x");
    is_int((long long)session_audit_compare(in_tmp("run/s"), &c.arena, &lines), 0,
           "files in caches of build tools are not examined");
    ok(symlink(in_tmp("caches/p-1/npm/.envrc"), in_tmp("p/.envrc")) == 0, "a link is planted");
    prepare();
    put_file(in_tmp("caches/p-1/npm/.envrc"), "changed");
    is_int((long long)session_audit_compare(in_tmp("run/s"), &c.arena, &lines), 1,
           "but those are to which the project leads");
    (void)unlink(in_tmp("p/.envrc"));
    c.opts.caches = false;
}

static void other_processes_get_the_result(void)
{
    struct strv lines = {0};
    struct strv got = {0};
    struct err e = {0};
    const char *resume;
    int fd;

    prepare();
    ok(!session_audit_is_strict(in_tmp("run/s"), &c.arena), "a session is not strict");
    c.opts.strict = true;
    prepare();
    c.opts.strict = false;
    ok(session_audit_is_strict(in_tmp("run/s"), &c.arena), "unless --strict was given");
    fd = session_audit_open(&c.ctx, c.facts.runtime_dir, "s");
    ok(fd >= 0, "another process opens the result");
    strv_add(&lines, &c.arena, "not about the audit");
    strv_add(&lines, &c.arena, "one");
    session_audit_publish(in_tmp("run/s"), 7, true, &lines, 1, CONVERSATION);
    (void)file_remove_tree(in_tmp("run/s"), &e);
    ok(session_audit_wait(&c.ctx, in_tmp("run/s.lock"), fd, &got, &resume),
       "it learns that the session was strict");
    ok(got.count == 1 && strcmp(got.v[0], "one") == 0, "and the lines of the audit");
    is_str(resume, CONVERSATION, "and the conversation that can be resumed");
    fd_close(&fd);
    ok(session_audit_open(&c.ctx, c.facts.runtime_dir, "s") < 0 &&
           !session_audit_wait(&c.ctx, in_tmp("run/s.lock"), -1, &got, &resume) &&
           resume == NULL,
       "a session that has ended has no result");
}

/* The agent cannot write the result, but what is printed is checked anyway. */
static void conversation_is_checked(void)
{
    struct strv got = {0};
    struct err e = {0};
    const char *resume = "";
    int fd;

    prepare();
    fd = session_audit_open(&c.ctx, c.facts.runtime_dir, "s");
    session_audit_publish(in_tmp("run/s"), 1, true, &got, 0, "x; rm -rf ~");
    (void)file_remove_tree(in_tmp("run/s"), &e);
    ok(session_audit_wait(&c.ctx, in_tmp("run/s.lock"), fd, &got, &resume),
       "the result is read");
    ok(got.count == 0 && resume == NULL, "an id of another form is dropped");
    fd_close(&fd);
}

int main(void)
{
    tmpdir_make();
    context_init(&c, (char *const[]){NULL});
    (void)mkdir(in_tmp("p"), 0700);
    (void)mkdir(in_tmp("home"), 0700);
    c.facts.project = c.facts.cwd_physical = arena_strdup(&c.arena, in_tmp("p"));
    c.facts.home = arena_strdup(&c.arena, in_tmp("home"));
    c.facts.runtime_dir = arena_strdup(&c.arena, in_tmp("run"));
    changes_are_counted();
    failure_counts_as_a_change();
    directories_of_options_count();
    directories_of_claude_count();
    caches_are_not_walked_through();
    common_directory_of_git_counts();
    state_before_another_session_is_taken();
    other_processes_get_the_result();
    conversation_is_checked();
    context_release(&c);
    tmpdir_remove();
    return done_testing();
}
