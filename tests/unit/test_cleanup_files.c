/* SPDX-License-Identifier: MIT */
#include "session/cleanup_files.h"

#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <time.h>

static struct arena arena;
static struct facts facts;

static void make(const char *name, int64_t age)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_NOW},
                                      {.tv_sec = (time_t)(facts.now_ms / 1000 - age)}};

    put_file(in_tmp(name), "x");
    ok(utimensat(AT_FDCWD, in_tmp(name), times, AT_SYMLINK_NOFOLLOW) == 0, "%s is made", name);
}

static void caches_of_all_projects(void)
{
    struct strv found = {0};
    struct err e = {0};

    (void)mkdir(in_tmp("data/caches"), 0700);
    (void)mkdir(in_tmp("data/caches/.app-1"), 0700);
    (void)mkdir(in_tmp("data/caches/app-2"), 0700);
    (void)mkdir(in_tmp("data/caches/app-2/go-mod"), 0700);
    put_file(in_tmp("data/caches/app-2/go-mod/x"), "x");
    ok(symlink(in_tmp("kept"), in_tmp("data/caches/link")) == 0 &&
           symlink(in_tmp("kept"), in_tmp("data/caches/app-2/go-mod/link")) == 0 &&
           chmod(in_tmp("data/caches/app-2/go-mod"), 0500) == 0,
       "links beside and in the caches are made");
    ok(cleanup_caches(&facts, false, &arena, &found, &e) == 0 && found.count == 2 &&
           strcmp(found.v[1], in_tmp("data/caches/app-2")) == 0,
       "the caches of each project are found, and links are not");
    facts.untrusted = &(struct fact_untrusted){facts.data_dir, "why", false};
    facts.untrusted_count = 1;
    found = (struct strv){0};
    ok(cleanup_caches(&facts, true, &arena, &found, &e) == 0 && found.count == 0,
       "a data directory reached through the project is skipped");
    facts.untrusted_count = 0;
    ok(cleanup_caches(&facts, true, &arena, &found, &e) == 0 && found.count == 2 &&
           !file_exists(in_tmp("data/caches/app-2")) &&
           !file_exists(in_tmp("data/caches/.app-1")),
       "they are removed, also directories that cannot be written");
    ok(file_exists(in_tmp("kept/d.tmp")), "nothing is removed by way of a link");
}

int main(void)
{
    struct strv paths = {0};
    char state[100];
    char data[100];

    tmpdir_make();
    (void)snprintf(state, sizeof(state), "%s", in_tmp("state"));
    (void)snprintf(data, sizeof(data), "%s", in_tmp("data"));
    facts = (struct facts){
        .state_dir = state, .data_dir = data, .now_ms = (int64_t)time(NULL) * 1000};
    cleanup_temps(&facts, true, &arena, &paths);
    is_int((long long)paths.count, 0, "without directories nothing is found");
    for (const char *const *d =
             (const char *const[]){"state", "data", "state/reports", "data/backups",
                                   "data/claude", "kept", NULL};
         *d != NULL; d++) {
        (void)mkdir(in_tmp(*d), 0700);
    }
    make("state/a.12.tmp", CLEANUP_TEMP_AGE_S);
    make("state/reports/b.cco-tmp", CLEANUP_TEMP_AGE_S + 99);
    make("state/new.tmp", CLEANUP_TEMP_AGE_S - 60);
    make("state/report", CLEANUP_TEMP_AGE_S);
    make("data/backups/c.tmp", CLEANUP_TEMP_AGE_S);
    make("data/claude/agents.tmp", CLEANUP_TEMP_AGE_S);
    make("kept/d.tmp", CLEANUP_TEMP_AGE_S);
    ok(symlink(in_tmp("kept"), in_tmp("state/images")) == 0,
       "a link instead of a directory can be made");
    ok(symlink(in_tmp("kept/d.tmp"), in_tmp("state/link.tmp")) == 0,
       "a link with a temporary name can be made");
    cleanup_temps(&facts, false, &arena, &paths);
    ok(paths.count == 3 && file_exists(in_tmp("state/a.12.tmp")),
       "without `remove` three files are found and stay");
    facts.untrusted = &(struct fact_untrusted){state, "why", false};
    facts.untrusted_count = 1;
    paths = (struct strv){0};
    cleanup_temps(&facts, true, &arena, &paths);
    ok(paths.count == 1 && file_exists(in_tmp("state/a.12.tmp")),
       "a state directory reached through the project is skipped: %zu", paths.count);
    facts.untrusted_count = 0;
    paths = (struct strv){0};
    cleanup_temps(&facts, true, &arena, &paths);
    ok(paths.count == 2 && !file_exists(in_tmp("state/a.12.tmp")) &&
           !file_exists(in_tmp("state/reports/b.cco-tmp")),
       "old temporary files are removed");
    ok(file_exists(in_tmp("state/new.tmp")) && file_exists(in_tmp("state/report")) &&
           file_exists(in_tmp("kept/d.tmp")) && file_exists(in_tmp("state/link.tmp")) &&
           file_exists(in_tmp("data/claude/agents.tmp")),
       "new files, other names, links and files of agents stay");
    caches_of_all_projects();
    arena_release(&arena);
    tmpdir_remove();
    return done_testing();
}
