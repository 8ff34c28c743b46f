/* SPDX-License-Identifier: MIT */
#include "session/resume.h"

#include "creds/journal.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST "11111111-1111-4111-8111-111111111111"
#define SECOND "22222222-2222-4222-8222-22222222222a"

static struct arena a;

/* Makes a conversation whose last change was at this time. */
static void put(const char *name, time_t at)
{
    const struct timespec times[2] = {{.tv_sec = at}, {.tv_sec = at}};
    const char *path = in_tmp(arena_printf(&a, "t/%s", name));

    put_file(path, "{}\n");
    (void)utimensat(AT_FDCWD, path, times, 0);
}

static const char *found(bool converses, int64_t started_ms)
{
    struct journal j = {.project = "/p",
                        .data_dir = "/d",
                        .transcripts = arena_strdup(&a, in_tmp("t")),
                        .started_ms = started_ms,
                        .converses = converses};
    struct err e = {0};

    if (journal_write(arena_strdup(&a, in_tmp("s")), &j, &e) < 0) {
        (void)printf("# %s\n", e.text);
    }
    return resume_find(arena_strdup(&a, in_tmp("s")), &a);
}

static void ids(void)
{
    static const char *const wrong[] = {
        "",
        "11111111-1111-4111-8111-11111111111",
        "11111111-1111-4111-8111-1111111111111",
        "11111111-1111-4111-8111-11111111111A",
        "11111111-1111-4111-8111-1111111111;x",
        "111111111111-4111-8111-1111-11111111",
        "11111111-1111-4111-8111-11111111111\n",
    };

    ok(resume_is_id(str_c(FIRST)) && resume_is_id(str_c(SECOND)), "a UUID is an id");
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ok(!resume_is_id(str_c(wrong[i])), "this is not an id: %zu", i);
    }
}

static void newest_conversation_is_found(void)
{
    put(FIRST ".jsonl", 2000);
    put(SECOND ".jsonl", 3000);
    is_str(found(true, 1000000), SECOND, "the conversation that was written last is found");
    is_str(found(true, 3000000), SECOND, "also if it was written when the session started");
    put(FIRST ".jsonl", 4000);
    is_str(found(true, 1000000), FIRST, "its time decides, not its name");
    ok(found(true, 4000001) == NULL, "a conversation older than the session is not its own");
    ok(found(false, 1000000) == NULL, "a session without claude's screen has none");
    ok(found(true, 0) == NULL, "without the time of the start none is found");
}

static void only_conversations_count(void)
{
    put("agent-0001.jsonl", 5000);
    put("33333333-3333-4333-8333-333333333333.json", 5000);
    put("x;33333333-3333-4333-8333-333333333333.jsonl", 5000);
    (void)mkdir(in_tmp("t/44444444-4444-4444-8444-444444444444.jsonl"), 0700);
    (void)symlink("x", in_tmp("t/55555555-5555-4555-8555-555555555555.jsonl"));
    is_str(found(true, 1000000), FIRST, "other names, directories and links do not count");
    (void)rename(in_tmp("t"), in_tmp("u"));
    ok(found(true, 1000000) == NULL, "a missing directory has no conversation");
    (void)symlink("u", in_tmp("t"));
    ok(found(true, 1000000) == NULL, "a link in place of the directory is not followed");
    ok(resume_find(arena_strdup(&a, in_tmp("missing")), &a) == NULL,
       "a session without a journal has none");
}

int main(void)
{
    tmpdir_make();
    (void)mkdir(in_tmp("t"), 0700);
    (void)mkdir(in_tmp("s"), 0700);
    ids();
    newest_conversation_is_found();
    only_conversations_count();
    arena_release(&a);
    tmpdir_remove();
    return done_testing();
}
