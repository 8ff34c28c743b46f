/* SPDX-License-Identifier: MIT */
#include "creds/rewrite.h"

#include "base/limits.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <sys/stat.h>

static struct stat at(const char *name)
{
    struct stat st = {0};

    (void)stat(in_tmp(name), &st);
    return st;
}

int main(void)
{
    struct err e = {0};
    struct stat before;
    struct stat after;

    tmpdir_make();
    put_file(in_tmp("f"), "old text");
    before = at("f");
    ok(rewrite_copy(in_tmp("f"), str_c("a longer new text"), &e) == 0, "rewritten %s", e.text);
    after = at("f");
    is_str(get_file(in_tmp("f")), "a longer new text", "it has the new text");
    ok(before.st_ino == after.st_ino, "in the same file");
    ok(after.st_mtim.tv_sec > before.st_mtim.tv_sec ||
           after.st_mtim.tv_nsec != before.st_mtim.tv_nsec,
       "with another time");
    ok(rewrite_copy(in_tmp("f"), str_c("short"), &e) == 0, "and a shorter one");
    is_str(get_file(in_tmp("f")), "short\n\n\n\n\n\n\n\n\n\n\n\n",
           "blanks stand where the longer one was: no reader sees an end too early");
    (void)!truncate(in_tmp("f"), (off_t)1 << 30);
    ok(rewrite_copy(in_tmp("f"), str_c("{}"), &e) == 0, "what grew without end");
    is_int(at("f").st_size, 2, "is small again");
    ok(rewrite_copy(in_tmp("none"), str_c("{}"), &e) < 0 && e.kind == ERR_NOT_FOUND,
       "a missing one is not made");
    (void)!symlink(in_tmp("f"), in_tmp("link"));
    e = (struct err){0};
    ok(rewrite_copy(in_tmp("link"), str_c("x"), &e) < 0, "a link is not followed");
    is_str(get_file(in_tmp("f")), "{}", "what it leads to stays");
    (void)mkfifo(in_tmp("fifo"), 0600);
    ok(rewrite_copy(in_tmp("fifo"), str_c("x"), &e) < 0, "a fifo is not waited for");
    tmpdir_remove();
    return done_testing();
}
