/* SPDX-License-Identifier: MIT */
/* Both ends together: what a user sees of a run. */
#include "sync/lead.h"

#include "sync.h"
#include "tap.h"

static bool report_is(uint64_t far_new, uint64_t far_changed, uint64_t far_gone,
                      uint64_t here_new, uint64_t here_changed, uint64_t here_gone)
{
    const struct sync_count *f = &sync_last.report.to_far;
    const struct sync_count *h = &sync_last.report.to_here;
    bool good = f->created == far_new && f->changed == far_changed && f->deleted == far_gone &&
                h->created == here_new && h->changed == here_changed && h->deleted == here_gone;

    if (!good) {
        (void)printf("#   there %llu/%llu/%llu, here %llu/%llu/%llu\n",
                     (unsigned long long)f->created, (unsigned long long)f->changed,
                     (unsigned long long)f->deleted, (unsigned long long)h->created,
                     (unsigned long long)h->changed, (unsigned long long)h->deleted);
    }
    return good;
}

static void first_and_second(void)
{
    dir_at("here");
    dir_at("here/d");
    dir_at("here/empty");
    write_at("here/a", "alpha", 1000000000);
    write_at("here/d/b", "beta", -5);
    write_at("here/zero", "", 1);
    (void)chmod(in_tmp("here/a"), 0751);
    (void)chmod(in_tmp("here/zero"), 0);
    (void)symlink("/nowhere/at all", in_tmp("here/d/link"));
    ok(sync_both(), "a first run");
    ok(trees_alike(true), "the far side has everything");
    ok(report_is(4, 0, 0, 0, 0, 0), "and it is counted");
    ok(sync_both() && report_is(0, 0, 0, 0, 0, 0), "then there is nothing to do");

    write_at("far/d/b", "beta, changed there", 1700000000);
    write_at("far/new", "made there", 1700000001);
    (void)unlink(in_tmp("far/a"));
    write_at("here/zero", "changed here", 1700000002);
    (void)unlink(in_tmp("here/d/link"));
    ok(sync_both(), "changes on both sides");
    ok(trees_alike(false), "are on both sides then");
    ok(report_is(0, 1, 1, 1, 1, 1), "and are counted");
    is_str(get_file(in_tmp("here/d/b")), "beta, changed there", "theirs");
    is_str(get_file(in_tmp("far/zero")), "changed here", "and ours");
    ok(!file_exists(in_tmp("here/a")), "what was removed there is gone here");
    ok(sync_both() && report_is(0, 0, 0, 0, 0, 0), "and again there is nothing to do");
}

int main(void)
{
    sync_start();
    first_and_second();
    sync_end();
    return done_testing();
}
