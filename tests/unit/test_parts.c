/* SPDX-License-Identifier: MIT */
#include "creds/parts.h"

#include "tap.h"
#include "tmpdir.h"

#include <sys/stat.h>

#define MINE "11111111-1111-4111-8111-111111111111"
#define THEIRS "22222222-2222-4222-8222-222222222222"

static struct parts parts = {.project = "/srv/app"};

static void exchange(const char *what)
{
    struct err e = {0};

    ok(parts_exchange(&parts, &e) == 0, "%s %s", what, e.text);
}

static void make(const char *const *dirs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)mkdir(in_tmp(dirs[i]), 0700);
    }
}

static void from_the_host(void)
{
    put_file(in_tmp("host/projects/" MINE ".jsonl"), "{\"slug\":\"a-plan\",\"x\":1}\n");
    put_file(in_tmp("host/file-history/" MINE "/x@v1"), "mine");
    put_file(in_tmp("host/file-history/" THEIRS "/x@v1"), "theirs");
    put_file(in_tmp("host/todos/" MINE "-agent-" MINE ".json"), "mine");
    put_file(in_tmp("host/todos/" THEIRS "-agent-" MINE ".json"), "theirs");
    put_file(in_tmp("host/plans/a-plan.md"), "mine");
    put_file(in_tmp("host/plans/a-plan-agent-1.md"), "mine");
    put_file(in_tmp("host/plans/a-plan-b.md"), "theirs");
    exchange("parts come from the host");
    is_str(get_file(in_tmp("own/file-history/" MINE "/x@v1")), "mine", "file history");
    is_str(get_file(in_tmp("own/todos/" MINE "-agent-" MINE ".json")), "mine", "to-dos");
    is_str(get_file(in_tmp("own/plans/a-plan.md")), "mine", "plans");
    is_str(get_file(in_tmp("own/plans/a-plan-agent-1.md")), "mine", "plans of agents");
    ok(!file_exists(in_tmp("own/file-history/" THEIRS)) &&
           !file_exists(in_tmp("own/todos/" THEIRS "-agent-" MINE ".json")) &&
           !file_exists(in_tmp("own/plans/a-plan-b.md")),
       "nothing of other conversations");
}

/* Returns when files that are written get a later time than those of before. */
static void pass_a_tick(void)
{
    struct stat was;
    struct stat is;

    put_file(in_tmp("tick"), "");
    (void)stat(in_tmp("tick"), &was);
    do {
        put_file(in_tmp("tick"), "");
        (void)stat(in_tmp("tick"), &is);
    } while (is.st_mtim.tv_sec == was.st_mtim.tv_sec &&
             is.st_mtim.tv_nsec == was.st_mtim.tv_nsec);
}

static void to_the_host(void)
{
    pass_a_tick();
    (void)mkdir(in_tmp("own/tasks"), 0700);
    (void)mkdir(in_tmp("own/tasks/" MINE), 0700);
    (void)mkdir(in_tmp("own/file-history/" THEIRS), 0700);
    put_file(in_tmp("own/tasks/" MINE "/1.json"), "new");
    put_file(in_tmp("own/file-history/" THEIRS "/x@v1"), "evil");
    put_file(in_tmp("own/plans/a-plan-b.md"), "evil");
    put_file(in_tmp("own/settings.json"), "evil");
    exchange("parts go to the host");
    is_str(get_file(in_tmp("host/tasks/" MINE "/1.json")), "new", "a directory is made");
    is_str(get_file(in_tmp("host/file-history/" THEIRS "/x@v1")), "theirs",
           "other conversations stay");
    is_str(get_file(in_tmp("host/plans/a-plan-b.md")), "theirs", "other plans stay");
    ok(!file_exists(in_tmp("host/settings.json")), "no other entry is made");
    (void)unlink(in_tmp("host/file-history/" MINE "/x@v1"));
    put_file(in_tmp("own/tasks/" MINE "/1.json"), "newer");
    exchange("a second exchange");
    ok(!file_exists(in_tmp("host/file-history/" MINE "/x@v1")),
       "a file that was deleted on the host does not return");
    is_str(get_file(in_tmp("host/tasks/" MINE "/1.json")), "newer",
           "a changed file goes again");
}

static void links(void)
{
    (void)mkdir(in_tmp("secret"), 0700);
    (void)file_remove_tree(in_tmp("own/tasks/" MINE), &(struct err){0});
    (void)symlink(in_tmp("secret"), in_tmp("own/tasks/" MINE));
    put_file(in_tmp("host/tasks/" MINE "/2.json"), "two");
    exchange("a planted link");
    ok(!file_exists(in_tmp("secret/2.json")), "is not followed");
    (void)file_remove_tree(in_tmp("host/tasks"), &(struct err){0});
    (void)symlink(in_tmp("secret"), in_tmp("host/tasks"));
    (void)unlink(in_tmp("own/tasks/" MINE));
    (void)mkdir(in_tmp("own/tasks/" MINE), 0700);
    put_file(in_tmp("own/tasks/" MINE "/3.json"), "three");
    exchange("a link of the host");
    ok(!file_exists(in_tmp("secret/" MINE)), "is not followed");
}

static void guessed_plans(void)
{
    enum { GUESSES = 600 };
    size_t hits = 0;

    for (int i = 0; i < GUESSES; i++) {
        char path[200];
        char text[200];

        (void)snprintf(path, sizeof(path), "host/projects/33333333-3333-4333-8333-%012d.jsonl",
                       i);
        (void)snprintf(text, sizeof(text), "{\"slug\":\"guess-%d\"}\n", i);
        put_file(in_tmp(path), text);
        (void)snprintf(path, sizeof(path), "host/plans/guess-%d.md", i);
        put_file(in_tmp(path), "theirs");
    }
    exchange("plans whose names were guessed");
    for (int i = 0; i < GUESSES; i++) {
        char path[200];

        (void)snprintf(path, sizeof(path), "own/plans/guess-%d.md", i);
        hits += file_exists(in_tmp(path)) ? 1U : 0U;
    }
    ok(hits <= 500, "only the newest conversations are asked for their plans");
}

int main(void)
{
    static const char *const dirs[] = {"host",
                                       "host/projects",
                                       "host/file-history",
                                       "host/file-history/" MINE,
                                       "host/file-history/" THEIRS,
                                       "host/todos",
                                       "host/plans",
                                       "own",
                                       "own/file-history",
                                       "own/todos",
                                       "own/plans"};
    char paths[3][128];

    tmpdir_make();
    (void)snprintf(paths[0], sizeof(paths[0]), "%s/host/projects", tmpdir);
    (void)snprintf(paths[1], sizeof(paths[1]), "%s/host", tmpdir);
    (void)snprintf(paths[2], sizeof(paths[2]), "%s/own", tmpdir);
    parts.transcripts = paths[0];
    parts.claude_dir = paths[1];
    parts.own = paths[2];
    exchange("without directories there is nothing to exchange");
    make(dirs, sizeof(dirs) / sizeof(dirs[0]));
    from_the_host();
    to_the_host();
    links();
    guessed_plans();
    tmpdir_remove();
    return done_testing();
}
