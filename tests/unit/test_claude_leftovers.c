/* SPDX-License-Identifier: MIT */
#include "session/claude_leftovers.h"

#include "base/file.h"
#include "tap.h"
#include "tmpdir.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOW_S = 1000000, OLD_S = NOW_S - 100 };

static struct arena arena;

static void age(const char *path, long at)
{
    const struct timespec times[2] = {{.tv_sec = at}, {.tv_sec = at}};

    ok(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) == 0, "%s has its age", path);
}

int main(void)
{
    struct strv paths = {0};

    tmpdir_make();
    put_file(in_tmp(".download-2.1.0.tgz"), "x");
    age(in_tmp(".download-2.1.0.tgz"), OLD_S);
    put_file(in_tmp(".download-2.1.1.tgz"), "x");
    age(in_tmp(".download-2.1.1.tgz"), NOW_S);
    ok(mkdir(in_tmp(".unpacked-2.1.0"), 0700) == 0, "a half unpacked version is there");
    put_file(in_tmp(".unpacked-2.1.0/claude"), "x");
    age(in_tmp(".unpacked-2.1.0"), OLD_S);
    ok(mkdir(in_tmp("2.1.0"), 0700) == 0, "a version is there");
    age(in_tmp("2.1.0"), OLD_S);
    claude_leftovers(tmpdir, NOW_S - 50, false, &arena, &paths);
    is_int((long long)paths.count, 2, "old leftovers are found");
    ok(file_exists(in_tmp(".unpacked-2.1.0/claude")), "they are not removed yet");
    paths = (struct strv){0};
    claude_leftovers(tmpdir, NOW_S - 50, true, &arena, &paths);
    is_int((long long)paths.count, 2, "old leftovers are removed");
    ok(!file_exists(in_tmp(".unpacked-2.1.0")) && !file_exists(in_tmp(".download-2.1.0.tgz")),
       "they are gone");
    ok(file_exists(in_tmp(".download-2.1.1.tgz")) && file_exists(in_tmp("2.1.0")),
       "a younger download and a version stay");
    claude_leftovers(in_tmp("missing"), NOW_S, true, &arena, &paths);
    is_int((long long)paths.count, 2, "a missing directory has none");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
