/* SPDX-License-Identifier: MIT */
/* Tests the mount table. test_tree.c tests mounts. */
#include "native/mounted.h"

#include "tap.h"

#include <sys/mount.h>

static struct arena arena;

static void a_table_is_parsed(void)
{
    static const char table[] =
        "21 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        "22 21 0:5 / /new rw - tmpfs tmpfs rw\n"
        "23 22 254:0 /usr /new/usr ro,nosuid,nodev,noexec,noatime,nodiratime shared:1 - ext4 "
        "/dev/vda rw\n"
        "24 22 0:6 / /new/a\\040b\\011c\\134d rw,nosymfollow - tmpfs tmpfs rw\n"
        "25 21 0:7 / /newer rw - tmpfs tmpfs rw\n"
        "26 22 0:8 / /new/usr rw,nosuid - tmpfs tmpfs rw\n";
    struct mounted *m = NULL;
    size_t count = 0;
    struct err e = {0};

    is_int(mounted_below(str_c(table), "/new", &arena, &m, &count, &e), 0, "a table is parsed");
    is_int((long long)count, 3, "only mounts at the path and below it are found");
    is_str(m[0].path, "/new", "the first mount is at the path itself");
    is_int((long long)m[0].flags, 0, "it has no flags");
    ok(strcmp(m[1].path, "/new/usr") == 0 && m[1].flags == MS_NOSUID,
       "of two mounts at one path, the later one counts");
    is_str(m[2].path, "/new/a b\tc\\d", "escapes in a path are replaced");
    is_int((long long)m[2].flags, 256,
           "the flag nosymfollow, which libc does not know, is parsed");
    is_int(mounted_below(str_c(table), "/new/usr", &arena, &m, &count, &e), 0,
           "another path can be searched");
    is_int((long long)count, 1, "it has one mount");
    is_int(mounted_below(str_c(""), "/new", &arena, &m, &count, &e), 0,
           "an empty table is parsed");
    is_int((long long)count, 0, "it has no mounts");
}

static void invalid_lines_are_refused(void)
{
    static const char *const bad[] = {"x\n",          "1 2 3 4\n",
                                      "1 2 3 4 5\n",  "1 2 3 4 relative rw\n",
                                      "1 2 3 4 /p\n", "1 2 3 4 /p \n"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct mounted *m = NULL;
        size_t count = 0;
        struct err e = {0};

        ok(mounted_below(str_c(bad[i]), "/", &arena, &m, &count, &e) < 0 &&
               e.kind == ERR_FORMAT,
           "a line of another form is refused: %s", e.text);
    }
}

static void only_mounts_can_be_restricted(void)
{
    struct err e = {0};

    ok(mounted_restrict("/nowhere/at/all", MS_RDONLY, &e) < 0 && e.kind == ERR_NOT_FOUND,
       "a path that is not a mountpoint is an error: %s", e.text);
}

static void only_octal_bytes_are_unescaped(void)
{
    is_str(mounted_unescape(str_c("\\377\\001\\040"), &arena), "\xff\x01 ",
           "a backslash and three octal digits are a byte");
    is_str(mounted_unescape(str_c("\\400\\08x\\04"), &arena), "\\400\\08x\\04",
           "other backslashes are copied");
}

int main(void)
{
    only_octal_bytes_are_unescaped();
    a_table_is_parsed();
    invalid_lines_are_refused();
    only_mounts_can_be_restricted();
    arena_release(&arena);
    return done_testing();
}
