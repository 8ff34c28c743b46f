/* SPDX-License-Identifier: MIT */
/* Runs that are cut short, on either side and anywhere, and bases that are lost: nothing is lost with them. */
#include "sync/lead.h"

#include "sync_random.h"
#include "tap.h"

static void clear(void)
{
    remove_at("here");
    remove_at("remote");
    remove_at("base");
    remove_at("remote-base");
}

/* Changes, a run that one end does not survive, a run that finishes: as if nothing had been. */
static void killed(bool lead, unsigned rounds)
{
    struct chance c = {lead ? 7 : 8, 0};
    struct buf old;
    bool kept = true;
    bool alike = true;
    bool clean = true;
    unsigned cut = 0;

    dir_at("here");
    buf_init(&old, 1 << 22);
    for (unsigned round = 0; round < rounds && kept && alike && clean; round++) {
        long calls = 1 + (long)chance_below(&c, 14);
        const struct sync_run run = {.kill_lead = lead ? calls : 0,
                                     .kill_remote = lead ? 0 : calls};
        struct err e = {0};
        struct buf here;
        struct buf remote;
        struct buf after;
        int status = 0;

        for (unsigned i = chance_below(&c, 12); i > 0; i--) {
            random_change(&c, "here");
        }
        for (unsigned i = round == 0 ? 0 : chance_below(&c, 12); i > 0; i--) {
            random_change(&c, "remote");
        }
        contents_of("here", &here);
        contents_of("remote", &remote);
        if (sync_run(&run, &e, &status) != 0) {
            cut++;
        }
        alike = sync_both();
        contents_of("here", &after);
        kept = nothing_lost(&here, &old, &after) && nothing_lost(&remote, &old, &after);
        alike = alike && sync_both() && trees_alike(false);
        clean = no_temporaries();
        if (!kept || !alike || !clean) {
            (void)printf("# round %u, %ld calls\n", round, calls);
        }
        buf_release(&here);
        buf_release(&remote);
        buf_release(&old);
        old = after;
    }
    buf_release(&old);
    (void)printf("# %u of %u runs were cut\n", cut, rounds);
    ok(cut > rounds / 3, "%s is killed in the middle",
       lead ? "the host's end" : "the remote end");
    ok(kept, "nothing that was written is lost");
    ok(alike, "the next run finishes it");
    ok(clean, "no temporary file is left");
    clear();
}

static void lost_bases(void)
{
    dir_at("here");
    write_at("here/a", "a", 1);
    write_at("here/b", "b", 1);
    write_at("here/c", "c", 1);
    ok(sync_both(), "before a base is lost");
    remove_at("base");
    (void)unlink(in_tmp("remote/a"));
    write_at("remote/b", "changed there", 2);
    ok(sync_both(), "the host's base is gone");
    is_str(get_file(in_tmp("remote/a")), "a", "nothing is removed for that");
    is_str(get_file(in_tmp("here/b")), "b", "what differs is a conflict");
    is_str(get_file(in_tmp("here/b.cco-conflict")), "changed there", "kept beside");
    ok(sync_both() && trees_alike(false), "then all is as usual");

    remove_at("remote-base");
    (void)unlink(in_tmp("here/a"));
    ok(sync_both(), "the remote side's base is gone");
    is_str(get_file(in_tmp("here/a")), "a", "nothing is removed for that either");

    put_file(in_tmp("base/tree"), "ccosync1 and then nothing that makes sense");
    (void)unlink(in_tmp("here/a"));
    ok(sync_both(), "a damaged base");
    is_str(get_file(in_tmp("here/a")), "a", "is none");
    clear();
}

/* A volume that is gone, and one that is another: with the base of the old one, if it is elsewhere. */
static void lost_trees(void)
{
    dir_at("here");
    write_at("here/a", "a", 1);
    ok(sync_both(), "before a tree is lost");
    remove_at("remote");
    ok(sync_both(), "the remote side is gone");
    is_str(get_file(in_tmp("here/a")), "a", "that removes nothing here");
    is_str(get_file(in_tmp("remote/a")), "a", "and is mended");
    remove_at("remote");
    dir_at("remote");
    write_at("remote/other", "o", 1);
    ok(sync_both(), "another tree is in its place");
    is_str(get_file(in_tmp("here/a")), "a", "that removes nothing either");
    is_str(get_file(in_tmp("remote/a")), "a", "and both are one then");
    (void)unlink(in_tmp("here/a"));
    (void)unlink(in_tmp("here/other"));
    ok(sync_both(), "the host's tree is empty");
    is_str(get_file(in_tmp("here/a")), "a", "it comes back");
    clear();
}

/* Cut between the two ends' commits: the remote side has the new base, the host only under its second name. */
static void between_the_commits(void)
{
    dir_at("here");
    write_at("here/a", "a", 1);
    write_at("here/b", "b", 1);
    ok(sync_both(), "a first base");
    ok(rename(in_tmp("base/tree"), in_tmp("base/tree.next")) == 0,
       "it is not in its place yet");
    (void)unlink(in_tmp("remote/a"));
    ok(sync_both(), "the next run finds it");
    ok(!file_exists(in_tmp("here/a")), "and knows that something was removed");
    ok(file_exists(in_tmp("base/tree")) && !file_exists(in_tmp("base/tree.next")),
       "it is in its place");
    clear();
}

int main(void)
{
    unsigned rounds = getenv("CCO_LONG") != NULL ? 300 : 25;

    sync_start();
    lost_bases();
    lost_trees();
    between_the_commits();
    killed(true, rounds);
    killed(false, rounds);
    sync_end();
    return done_testing();
}
