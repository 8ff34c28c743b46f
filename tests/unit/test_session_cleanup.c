/* SPDX-License-Identifier: MIT */
/* The leftovers that a cleanup finds without an engine. test_cleanup.c has containers. */
#include "session/session_cleanup.h"

#include "base/file_lock.h"
#include "context.h"
#include "tap.h"
#include "tmpdir.h"

static struct context c;
static struct session_cleanup cleanup;

static void look(void)
{
    struct err e = {0};

    ok(session_cleanup_look(&cleanup, &c.ctx, &e) == 0, "the cleanup looks for leftovers %s",
       e.text);
}

static void leave(void)
{
    (void)mkdir(in_tmp("cco-n-1"), 0700);
    put_file(in_tmp("cco-n-1/engine"), "native");
    put_file(in_tmp("cco-n-1.lock"), "/p");
    put_file(in_tmp("cco-old.key"), "k");
}

static void caches_are_removed_with_all(void)
{
    struct err e = {0};
    int lock;

    c.facts.data_dir = arena_strdup(&c.arena, in_tmp("data"));
    (void)mkdir(in_tmp("data"), 0700);
    (void)mkdir(in_tmp("data/caches"), 0700);
    (void)mkdir(in_tmp("data/caches/app-1"), 0700);
    look();
    session_cleanup_do(&cleanup, false);
    ok(cleanup.caches == 1 && cleanup.files.count == 0 &&
           file_exists(in_tmp("data/caches/app-1")),
       "caches stay, and are counted");
    c.opts.all = true;
    leave();
    lock = file_lock(in_tmp("cco-n-1.lock"), FILE_LOCK_NOW, &e);
    look();
    session_cleanup_do(&cleanup, false);
    ok(lock >= 0 && cleanup.caches == 1 && file_exists(in_tmp("data/caches/app-1")),
       "they stay with --all while a session may use them");
    (void)close(lock);
    look();
    session_cleanup_do(&cleanup, false);
    ok(cleanup.caches == 0 && strv_has(&cleanup.files, in_tmp("data/caches/app-1")) &&
           !file_exists(in_tmp("data/caches/app-1")),
       "with --all they are removed");
}

int main(void)
{
    struct err e = {0};
    int lock;

    tmpdir_make();
    context_init(&c, (char *const[]){NULL});
    c.facts.runtime_dir = tmpdir;
    c.facts.project = c.facts.cwd_physical = c.facts.claude_root = c.facts.dotenv_dir = "/";
    c.facts.state_dir = c.facts.data_dir = "/nowhere";
    c.opts.engine = ENGINE_NATIVE;
    leave();
    c.opts.dry_run = true;
    look();
    ok(cleanup.session_count == 1 && cleanup.count == 0 && !cleanup.has_engine,
       "a killed session is found, and nothing runs");
    session_cleanup_do(&cleanup, true);
    ok(cleanup.swept.count == 1 && cleanup.files.count == 1 && cleanup.stopped.count == 0 &&
           file_exists(in_tmp("cco-n-1")) && file_exists(in_tmp("cco-old.key")),
       "a dry run records what it would remove and removes nothing");
    c.opts.dry_run = false;
    lock = file_lock(in_tmp("cco-n-1.lock"), FILE_LOCK_NOW, &e);
    look();
    session_cleanup_do(&cleanup, false);
    ok(lock >= 0 && cleanup.swept.count == 0 && cleanup.files.count == 1 &&
           file_exists(in_tmp("cco-n-1")) && !file_exists(in_tmp("cco-old.key")),
       "a session whose lock is held is not swept, but strays are removed");
    ok(cleanup.left_count == 1 && cleanup.left[0].why == CLEANUP_PROCESS_LIVES &&
           strcmp(cleanup.left[0].project, "/p") == 0,
       "it is recorded with the reason");
    (void)close(lock);
    look();
    session_cleanup_do(&cleanup, false);
    ok(cleanup.swept.count == 1 && !file_exists(in_tmp("cco-n-1")),
       "a session whose lock is free is swept");
    ok(cleanup.left_count == 0 && cleanup.first.kind == ERR_NONE, "there is no error");
    caches_are_removed_with_all();
    context_release(&c);
    tmpdir_remove();
    return done_testing();
}
