/* SPDX-License-Identifier: MIT */
/* Runs of both ends: their results, runs that are interrupted on either side, and lost bases.
 * The runs never lose what was written. */
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
    ok(sync_both(), "a first run succeeds");
    ok(trees_alike(true), "the remote side has everything afterwards");
    ok(report_is(4, 0, 0, 0, 0, 0), "the report counts it");
    ok(sync_both() && report_is(0, 0, 0, 0, 0, 0), "a second run has nothing to do");

    write_at("remote/d/b", "beta, changed there", 1700000000);
    write_at("remote/new", "made there", 1700000001);
    (void)unlink(in_tmp("remote/a"));
    write_at("local/zero", "changed here", 1700000002);
    (void)unlink(in_tmp("local/d/link"));
    ok(sync_both(), "a run with changes on both sides succeeds");
    ok(trees_alike(false), "both sides have all changes afterwards");
    ok(report_is(0, 1, 1, 1, 1, 1), "the report counts them");
    is_str(get_file(in_tmp("local/d/b")), "beta, changed there", "a remote change is fetched");
    is_str(get_file(in_tmp("remote/zero")), "changed here", "a local change is pushed");
    ok(!file_exists(in_tmp("local/a")), "a file that was removed remotely is removed locally");
    ok(sync_both() && report_is(0, 0, 0, 0, 0, 0), "the next run has nothing to do");
}

static void conflicts(void)
{
    struct buf a;

    sync_fresh();
    write_at("local/a", "old", 1);
    write_at("local/same", "old", 1);
    write_at("local/mode", "old", 1);
    ok(sync_both(), "a run before the conflicts succeeds");
    write_at("local/a", "ours", 2);
    write_at("remote/a", "their", 3);
    write_at("local/same", "alike!", 2);
    write_at("remote/same", "alike!", 3);
    write_at("local/new", "1", 2);
    write_at("remote/new", "2", 3);
    ok(sync_both(), "a run with conflicts succeeds");
    is_str(get_file(in_tmp("local/a")), "ours", "the local state of a conflict remains");
    is_str(get_file(in_tmp("remote/a")), "ours", "the local state of a conflict is pushed");
    is_str(get_file(in_tmp("local/a.cco-conflict")), "their",
           "the remote state is kept beside it");
    is_str(get_file(in_tmp("local/new.cco-conflict")), "2",
           "the remote state of a new file is kept, too");
    ok(!file_exists(in_tmp("remote/a.cco-conflict")) &&
           !file_exists(in_tmp("local/same.cco-conflict")),
       "it is kept on the host only, and only if it differs");
    is_int((long long)sync_last.report.conflicts, 2, "the report counts two conflicts");
    ok(sync_last.report.kept.count == 2 &&
           strcmp(sync_last.report.kept.v[0], in_tmp("local/a.cco-conflict")) == 0,
       "the report names them");
    ok(sync_both() && sync_last.report.conflicts == 0 && trees_alike(false),
       "the next run has no conflicts and pushes the kept files");
    write_at("local/a", "ours again", 4);
    write_at("remote/a", "theirs again", 5);
    ok(sync_both(), "a run with another conflict of the same file succeeds");
    is_str(get_file(in_tmp("local/a.cco-conflict-2")), "theirs again",
           "its remote state is kept under a name with a number");
    tree_of("local", false, &a);
    ok(!str_contains(buf_str(&a), ".cco-sync."), "no temporary file remains");
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
    ok(sync_both(), "a run before the types change succeeds");
    remove_at("local/d");
    write_at("local/d", "a file now", 2); /* a directory becomes a file, locally */
    remove_at("remote/e");
    (void)symlink("d", in_tmp("remote/e")); /* a directory becomes a link, remotely */
    remove_at("local/f");
    dir_at("local/f");
    write_at("local/f/y", "y", 2); /* a file becomes a directory */
    remove_at("remote/g");
    dir_at("remote/g");
    write_at("remote/g/z", "z", 2);
    ok(sync_both() && trees_alike(false), "types that changed on both sides are synchronized");
    is_str(get_file(in_tmp("remote/f/y")), "y",
           "a new local directory is pushed with its content");
    is_str(get_file(in_tmp("local/g/z")), "z",
           "a new remote directory is fetched with its content");

    remove_at("local/g");
    write_at("local/g", "file", 3);
    write_at("remote/g/z", "changed there", 3);
    dir_at("remote/g/deep");
    write_at("remote/g/deep/er", "new there", 3);
    write_at("local/f/y", "changed here", 3);
    remove_at("remote/f");
    write_at("remote/f", "a file there", 3);
    ok(sync_both(),
       "a run with directories that one side replaced and the other changed succeeds");
    is_str(get_file(in_tmp("local/g")), "file", "the local file remains");
    is_str(get_file(in_tmp("local/g.cco-conflict/z")), "changed there",
           "the content of the remote directory is kept");
    is_str(get_file(in_tmp("local/g.cco-conflict/deep/er")), "new there",
           "also deeper files of it");
    is_str(get_file(in_tmp("remote/g")), "file", "the local file is pushed");
    is_str(get_file(in_tmp("remote/f/y")), "changed here",
           "a local directory is pushed with its content");
    is_str(get_file(in_tmp("local/f.cco-conflict")), "a file there",
           "the remote file is kept beside it");
    ok(sync_both() && trees_alike(false), "the next run makes both sides alike");
}

static void one_way(void)
{
    const struct sync_run push = {.push_only = true};
    const struct sync_run pull = {.pull_only = true};
    struct err e = {0};

    sync_fresh();
    write_at("local/a", "a", 1);
    write_at("local/b", "b", 1);
    is_int(sync_run(&push, &e, NULL), 0, "a run with push only succeeds");
    write_at("remote/a", "changed there", 2);
    write_at("remote/more", "made there", 2);
    (void)unlink(in_tmp("remote/b"));
    is_int(sync_run(&push, &e, NULL), 0, "another one succeeds after remote changes");
    ok(trees_alike(false), "the remote side becomes equal to the local side");
    is_str(get_file(in_tmp("local/a")), "a", "with push only, no remote change is fetched");

    write_at("remote/a", "changed there", 3);
    write_at("remote/more", "made there", 3);
    write_at("local/own", "made here", 3);
    write_at("local/b", "changed here", 3);
    is_int(sync_run(&pull, &e, NULL), 0, "a run with pull only succeeds");
    is_str(get_file(in_tmp("local/a")), "changed there", "a remote change is fetched");
    is_str(get_file(in_tmp("local/more")), "made there", "a new remote file is fetched");
    is_str(get_file(in_tmp("remote/b")), "b", "with pull only, no local change is pushed");
    ok(!file_exists(in_tmp("remote/own")) && file_exists(in_tmp("local/own")),
       "with pull only, no new local file is pushed");
    (void)unlink(in_tmp("remote/a"));
    write_at("remote/b", "both changed", 4);
    is_int(sync_run(&pull, &e, NULL), 0, "another one succeeds");
    ok(!file_exists(in_tmp("local/a")), "a remote deletion is carried out locally");
    is_str(get_file(in_tmp("local/b")), "changed here",
           "the local state of a conflict remains with pull only");
    is_str(get_file(in_tmp("local/b.cco-conflict")), "both changed",
           "the remote state is kept beside it with pull only");
    is_int(sync_run(&pull, &e, NULL), 0, "a third one succeeds");
    ok(!file_exists(in_tmp("local/b.cco-conflict-2")), "the remote state is kept only once");
}

static void looking(void)
{
    const struct sync_run look = {.look = true};
    struct err e = {0};

    sync_fresh();
    write_at("local/a", "a", 1);
    ok(sync_both(), "a run before `look` succeeds");
    write_at("remote/b", "b", 1);
    write_at("local/c", "c", 1);
    is_int(sync_run(&look, &e, NULL), 0, "a run with `look` succeeds");
    ok(report_is(1, 0, 0, 1, 0, 0), "it reports what would be done");
    ok(!file_exists(in_tmp("local/b")) && !file_exists(in_tmp("remote/c")),
       "it changes no file");
}

/* The contents of all files: on the host after the last run, and on both sides before the next
 * run. */
struct before {
    struct buf old, local, remote;
};

/* Makes random changes on both sides and stores their contents. In the first round there is no
 * remote tree yet. */
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

/* Returns true if the host, after a run, has every content that either side had before. */
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

/* Random changes on both sides, in many rounds. */
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
    ok(alike, "after random changes both sides are alike");
    ok(kept, "no content that was written is lost");
    ok(quiet, "another run then has nothing to do");
}

/* In each round: random changes, a run in which one end is killed, and a run that continues it.
 */
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
    ok(cut > rounds / 3, "%s is killed during a run",
       lead ? "the local end" : "the remote end");
    ok(kept, "no content that was written is lost");
    ok(alike, "the next run makes both sides alike again");
    ok(clean, "no temporary file is left behind");
}

static void lost_bases(void)
{
    sync_fresh();
    write_at("local/a", "a", 1);
    write_at("local/b", "b", 1);
    write_at("local/c", "c", 1);
    ok(sync_both(), "a run before a base is lost succeeds");
    remove_at("base");
    (void)unlink(in_tmp("remote/a"));
    write_at("remote/b", "changed there", 2);
    ok(sync_both(), "a run without the local base succeeds");
    is_str(get_file(in_tmp("remote/a")), "a", "no file is removed because of that");
    is_str(get_file(in_tmp("local/b")), "b", "a file that differs is a conflict");
    is_str(get_file(in_tmp("local/b.cco-conflict")), "changed there",
           "its remote state is kept beside it");
    ok(sync_both() && trees_alike(false), "the next run is as usual");

    remove_at("remote-base");
    (void)unlink(in_tmp("local/a"));
    ok(sync_both(), "a run without the remote base succeeds");
    is_str(get_file(in_tmp("local/a")), "a", "no file is removed because of that, either");

    put_file(in_tmp("base/tree"), "ccosync1 and then nothing that makes sense");
    (void)unlink(in_tmp("local/a"));
    ok(sync_both(), "a run with a damaged base succeeds");
    is_str(get_file(in_tmp("local/a")), "a", "a damaged base counts as no base");
}

/* A remote tree that was removed, and a tree that was replaced by another directory, as happens
 * with volumes. The base of the old tree may still exist. */
static void lost_trees(void)
{
    sync_fresh();
    write_at("local/a", "a", 1);
    ok(sync_both(), "a run before a tree is lost succeeds");
    remove_at("remote");
    ok(sync_both(), "a run without the remote tree succeeds");
    is_str(get_file(in_tmp("local/a")), "a", "no local file is removed");
    is_str(get_file(in_tmp("remote/a")), "a", "the remote tree is restored");
    remove_at("remote");
    dir_at("remote");
    write_at("remote/other", "o", 1);
    ok(sync_both(), "a run with another remote tree succeeds");
    is_str(get_file(in_tmp("local/a")), "a", "no local file is removed, either");
    is_str(get_file(in_tmp("remote/a")), "a", "both trees have the files of both");
    remove_at("local");
    dir_at("local");
    ok(sync_both(), "a run with another local tree, which is empty, succeeds");
    is_str(get_file(in_tmp("local/a")), "a", "the local tree is restored");
    ok(sync_both(), "the next run succeeds");
    remove_at("remote/a");
    remove_at("remote/other");
    ok(sync_both(), "a run with an empty remote tree succeeds");
    is_str(get_file(in_tmp("remote/a")), "a", "the remote tree is restored");
}

/* A session makes a file, a run fetches it, and the user removes it before the session ends. */
static void removed_after_it_was_fetched(bool only_file)
{
    sync_fresh();
    if (!only_file) {
        write_at("local/a", "a", 1);
    }
    ok(sync_both(), "a session begins");
    dir_at("remote/d");
    write_at("remote/d/made", "there", 2);
    write_at("remote/made", "there", 2);
    write_at("remote/more", "1", 2);
    ok(sync_both(), "a run fetches what the session made");
    is_str(get_file(in_tmp("local/made")), "there", "the file is here");
    remove_at("local/d");
    remove_at("local/made");
    remove_at("local/more");
    write_at("remote/more", "2", 3);
    ok(sync_both(), "the session ends");
    ok(!file_exists(in_tmp("local/made")) && !file_exists(in_tmp("local/d")),
       "what was removed here stays removed");
    ok(!file_exists(in_tmp("remote/made")) && !file_exists(in_tmp("remote/d")),
       "it is removed there as well");
    is_str(get_file(in_tmp("local/more")), "2", "unless the session has changed it since");
    ok(sync_both() && report_is(0, 0, 0, 0, 0, 0), "the next run has nothing to do");
}

/* A run that was interrupted after the remote end stored the new base, and before the local end
 * renamed its next base. */
static void between_the_commits(void)
{
    sync_fresh();
    write_at("local/a", "a", 1);
    write_at("local/b", "b", 1);
    ok(sync_both(), "a first run stores a base");
    ok(rename(in_tmp("base/tree"), in_tmp("base/tree.next")) == 0,
       "the local base has the name of the next base");
    (void)unlink(in_tmp("remote/a"));
    ok(sync_both(), "the next run succeeds");
    ok(!file_exists(in_tmp("local/a")),
       "it uses that base, so a remote deletion is carried out");
    ok(file_exists(in_tmp("base/tree")) && !file_exists(in_tmp("base/tree.next")),
       "the base has its usual name again");
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
    removed_after_it_was_fetched(false);
    removed_after_it_was_fetched(true);
    between_the_commits();
    killed(true, rounds);
    killed(false, rounds);
    sync_end();
    return done_testing();
}
