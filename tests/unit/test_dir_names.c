/* SPDX-License-Identifier: MIT */
#include "base/dir_names.h"

#include "base/arena.h"
#include "tap.h"
#include "tmpdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* More names than one chunk holds. */
enum { MANY = 3000 };

static struct arena arena;
static char chunk[DIR_NAMES_CHUNK] __attribute__((aligned(16)));

static void test_every_name_is_returned_once(void)
{
    static bool seen[MANY];
    struct dir_names d = {.chunk = chunk};
    const struct dirent *entry;
    int count = 0;
    int wrong = 0;

    for (int i = 0; i < MANY; i++) {
        put_file(in_tmp(arena_printf(&arena, "a-name-with-more-bytes-%d", i)), "");
    }
    d.fd = open(in_tmp("."), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while ((entry = dir_names_next(&d)) != NULL) {
        int i = -1;

        wrong += sscanf(entry->d_name, "a-name-with-more-bytes-%d", &i) == 1 && i >= 0 &&
                         i < MANY && !seen[i]
                     ? 0
                     : 1;
        if (i >= 0 && i < MANY) {
            seen[i] = true;
        }
        count++;
    }
    is_int(count, MANY, "as many names as the directory has, without . and ..");
    is_int(wrong, 0, "each of them once");
    is_int(d.error, 0, "the end is not an error");
    ok(dir_names_next(&d) == NULL && d.error == 0, "the end stays the end");
    (void)close(d.fd);
}

static void test_names_with_dots_are_names(void)
{
    struct dir_names d = {.chunk = chunk};
    const struct dirent *entry;
    int count = 0;

    (void)mkdir(in_tmp("dots"), 0700);
    put_file(in_tmp("dots/..."), "");
    put_file(in_tmp("dots/.a"), "");
    put_file(in_tmp("dots/..a"), "");
    d.fd = open(in_tmp("dots"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while ((entry = dir_names_next(&d)) != NULL) {
        count += entry->d_type == DT_REG ? 1 : 100;
    }
    is_int(count, 3, "only . and .. are left out");
    (void)close(d.fd);
}

static void test_error_is_kept(void)
{
    struct dir_names d = {.chunk = chunk};

    put_file(in_tmp("file"), "");
    d.fd = open(in_tmp("file"), O_RDONLY | O_CLOEXEC);
    ok(dir_names_next(&d) == NULL && d.error == ENOTDIR, "a file has no names");
    (void)close(d.fd);
}

int main(void)
{
    tmpdir_make();
    test_every_name_is_returned_once();
    test_names_with_dots_are_names();
    test_error_is_kept();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
