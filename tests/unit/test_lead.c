/* SPDX-License-Identifier: MIT */
/* Both ends together: what a user sees of a run. */
#include "sync/lead.h"

#include "sync_random.h"
#include "tap.h"

static bool report_is(uint64_t remote_new, uint64_t remote_changed, uint64_t remote_gone,
                      uint64_t here_new, uint64_t here_changed, uint64_t here_gone)
{
    const struct sync_count *f = &sync_last.report.to_remote;
    const struct sync_count *h = &sync_last.report.to_local;
    bool good = f->created == remote_new && f->changed == remote_changed &&
                f->deleted == remote_gone && h->created == here_new &&
                h->changed == here_changed && h->deleted == here_gone;

    if (!good) {
        (void)printf("#   there %llu/%llu/%llu, here %llu/%llu/%llu\n",
                     (unsigned long long)f->created, (unsigned long long)f->changed,
                     (unsigned long long)f->deleted, (unsigned long long)h->created,
                     (unsigned long long)h->changed, (unsigned long long)h->deleted);
    }
    return good;
}

static void clear(void)
{
    remove_at("here");
    remove_at("remote");
    remove_at("base");
    remove_at("remote-base");
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
    ok(trees_alike(true), "the remote side has everything");
    ok(report_is(4, 0, 0, 0, 0, 0), "and it is counted");
    ok(sync_both() && report_is(0, 0, 0, 0, 0, 0), "then there is nothing to do");

    write_at("remote/d/b", "beta, changed there", 1700000000);
    write_at("remote/new", "made there", 1700000001);
    (void)unlink(in_tmp("remote/a"));
    write_at("here/zero", "changed here", 1700000002);
    (void)unlink(in_tmp("here/d/link"));
    ok(sync_both(), "changes on both sides");
    ok(trees_alike(false), "are on both sides then");
    ok(report_is(0, 1, 1, 1, 1, 1), "and are counted");
    is_str(get_file(in_tmp("here/d/b")), "beta, changed there", "theirs");
    is_str(get_file(in_tmp("remote/zero")), "changed here", "and ours");
    ok(!file_exists(in_tmp("here/a")), "what was removed there is gone here");
    ok(sync_both() && report_is(0, 0, 0, 0, 0, 0), "and again there is nothing to do");
    clear();
}

static void conflicts(void)
{
    struct buf a;

    dir_at("here");
    write_at("here/a", "old", 1);
    write_at("here/same", "old", 1);
    write_at("here/mode", "old", 1);
    ok(sync_both(), "before a conflict");
    write_at("here/a", "ours", 2);
    write_at("remote/a", "their", 3);
    write_at("here/same", "alike!", 2);
    write_at("remote/same", "alike!", 3);
    write_at("here/new", "1", 2);
    write_at("remote/new", "2", 3);
    ok(sync_both(), "a conflict");
    is_str(get_file(in_tmp("here/a")), "ours", "the host's stays here");
    is_str(get_file(in_tmp("remote/a")), "ours", "and goes there");
    is_str(get_file(in_tmp("here/a.cco-conflict")), "their", "theirs is kept beside");
    is_str(get_file(in_tmp("here/new.cco-conflict")), "2", "of a new one too");
    ok(!file_exists(in_tmp("remote/a.cco-conflict")) &&
           !file_exists(in_tmp("here/same.cco-conflict")),
       "only here, and only what differs");
    is_int((long long)sync_last.report.conflicts, 2, "two are counted");
    ok(sync_last.report.kept.count == 2 &&
           strcmp(sync_last.report.kept.v[0], in_tmp("here/a.cco-conflict")) == 0,
       "and named");
    ok(sync_both() && sync_last.report.conflicts == 0 && trees_alike(false),
       "the next run has none, and takes what was kept along");
    write_at("here/a", "ours again", 4);
    write_at("remote/a", "theirs again", 5);
    ok(sync_both(), "another conflict of the same file");
    is_str(get_file(in_tmp("here/a.cco-conflict-2")), "theirs again", "gets a number");
    tree_of("here", false, &a);
    ok(!str_contains(buf_str(&a), ".cco-sync."), "nothing temporary is left");
    buf_release(&a);
    clear();
}

static void types(void)
{
    dir_at("here");
    dir_at("here/d");
    dir_at("here/e");
    write_at("here/d/x", "x", 1);
    write_at("here/e/x", "x", 1);
    write_at("here/f", "f", 1);
    write_at("here/g", "g", 1);
    ok(sync_both(), "before types change");
    remove_at("here/d");
    write_at("here/d", "a file now", 2); /* directory to file, here */
    remove_at("remote/e");
    (void)symlink("d", in_tmp("remote/e")); /* directory to link, there */
    remove_at("here/f");
    dir_at("here/f");
    write_at("here/f/y", "y", 2); /* file to directory */
    remove_at("remote/g");
    dir_at("remote/g");
    write_at("remote/g/z", "z", 2);
    ok(sync_both() && trees_alike(false), "types change on both sides");
    is_str(get_file(in_tmp("remote/f/y")), "y", "with what is in them");
    is_str(get_file(in_tmp("here/g/z")), "z", "both ways");

    remove_at("here/g");
    write_at("here/g", "file", 3);
    write_at("remote/g/z", "changed there", 3);
    dir_at("remote/g/deep");
    write_at("remote/g/deep/er", "new there", 3);
    write_at("here/f/y", "changed here", 3);
    remove_at("remote/f");
    write_at("remote/f", "a file there", 3);
    ok(sync_both(), "a directory that one side replaced and the other changed");
    is_str(get_file(in_tmp("here/g")), "file", "the host's stays");
    is_str(get_file(in_tmp("here/g.cco-conflict/z")), "changed there",
           "what was in it is kept");
    is_str(get_file(in_tmp("here/g.cco-conflict/deep/er")), "new there", "all of it");
    is_str(get_file(in_tmp("remote/g")), "file", "and it goes there");
    is_str(get_file(in_tmp("remote/f/y")), "changed here", "a directory of the host's too");
    is_str(get_file(in_tmp("here/f.cco-conflict")), "a file there", "theirs beside");
    ok(sync_both() && trees_alike(false), "the next run makes them alike");
    clear();
}

static void one_way(void)
{
    const struct sync_run push = {.push_only = true};
    const struct sync_run pull = {.pull_only = true};
    struct err e = {0};

    dir_at("here");
    write_at("here/a", "a", 1);
    write_at("here/b", "b", 1);
    is_int(sync_run(&push, &e, NULL), 0, "push only");
    write_at("remote/a", "changed there", 2);
    write_at("remote/more", "made there", 2);
    (void)unlink(in_tmp("remote/b"));
    is_int(sync_run(&push, &e, NULL), 0, "after changes there");
    ok(trees_alike(false), "the remote side is what the host has");
    is_str(get_file(in_tmp("here/a")), "a", "nothing came back");

    write_at("remote/a", "changed there", 3);
    write_at("remote/more", "made there", 3);
    write_at("here/own", "made here", 3);
    write_at("here/b", "changed here", 3);
    is_int(sync_run(&pull, &e, NULL), 0, "pull only");
    is_str(get_file(in_tmp("here/a")), "changed there", "a change comes");
    is_str(get_file(in_tmp("here/more")), "made there", "and a new one");
    is_str(get_file(in_tmp("remote/b")), "b", "but nothing goes");
    ok(!file_exists(in_tmp("remote/own")) && file_exists(in_tmp("here/own")), "neither new");
    (void)unlink(in_tmp("remote/a"));
    write_at("remote/b", "both changed", 4);
    is_int(sync_run(&pull, &e, NULL), 0, "again");
    ok(!file_exists(in_tmp("here/a")), "a removal comes");
    is_str(get_file(in_tmp("here/b")), "changed here", "of two changes the host's stays");
    is_str(get_file(in_tmp("here/b.cco-conflict")), "both changed", "theirs is kept");
    is_int(sync_run(&pull, &e, NULL), 0, "and again");
    ok(!file_exists(in_tmp("here/b.cco-conflict-2")), "once");
    clear();
}

static void looking(void)
{
    const struct sync_run look = {.look = true};
    struct err e = {0};

    dir_at("here");
    write_at("here/a", "a", 1);
    ok(sync_both(), "before a look");
    write_at("remote/b", "b", 1);
    write_at("here/c", "c", 1);
    is_int(sync_run(&look, &e, NULL), 0, "only a look");
    ok(report_is(1, 0, 0, 1, 0, 0), "tells what would be done");
    ok(!file_exists(in_tmp("here/b")) && !file_exists(in_tmp("remote/c")), "and does nothing");
    clear();
}

/* Random changes on both sides, again and again. */
static void random_trees(void)
{
    unsigned rounds = getenv("CCO_LONG") != NULL ? 400 : 40;
    struct chance c = {42, 0};
    struct buf old;
    bool alike = true;
    bool kept = true;
    bool quiet = true;

    dir_at("here");
    buf_init(&old, 1 << 22);
    for (unsigned round = 0; round < rounds && alike && kept && quiet; round++) {
        struct buf here;
        struct buf remote;
        struct buf after;

        for (unsigned i = chance_below(&c, 12); i > 0; i--) {
            random_change(&c, "here");
        }
        for (unsigned i = round == 0 ? 0 : chance_below(&c, 12); i > 0; i--) {
            random_change(&c, "remote");
        }
        contents_of("here", &here);
        contents_of("remote", &remote);
        alike = sync_both();
        contents_of("here", &after);
        kept = nothing_lost(&here, &old, &after) && nothing_lost(&remote, &old, &after);
        alike = alike && sync_both() && trees_alike(false);
        quiet = sync_both() && report_is(0, 0, 0, 0, 0, 0) && no_temporaries() &&
                sync_last.report.unsettled == 0;
        if (!alike || !kept || !quiet) {
            (void)printf("# round %u\n", round);
        }
        buf_release(&here);
        buf_release(&remote);
        buf_release(&old);
        old = after;
    }
    buf_release(&old);
    ok(alike, "random changes: both are alike in the end");
    ok(kept, "nothing that was written is lost");
    ok(quiet, "and then there is nothing to do");
    clear();
}

int main(void)
{
    sync_start();
    first_and_second();
    conflicts();
    types();
    one_way();
    looking();
    random_trees();
    sync_end();
    return done_testing();
}
