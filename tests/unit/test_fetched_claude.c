/* SPDX-License-Identifier: MIT */
#include "host/fetched_claude.h"

#include "base/file.h"
#include "base/path.h"
#include "tap.h"
#include "tmpdir.h"

#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static const char *dir;

static void add(const char *version, mode_t mode)
{
    struct err e = {0};
    const char *to = path_join(&arena, dir, version);

    if (file_mkdirs(to, 0700, &e) < 0 ||
        file_write_atomic(path_join(&arena, to, FETCHED_CLAUDE), str_c("x"), mode, &e) < 0) {
        (void)ok(false, "%s", e.text);
    }
}

static void name_current(const char *version)
{
    put_file(path_join(&arena, dir, FETCHED_CURRENT), version);
}

static const char *chosen(const char *pinned)
{
    return fetched_claude_choose(dir, pinned, &arena);
}

int main(void)
{
    struct facts f = {.data_dir = tmpdir};
    struct strv all = {0};

    tmpdir_make();
    dir = fetched_claude_dir(&f, &arena);
    is_str(chosen(NULL), NULL, "without the directory there is no version");
    add("2.1.9", 0700);
    add("2.1.10", 0700);
    add("2.1.11", 0600);
    add("..2.1.12", 0700);
    ok(mkdir(path_join(&arena, dir, "3.0.0"), 0700) == 0 &&
           symlink("2.1.9", path_join(&arena, dir, "4.0.0")) == 0,
       "incomplete versions are there");
    fetched_claude_list(dir, &arena, &all);
    is_int((long long)all.count, 2, "only complete versions are listed");
    is_str(all.v[0], "2.1.10", "the newest is the first");
    is_str(chosen(NULL), "2.1.10", "if none is named the newest is chosen");
    is_str(chosen("2.1.9"), "2.1.9", "a pinned version is chosen");
    is_str(chosen("2.1.11"), NULL, "a pinned version that is not there is missing");
    name_current("2.1.9\n");
    is_str(chosen(NULL), "2.1.9", "the named version is chosen");
    name_current("../claude-code/2.1.9\n");
    is_str(chosen(NULL), "2.1.10", "a path is not a version");
    name_current("3.0.0");
    is_str(chosen(NULL), "2.1.10", "an incomplete version is not chosen");
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
