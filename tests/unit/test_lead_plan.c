/* SPDX-License-Identifier: MIT */
/* What is compared by content, and what a filter keeps out. */
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
    ok(sync_both(), "before a comparison");
    write_at("local/touched", big, 2);
    write_at("local/both", big, 3);
    write_at("remote/both", big, 4);
    big[50000] = 'y';
    write_at("remote/edited", big, 5);
    ok(sync_both(), "large files of one size");
    is_int((long long)sync_last.report.to_remote.bytes, 0, "equal ones are not sent");
    is_int((long long)sync_last.report.to_local.bytes, 100000, "different ones are");
    is_int((long long)sync_last.report.conflicts, 0, "equal ones are no conflict");
    ok(trees_alike(false), "times are made equal");
    ok(stat(in_tmp("remote/both"), &st) == 0 && st.st_mtime == 3, "to the host's");
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
    is_int(sync_run(&run, &e, NULL), 0, "with hidden paths");
    ok(!file_exists(in_tmp("remote/secret")) && !file_exists(in_tmp("remote/d/hidden")),
       "they do not go");
    is_str(get_file(in_tmp("remote/d/seen")), "s", "others do");
    write_at("remote/secret", "made there", 2);
    write_at("remote/new", "n", 2);
    (void)unlink(in_tmp("local/d/hidden"));
    write_at("remote/d/hidden", "made there", 2);
    is_int(sync_run(&run, &e, NULL), 0, "and what is offered under these names");
    is_str(get_file(in_tmp("local/secret")), "s", "does not come");
    ok(!file_exists(in_tmp("local/d/hidden")), "nor where there is nothing");
    is_str(get_file(in_tmp("local/new")), "n", "others do");
    remove_at("remote/d");
    is_int(sync_run(&run, &e, NULL), 0, "a directory that goes there");
    write_at("local/secret", "s2", 3);
    is_int(sync_run(&run, &e, NULL), 0, "and again");
    is_str(get_file(in_tmp("local/secret")), "s2", "what is hidden stays as it is");
    sync_filter_free(f);

    f = NULL;
    sync_filter_hide(&f, "new");
    run.filter = f;
    is_int(sync_run(&run, &e, NULL), 0, "a path that was known is hidden");
    ok(file_exists(in_tmp("local/new")) && file_exists(in_tmp("remote/new")),
       "it is removed on neither side");
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
