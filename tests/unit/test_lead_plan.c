/* SPDX-License-Identifier: MIT */
/* Files that are compared by content, and paths that a filter skips. */
#include "sync/lead.h"

#include "sync.h"
#include "sync/filter.h"
#include "tap.h"

static char big[100001];

static void by_content(void)
{
    struct stat st;

    memset(big, 'x', sizeof(big) - 1);
    sync_fresh();
    write_at("local/touched", big, 1);
    write_at("local/both", big, 1);
    write_at("local/edited", big, 1);
    ok(sync_both(), "a run before the comparison succeeds");
    write_at("local/touched", big, 2);
    write_at("local/both", big, 3);
    write_at("remote/both", big, 4);
    big[50000] = 'y';
    write_at("remote/edited", big, 5);
    ok(sync_both(), "a run with large files of the same size succeeds");
    is_int((long long)sync_last.report.to_remote.bytes, 0, "equal files are not sent");
    is_int((long long)sync_last.report.to_local.bytes, 100000, "different files are sent");
    is_int((long long)sync_last.report.conflicts, 0, "equal files are not a conflict");
    ok(trees_alike(false), "their times are made equal");
    ok(stat(in_tmp("remote/both"), &st) == 0 && st.st_mtime == 3, "they get the local time");
}

static void filtered(void)
{
    struct sync_filter *f = NULL;
    struct sync_run run = {0};
    struct err e = {0};

    sync_filter_hide(&f, "secret");
    sync_filter_hide(&f, "d/hidden");
    run.filter = f;
    sync_fresh();
    dir_at("local/d");
    write_at("local/secret", "s", 1);
    write_at("local/d/hidden", "h", 1);
    write_at("local/d/seen", "s", 1);
    is_int(sync_run(&run, &e, NULL), 0, "a run with hidden paths succeeds");
    ok(!file_exists(in_tmp("remote/secret")) && !file_exists(in_tmp("remote/d/hidden")),
       "hidden paths are not pushed");
    is_str(get_file(in_tmp("remote/d/seen")), "s", "other paths are synchronized");
    write_at("remote/secret", "made there", 2);
    write_at("remote/new", "n", 2);
    (void)unlink(in_tmp("local/d/hidden"));
    write_at("remote/d/hidden", "made there", 2);
    is_int(sync_run(&run, &e, NULL), 0, "a run with remote files under hidden names succeeds");
    is_str(get_file(in_tmp("local/secret")), "s", "a hidden file is not overwritten");
    ok(!file_exists(in_tmp("local/d/hidden")), "a hidden file is not created");
    is_str(get_file(in_tmp("local/new")), "n", "other paths are synchronized");
    remove_at("remote/d");
    is_int(sync_run(&run, &e, NULL), 0,
           "a run after the removal of a remote directory succeeds");
    write_at("local/secret", "s2", 3);
    is_int(sync_run(&run, &e, NULL), 0, "the run after it succeeds");
    is_str(get_file(in_tmp("local/secret")), "s2", "a hidden file keeps its local change");
    sync_filter_free(f);

    f = NULL;
    sync_filter_hide(&f, "new");
    run.filter = f;
    is_int(sync_run(&run, &e, NULL), 0, "a run that hides a synchronized path succeeds");
    ok(file_exists(in_tmp("local/new")) && file_exists(in_tmp("remote/new")),
       "that path is removed on neither side");
    sync_filter_free(f);
}

int main(void)
{
    sync_start();
    by_content();
    filtered();
    sync_end();
    return done_testing();
}
