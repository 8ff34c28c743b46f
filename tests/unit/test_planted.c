/* SPDX-License-Identifier: MIT */
#include "creds/planted.h"

#include "tap.h"
#include "tmpdir.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

static void removes_what_claude_never_makes(void)
{
    const int64_t start = now_ms();
    size_t removed = 0;
    struct err e = {0};

    (void)mkdir(in_tmp("t"), 0700);
    (void)mkdir(in_tmp("t/memory"), 0700);
    (void)mkdir(in_tmp("t/memory/deep"), 0700);
    put_file(in_tmp("t/id.jsonl"), "text");
    put_file(in_tmp("secret"), "secret");
    put_file(in_tmp("t/memory/deep/a"), "a");
    (void)symlink("../../secret", in_tmp("t/memory/MEMORY.md"));
    (void)symlink("../secret", in_tmp("t/link.jsonl"));
    (void)mkfifo(in_tmp("t/memory/deep/fifo"), 0600);
    (void)symlink(in_tmp("secret"), in_tmp("t/memory/deep/link"));
    (void)chmod(in_tmp("t/memory/deep"), 0);
    is_int(planted_remove(in_tmp("t"), start, &removed, &e), 0, "the directory is cleaned");
    is_int((int64_t)removed, 4, "each link and fifo is counted");
    ok(!exists(in_tmp("t/memory/MEMORY.md")) && !exists(in_tmp("t/link.jsonl")) &&
           !exists(in_tmp("t/memory/deep/fifo")) && !exists(in_tmp("t/memory/deep/link")),
       "links and fifos are removed, also from a directory that the session has closed");
    ok(exists(in_tmp("t/id.jsonl")) && exists(in_tmp("t/memory/deep/a")) &&
           exists(in_tmp("secret")),
       "files stay, and so do the objects to which links led");
}

static void keeps_the_users_own_links(void)
{
    size_t removed = 0;
    struct err e = {0};

    (void)symlink("../secret", in_tmp("t/own"));
    is_int(planted_remove(in_tmp("t"), now_ms() + 60000, &removed, &e), 0,
           "a directory with an older link is cleaned");
    ok(removed == 0 && exists(in_tmp("t/own")), "a link that is older than the session stays");
}

static void does_not_follow_a_link(void)
{
    size_t removed = 0;
    struct err e = {0};

    (void)symlink("t", in_tmp("other"));
    is_int(planted_remove(in_tmp("other"), 0, &removed, &e), 0,
           "a link in place of the directory is no error");
    ok(removed == 0 && exists(in_tmp("t/own")),
       "a link in place of the directory is not followed");
    is_int(planted_remove(in_tmp("missing"), 0, &removed, &e), 0,
           "a missing directory is no error");
}

static void reports_what_is_too_deep(void)
{
    size_t removed = 0;
    struct err e = {0};
    char path[256] = "d";

    for (size_t i = 0; i < 40; i++) {
        (void)mkdir(in_tmp(path), 0700);
        path[1 + i * 2] = '/';
        path[2 + i * 2] = 'd';
    }
    is_int(planted_remove(in_tmp("d"), 0, &removed, &e), -1,
           "a tree that is too deep is reported");
    ok(e.text[0] != '\0', "the error says what could not be examined");
}

int main(void)
{
    removes_what_claude_never_makes();
    keeps_the_users_own_links();
    does_not_follow_a_link();
    reports_what_is_too_deep();
    tmpdir_remove();
    return done_testing();
}
