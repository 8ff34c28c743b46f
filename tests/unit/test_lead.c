/* SPDX-License-Identifier: MIT */
/* Both ends together: what a user sees of a run; and runs that are cut short, on either side
 * and anywhere, and bases that are lost: nothing is lost with them. */
#include "sync/lead.h"

#include "sync_random.h"
#include "tap.h"

static bool report_is(uint64_t remote_new, uint64_t remote_changed, uint64_t remote_gone,
                      uint64_t local_new, uint64_t local_changed, uint64_t local_gone)
{
    const struct sync_count *f = &sync_last.report.to_remote;
    const struct sync_count *h = &sync_last.report.to_local;
    bool good = f->created == remote_new && f->changed == remote_changed &&
                f->deleted == remote_gone && h->created == local_new &&
                h->changed == local_changed && h->deleted == local_gone;

    if (!good) {
        (void)printf("#   remote %llu/%llu/%llu, local %llu/%llu/%llu\n",
                     (unsigned long long)f->created, (unsigned long long)f->changed,
                     (unsigned long long)f->deleted, (unsigned long long)h->created,
                     (unsigned long long)h->changed, (unsigned long long)h->deleted);
    }
    return good;
}

static void first_and_second(void)
{
    sync_fresh();
    dir_at("local/d");
    dir_at("local/empty");
    write_at("local/a", "alpha", 1000000000);
    write_at("local/d/b", "beta", -5);
    write_at("local/zero", "", 1);
    (void)chmod(in_tmp("local/a"), 0751);
    (void)chmod(in_tmp("local/zero"), 0);
    (void)symlink("/nowhere/at all", in_tmp("local/d/link"));
    ok(sync_both(), "a first run");
    ok(trees_alike(true), "the remote side has everything");
    ok(report_is(4, 0, 0, 0, 0, 0), "and it is counted");
    ok(sync_both() && report_is(0, 0, 0, 0, 0, 0), "then there is nothing to do");

    write_at("remote/d/b", "beta, changed there", 1700000000);
    write_at("remote/new", "made there", 1700000001);
    (void)unlink(in_tmp("remote/a"));
    write_at("local/zero", "changed here", 1700000002);
    (void)unlink(in_tmp("local/d/link"));
    ok(sync_both(), "changes on both sides");
    ok(trees_alike(false), "are on both sides then");
    ok(report_is(0, 1, 1, 1, 1, 1), "and are counted");
    is_str(get_file(in_tmp("local/d/b")), "beta, changed there", "theirs");
    is_str(get_file(in_tmp("remote/zero")), "changed here", "and ours");
    ok(!file_exists(in_tmp("local/a")), "what was removed there is gone here");
    ok(sync_both() && report_is(0, 0, 0, 0, 0, 0), "and again there is nothing to do");
}

static void conflicts(void)
{
    struct buf a;

    sync_fresh();
    write_at("local/a", "old", 1);
    write_at("local/same", "old", 1);
    write_at("local/mode", "old", 1);
    ok(sync_both(), "before a conflict");
    write_at("local/a", "ours", 2);
    write_at("remote/a", "their", 3);
    write_at("local/same", "alike!", 2);
    write_at("remote/same", "alike!", 3);
    write_at("local/new", "1", 2);
    write_at("remote/new", "2", 3);
    ok(sync_both(), "a conflict");
    is_str(get_file(in_tmp("local/a")), "ours", "the host's stays here");
    is_str(get_file(in_tmp("remote/a")), "ours", "and goes there");
    is_str(get_file(in_tmp("local/a.cco-conflict")), "their", "theirs is kept beside");
    is_str(get_file(in_tmp("local/new.cco-conflict")), "2", "of a new one too");
    ok(!file_exists(in_tmp("remote/a.cco-conflict")) &&
           !file_exists(in_tmp("local/same.cco-conflict")),
       "only here, and only what differs");
    is_int((long long)sync_last.report.conflicts, 2, "two are counted");
    ok(sync_last.report.kept.count == 2 &&
           strcmp(sync_last.report.kept.v[0], in_tmp("local/a.cco-conflict")) == 0,
       "and named");
    ok(sync_both() && sync_last.report.conflicts == 0 && trees_alike(false),
       "the next run has none, and takes what was kept along");
    write_at("local/a", "ours again", 4);
    write_at("remote/a", "theirs again", 5);
    ok(sync_both(), "another conflict of the same file");
    is_str(get_file(in_tmp("local/a.cco-conflict-2")), "theirs again", "gets a number");
    tree_of("local", false, &a);
    ok(!str_contains(buf_str(&a), ".cco-sync."), "nothing temporary is left");
    buf_release(&a);
}

static void types(void)
{
    sync_fresh();
    dir_at("local/d");
    dir_at("local/e");
    write_at("local/d/x", "x", 1);
    write_at("local/e/x", "x", 1);
    write_at("local/f", "f", 1);
    write_at("local/g", "g", 1);
    ok(sync_both(), "before types change");
    remove_at("local/d");
    write_at("local/d", "a file now", 2); /* directory to file, here */
    remove_at("remote/e");
    (void)symlink("d", in_tmp("remote/e")); /* directory to link, there */
    remove_at("local/f");
    dir_at("local/f");
    write_at("local/f/y", "y", 2); /* file to directory */
    remove_at("remote/g");
    dir_at("remote/g");
    write_at("remote/g/z", "z", 2);
    ok(sync_both() && trees_alike(false), "types change on both sides");
    is_str(get_file(in_tmp("remote/f/y")), "y", "with what is in them");
    is_str(get_file(in_tmp("local/g/z")), "z", "both ways");

    remove_at("local/g");
    write_at("local/g", "file", 3);
    write_at("remote/g/z", "changed there", 3);
    dir_at("remote/g/deep");
    write_at("remote/g/deep/er", "new there", 3);
    write_at("local/f/y", "changed here", 3);
    remove_at("remote/f");
    write_at("remote/f", "a file there", 3);
    ok(sync_both(), "a directory that one side replaced and the other changed");
    is_str(get_file(in_tmp("local/g")), "file", "the host's stays");
    is_str(get_file(in_tmp("local/g.cco-conflict/z")), "changed there",
           "what was in it is kept");
    is_str(get_file(in_tmp("local/g.cco-conflict/deep/er")), "new there", "all of it");
    is_str(get_file(in_tmp("remote/g")), "file", "and it goes there");
    is_str(get_file(in_tmp("remote/f/y")), "changed here", "a directory of the host's too");
    is_str(get_file(in_tmp("local/f.cco-conflict")), "a file there", "theirs beside");
    ok(sync_both() && trees_alike(false), "the next run makes them alike");
}

static void one_way(void)
{
    const struct sync_run push = {.push_only = true};
    const struct sync_run pull = {.pull_only = true};
    struct err e = {0};

    sync_fresh();
    write_at("local/a", "a", 1);
    write_at("local/b", "b", 1);
    is_int(sync_run(&push, &e, NULL), 0, "push only");
    write_at("remote/a", "changed there", 2);
    write_at("remote/more", "made there", 2);
    (void)unlink(in_tmp("remote/b"));
    is_int(sync_run(&push, &e, NULL), 0, "after changes there");
    ok(trees_alike(false), "the remote side is what the host has");
    is_str(get_file(in_tmp("local/a")), "a", "nothing came back");

    write_at("remote/a", "changed there", 3);
    write_at("remote/more", "made there", 3);
    write_at("local/own", "made here", 3);
    write_at("local/b", "changed here", 3);
    is_int(sync_run(&pull, &e, NULL), 0, "pull only");
    is_str(get_file(in_tmp("local/a")), "changed there", "a change comes");
    is_str(get_file(in_tmp("local/more")), "made there", "and a new one");
    is_str(get_file(in_tmp("remote/b")), "b", "but nothing goes");
    ok(!file_exists(in_tmp("remote/own")) && file_exists(in_tmp("local/own")), "neither new");
    (void)unlink(in_tmp("remote/a"));
    write_at("remote/b", "both changed", 4);
    is_int(sync_run(&pull, &e, NULL), 0, "again");
    ok(!file_exists(in_tmp("local/a")), "a removal comes");
    is_str(get_file(in_tmp("local/b")), "changed here", "of two changes the host's stays");
    is_str(get_file(in_tmp("local/b.cco-conflict")), "both changed", "theirs is kept");
    is_int(sync_run(&pull, &e, NULL), 0, "and again");
    ok(!file_exists(in_tmp("local/b.cco-conflict-2")), "once");
}

static void looking(void)
{
    const struct sync_run look = {.look = true};
    struct err e = {0};

    sync_fresh();
    write_at("local/a", "a", 1);
    ok(sync_both(), "before a look");
    write_at("remote/b", "b", 1);
    write_at("local/c", "c", 1);
    is_int(sync_run(&look, &e, NULL), 0, "only a look");
    ok(report_is(1, 0, 0, 1, 0, 0), "tells what would be done");
    ok(!file_exists(in_tmp("local/b")) && !file_exists(in_tmp("remote/c")), "and does nothing");
}

/* Contents of all files: what the host had after the last run, and both sides before the next
 * one. */
struct before {
    struct buf old, local, remote;
};

/* Changes both sides at random, and notes their contents. In the first round there is no remote
 * side yet. */
static void change_both(struct chance *c, bool first, struct before *b)
{
    for (unsigned i = chance_below(c, 12); i > 0; i--) {
        random_change(c, "local");
    }
    for (unsigned i = first ? 0 : chance_below(c, 12); i > 0; i--) {
        random_change(c, "remote");
    }
    contents_of("local", &b->local);
    contents_of("remote", &b->remote);
}

/* After a run: returns whether the host has every content that either side had. */
static bool all_kept(struct before *b)
{
    struct buf after;
    bool kept;

    contents_of("local", &after);
    kept =
        nothing_lost(&b->local, &b->old, &after) && nothing_lost(&b->remote, &b->old, &after);
    buf_release(&b->local);
    buf_release(&b->remote);
    buf_release(&b->old);
    b->old = after;
    return kept;
}

/* Random changes on both sides, again and again. */
static void random_trees(void)
{
    unsigned rounds = getenv("CCO_LONG") != NULL ? 400 : 40;
    struct chance c = {42, 0};
    struct before b;
    bool alike = true;
    bool kept = true;
    bool quiet = true;

    sync_fresh();
    buf_init(&b.old, 1 << 22);
    for (unsigned round = 0; round < rounds && alike && kept && quiet; round++) {
        change_both(&c, round == 0, &b);
        alike = sync_both();
        kept = all_kept(&b);
        alike = alike && sync_both() && trees_alike(false);
        quiet = sync_both() && report_is(0, 0, 0, 0, 0, 0) && no_temporaries() &&
                sync_last.report.failed == 0;
        if (!alike || !kept || !quiet) {
            (void)printf("# round %u\n", round);
        }
    }
    buf_release(&b.old);
    ok(alike, "random changes: both are alike in the end");
    ok(kept, "nothing that was written is lost");
    ok(quiet, "and then there is nothing to do");
}

/* Changes, a run that one end does not survive, a run that finishes: as if nothing had been. */
static void killed(bool lead, unsigned rounds)
{
    struct chance c = {lead ? 7 : 8, 0};
    struct before b;
    bool kept = true;
    bool alike = true;
    bool clean = true;
    unsigned cut = 0;

    sync_fresh();
    buf_init(&b.old, 1 << 22);
    for (unsigned round = 0; round < rounds && kept && alike && clean; round++) {
        long calls = 1 + (long)chance_below(&c, 14);
        const struct sync_run run = {.kill_lead = lead ? calls : 0,
                                     .kill_remote = lead ? 0 : calls};
        struct err e = {0};
        int status = 0;

        change_both(&c, round == 0, &b);
        if (sync_run(&run, &e, &status) != 0) {
            cut++;
        }
        alike = sync_both();
        kept = all_kept(&b);
        alike = alike && sync_both() && trees_alike(false);
        clean = no_temporaries();
        if (!kept || !alike || !clean) {
            (void)printf("# round %u, %ld calls\n", round, calls);
        }
    }
    buf_release(&b.old);
    (void)printf("# %u of %u runs were cut\n", cut, rounds);
    ok(cut > rounds / 3, "%s is killed in the middle",
       lead ? "the host's end" : "the remote end");
    ok(kept, "nothing that was written is lost");
    ok(alike, "the next run finishes it");
    ok(clean, "no temporary file is left");
}

static void lost_bases(void)
{
    sync_fresh();
    write_at("local/a", "a", 1);
    write_at("local/b", "b", 1);
    write_at("local/c", "c", 1);
    ok(sync_both(), "before a base is lost");
    remove_at("base");
    (void)unlink(in_tmp("remote/a"));
    write_at("remote/b", "changed there", 2);
    ok(sync_both(), "the host's base is gone");
    is_str(get_file(in_tmp("remote/a")), "a", "nothing is removed for that");
    is_str(get_file(in_tmp("local/b")), "b", "what differs is a conflict");
    is_str(get_file(in_tmp("local/b.cco-conflict")), "changed there", "kept beside");
    ok(sync_both() && trees_alike(false), "then all is as usual");

    remove_at("remote-base");
    (void)unlink(in_tmp("local/a"));
    ok(sync_both(), "the remote side's base is gone");
    is_str(get_file(in_tmp("local/a")), "a", "nothing is removed for that either");

    put_file(in_tmp("base/tree"), "ccosync1 and then nothing that makes sense");
    (void)unlink(in_tmp("local/a"));
    ok(sync_both(), "a damaged base");
    is_str(get_file(in_tmp("local/a")), "a", "is none");
}

/* A volume that is gone, and one that is another: with the base of the old one, if it is
 * on another engine. */
static void lost_trees(void)
{
    sync_fresh();
    write_at("local/a", "a", 1);
    ok(sync_both(), "before a tree is lost");
    remove_at("remote");
    ok(sync_both(), "the remote side is gone");
    is_str(get_file(in_tmp("local/a")), "a", "that removes nothing here");
    is_str(get_file(in_tmp("remote/a")), "a", "and is repaired");
    remove_at("remote");
    dir_at("remote");
    write_at("remote/other", "o", 1);
    ok(sync_both(), "another tree is in its place");
    is_str(get_file(in_tmp("local/a")), "a", "that removes nothing either");
    is_str(get_file(in_tmp("remote/a")), "a", "and both are one then");
    (void)unlink(in_tmp("local/a"));
    (void)unlink(in_tmp("local/other"));
    ok(sync_both(), "the host's tree is empty");
    is_str(get_file(in_tmp("local/a")), "a", "it comes back");
}

/* Cut between the two ends' commits: the remote side has the new base, the host only under its
 * second name. */
static void between_the_commits(void)
{
    sync_fresh();
    write_at("local/a", "a", 1);
    write_at("local/b", "b", 1);
    ok(sync_both(), "a first base");
    ok(rename(in_tmp("base/tree"), in_tmp("base/tree.next")) == 0,
       "it is not in its place yet");
    (void)unlink(in_tmp("remote/a"));
    ok(sync_both(), "the next run finds it");
    ok(!file_exists(in_tmp("local/a")), "and knows that something was removed");
    ok(file_exists(in_tmp("base/tree")) && !file_exists(in_tmp("base/tree.next")),
       "it is in its place");
}

int main(void)
{
    unsigned rounds = getenv("CCO_LONG") != NULL ? 300 : 25;

    sync_start();
    first_and_second();
    conflicts();
    types();
    one_way();
    looking();
    random_trees();
    lost_bases();
    lost_trees();
    between_the_commits();
    killed(true, rounds);
    killed(false, rounds);
    sync_end();
    return done_testing();
}
