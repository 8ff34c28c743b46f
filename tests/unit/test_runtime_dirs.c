/* SPDX-License-Identifier: MIT */
/* Runtime directories of other environments. */
#include "session/runtime_dirs.h"

#include "base/file.h"
#include "tap.h"
#include "tmpdir.h"

#include "trust/ledger.h"

static struct arena arena;
static struct facts f;

static const char *path(const char *name)
{
    return arena_strdup(&arena, in_tmp(name));
}

static const char *state(void)
{
    return path("state/runtime-dirs");
}

static void sessions_of_other_directories_are_listed(void)
{
    struct session_dir_found *all = NULL;
    struct err e = {0};
    size_t count = 9;
    struct strv dirs;

    f.runtime_dir = path("b");
    ok(runtime_dirs_list(&f, &arena, &all, &count, &e) == 0 && count == 0,
       "without any directory no session is listed %s", e.text);
    put_file(path("a/cco-a-1.lock"), "/p");
    put_file(path("b/cco-b-1.lock"), "/p");
    runtime_dirs_note(&f, path("a"));
    runtime_dirs_note(&f, path("b"));
    runtime_dirs_note(&f, path("a"));
    dirs = runtime_dirs(&f, &arena);
    ok(dirs.count == 2 && strcmp(dirs.v[0], path("b")) == 0 &&
           strcmp(dirs.v[1], path("a")) == 0,
       "each directory is known once, that of this environment first");
    ok(runtime_dirs_list(&f, &arena, &all, &count, &e) == 0 && count == 2,
       "the sessions in all of them are listed %s", e.text);
    is_str(all[1].name, "cco-a-1", "with their names");
    is_str(all[1].runtime_dir, path("a"), "and their directories");
    (void)chmod(path("a"), 0755);
    ok(runtime_dirs_list(&f, &arena, &all, &count, &e) == 0 && count == 1,
       "a directory that others can access is left out");
    (void)chmod(path("a"), 0700);
    (void)chmod(path("b"), 0755);
    ok(runtime_dirs_list(&f, &arena, &all, &count, &e) < 0 && count == 0,
       "unless it is that of this environment: %s", e.text);
    (void)chmod(path("b"), 0700);
}

static void directories_of_agents_are_left_out(void)
{
    struct ledger trees = {0};

    ledger_add(&trees, &arena, path("a"));
    f.trees = &trees;
    ok(runtime_dirs(&f, &arena).count == 1,
       "a directory that an agent could write is left out");
    f.trees = NULL;
    ok(runtime_dirs(&f, &arena).count == 2, "it is known nevertheless");
}

static void the_record_is_bounded(void)
{
    struct strv dirs;

    put_file(state(), "relative\n\n/nowhere\n/\n");
    dirs = runtime_dirs(&f, &arena);
    ok(dirs.count == 2 && strcmp(dirs.v[1], "/") == 0,
       "only absolute paths of directories that exist count");
    for (int i = 0; i < 2 * RUNTIME_DIRS_MAX; i++) {
        const char *dir = path(arena_printf(&arena, "many-%d", i));

        (void)mkdir(dir, 0700);
        runtime_dirs_note(&f, dir);
    }
    dirs = runtime_dirs(&f, &arena);
    is_int((long long)dirs.count, RUNTIME_DIRS_MAX + 1, "the number of directories is limited");
    is_str(dirs.v[1], path(arena_printf(&arena, "many-%d", 2 * RUNTIME_DIRS_MAX - 1)),
           "the newest ones are known");
    ok(strstr(get_file(state()), "nowhere") == NULL, "those that do not exist are dropped");
    runtime_dirs_note(&f, path("new\nline"));
    ok(strstr(get_file(state()), "new") == NULL, "a path with a newline is not recorded");
    f.state_dir = NULL;
    runtime_dirs_note(&f, path("a"));
    is_int((long long)runtime_dirs(&f, &arena).count, 1,
           "without a state directory only that of this environment is known");
}

int main(void)
{
    tmpdir_make();
    (void)mkdir(in_tmp("a"), 0700);
    (void)mkdir(in_tmp("b"), 0700);
    f.state_dir = path("state");
    sessions_of_other_directories_are_listed();
    directories_of_agents_are_left_out();
    the_record_is_bounded();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
